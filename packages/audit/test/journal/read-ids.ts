import { valueText } from '../../src/journal/entry.ts';
import { NODE_FS } from '../../src/journal/journal-fs.ts';
import { walkRecords } from '../../src/journal/walk-records.ts';

/** The ids of all records in a journal, in order; the journal's own entries as `#type`. */
export async function readIds(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const walked of walkRecords(NODE_FS, folder)) {
    if (walked.kind === 'start') continue;
    const value = JSON.parse(valueText(walked.body, walked.link)) as { id: string; type: string };
    found.push(walked.link.member === 'record' ? value.id : `#${value.type}`);
  }
  return found;
}
