import {
  type FoundJournal,
  headedSegments,
  type InclusionProof,
  prove,
  readJournals,
  type ScanProblem,
} from '@sallyport/audit';
import { type GivenKey, nameOf, verifierKeys } from './verifier-keys.ts';

/**
 * The inclusion proof of a record in one of the journals.
 *
 * @param options.keys that its checkpoint has to be signed with. Default: those that the journal names itself, since whoever
 *   checks the proof decides which key to trust
 * @returns undefined when no journal has the record
 * @throws JournalError `not_found` for a record that is newer than the last checkpoint
 */
export async function proveRecord(
  journals: readonly FoundJournal[],
  id: string,
  { keys, onProblem }: { keys: readonly GivenKey[] | undefined; onProblem: (problem: ScanProblem) => void },
): Promise<InclusionProof | undefined> {
  const wanted = `"id":${JSON.stringify(id)}`;
  const mayMatch = (body: Buffer): boolean => body.includes(wanted);
  for await (const line of readJournals(journals, { mayMatch, onProblem })) {
    if (line.kind !== 'record' || line.record.id !== id) continue;
    const folder = journals.find(({ name }) => name === line.journal)?.folder;
    if (folder === undefined) continue;
    const own = (await headedSegments(folder)).flatMap(({ head }) => (head === undefined ? [] : [head.key]));
    return await prove(folder, id, keys === undefined ? own : verifierKeys(keys, own.map(nameOf)));
  }
  return undefined;
}
