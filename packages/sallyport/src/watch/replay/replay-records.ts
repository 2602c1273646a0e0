import type { Lookout, RaisedAlert } from '@sallyport/anomaly';
import type { JournalLine } from '@sallyport/audit';
import { ReplayReport } from './replay-report.ts';

/** More waiting groups than a triage can hold. */
const MOST_DUE = 100_000;

/**
 * Has a lookout observe records as they come, as if it were then, and gathers what it would have told.
 *
 * @param since what is before is learned from, and not reported; milliseconds since the epoch
 */
export async function replayRecords(
  lines: AsyncIterable<JournalLine>,
  lookout: Pick<Lookout, 'observe' | 'due' | 'nextDue'>,
  since: number = -Infinity,
): Promise<ReplayReport> {
  const report = new ReplayReport();
  for await (const line of lines) {
    if (line.kind !== 'record') continue;
    const { record, journal, time } = line;
    // Notices that were waiting when this one was written.
    if ((lookout.nextDue ?? Infinity) <= time) report.notices += lookout.due(time).length;
    const raised: readonly RaisedAlert[] = lookout.observe(record, journal);
    if (time < since) {
      report.learned += 1;
      continue;
    }
    report.saw(record, time);
    for (const one of raised) if (one.fate !== 'old') report.raised(one);
  }
  for (let left = MOST_DUE; lookout.nextDue !== undefined && left > 0; left -= 1)
    report.notices += lookout.due(lookout.nextDue).length;
  return report;
}
