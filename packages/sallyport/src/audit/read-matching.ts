import { type JournalLine, readJournals, visible } from '@sallyport/audit';
import { complain } from '../complain.ts';
import { isOneTerminal } from '../redact/is-one-terminal.ts';
import { Progress } from '../redact/progress.ts';
import { aroundText, openJournals } from './open-journals.ts';
import { ProblemLog } from './problem-log.ts';
import { type QueryOptions, recordQuery } from './record-query.ts';

/** What was read of a folder, and how. */
export interface Reading {
  readonly lines: AsyncGenerator<JournalLine, void, undefined>;
  /** Whether they come from more than one journal. */
  readonly several: boolean;
  /** Of what could not be read; complete only at the end. */
  readonly problems: ProblemLog;
}

/**
 * The records of a folder that match, by their times, while a bar on standard error shows how far it is.
 *
 * @param toTerminal whether what is read is written to standard output, where a bar may stand in its middle
 * @throws BadInput
 */
export async function readMatching(
  folder: string,
  query: QueryOptions,
  toTerminal: boolean,
): Promise<Reading> {
  const { range, matches, mayMatch } = recordQuery(query, Date.now());
  const { journals, closed, around } = await openJournals(folder);
  for (const name of around) complain(aroundText(name));
  const problems = new ProblemLog();
  for (const each of closed) problems.closed(each);
  const bar = !toTerminal || !isOneTerminal(process.stdout, process.stderr);
  const progress = new Progress(bar ? process.stderr : undefined);
  const lines = readJournals(journals, {
    ...range,
    mayMatch,
    onProblem: problems.add,
    onProgress: (done, total) => progress.show(visible(folder), done, total),
  });
  return { lines: matching(lines, matches, progress), several: journals.length > 1, problems };
}

async function* matching(
  lines: AsyncGenerator<JournalLine, void, undefined>,
  matches: (line: JournalLine) => boolean,
  progress: Progress,
): AsyncGenerator<JournalLine, void, undefined> {
  try {
    for await (const line of lines) if (matches(line)) yield line;
  } finally {
    progress.clear();
  }
}
