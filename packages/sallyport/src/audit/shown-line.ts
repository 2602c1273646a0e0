import { type JournalLine, visibleJson } from '@sallyport/audit';
import { recordLine } from './record-line.ts';

/**
 * How `tail` and `search` write a line.
 *
 * @param json as it stands in the journal; what the journal says itself under `journal`, so that nobody takes it for a record
 */
export function shownLine(line: JournalLine, { json, several }: { json: boolean; several: boolean }): string {
  if (!json) return recordLine(line, several);
  return visibleJson(line.kind === 'entry' ? `{"journal":${line.json}}` : line.json);
}
