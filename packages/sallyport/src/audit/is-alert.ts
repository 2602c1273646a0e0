import { classify, type JournalLine } from '@sallyport/audit';

/** OCSF's "medium". */
const MEDIUM = 3;

/**
 * Whether a record tells of something wrong: what the SIEM formats give the severity "medium" or more, which are refusals
 * other than slips and limits, and events of failures; and a journal that was torn, lost records, or could not be written for a while.
 */
export function isAlert(line: JournalLine): boolean {
  if (line.kind === 'record') return classify(line.record).severity >= MEDIUM;
  const { entry } = line;
  return entry.type === 'recovered' || entry.type === 'dropped' || (entry.type === 'open' && entry.torn > 0);
}
