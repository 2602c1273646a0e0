import { NODE_FS } from '../journal/journal-fs.ts';
import type { FoundJournal } from './find-journals.ts';
import type { JournalLine } from './journal-line.ts';
import { mergeByTime } from './merge-by-time.ts';
import { planScan, type ScanPlan, type TimeRange } from './plan-scan.ts';
import { scanJournal, type ScanOptions } from './scan-journal.ts';

/** The range leaves out whole segments only: a record outside of it may come all the same. */
export interface ReadOptions extends TimeRange, Omit<ScanOptions, 'journal' | 'onBytes'> {
  /** Told from time to time, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The records of some journals by their times: see `scanJournal`. */
export async function* readJournals(
  journals: readonly FoundJournal[],
  { since, until, onProgress, fs = NODE_FS, ...scan }: ReadOptions = {},
): AsyncGenerator<JournalLine, void, undefined> {
  const plans: (ScanPlan & { readonly journal: string })[] = [];
  for (const { name, folder } of journals)
    plans.push({ ...(await planScan(folder, { since, until }, fs)), journal: name });
  const total = plans.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress?.(done, total);
  };
  yield* mergeByTime(
    plans.map((plan) => ({
      begun: plan.begun,
      open: () => scanJournal(plan, { ...scan, fs, journal: plan.journal, onBytes }),
    })),
  );
}
