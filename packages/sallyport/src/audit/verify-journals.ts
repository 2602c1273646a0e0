import { readFileSync } from 'node:fs';
import {
  DEVELOPMENT_KEY,
  type FoundJournal,
  headedSegments,
  JournalError,
  parseCheckpoint,
  type Verification,
  verify,
} from '@sallyport/audit';
import { unreadable } from '../redact/unusable-file.ts';
import { BadInput } from './bad-input.ts';
import { type GivenKey, nameOf, signersOf, verifierKeys } from './verifier-keys.ts';

/** A signed note that was kept elsewhere. */
export interface GivenCheckpoint {
  readonly file: string;
  readonly note: string;
  /** Of which journal. */
  readonly origin: string;
}

/** What was found about one journal. */
export type JournalVerdict = {
  readonly journal: string;
  /** Verifier keys that the heads of its segments name: who says to have signed it. */
  readonly signers: readonly string[];
  /** Whether one of them is a development key, which proves nothing. */
  readonly developmentKey: boolean;
} & (
  | (Verification & {
      /** The segment with the first record that is not vouched for. */
      readonly segment?: string;
    })
  /** Nothing can be said. */
  | { readonly verdict: 'unreadable'; readonly why: string }
);

/** @throws BadInput, UnusableFile */
export function readCheckpointFile(file: string): GivenCheckpoint {
  let note: string;
  try {
    note = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === undefined || signersOf(note).length === 0)
    throw new BadInput(
      `${file} is no checkpoint; give a signed note: origin, number of records and root, an empty line, signatures`,
    );
  return { file, note, origin: checkpoint.origin };
}

/** First line of the checkpoints of a journal, as its oldest head says; undefined where none can be read. */
export async function originOf(folder: string): Promise<string | undefined> {
  const segments = await headedSegments(folder).catch(() => []);
  return segments.find(({ head }) => head !== undefined)?.head?.origin;
}

/** Verifies one journal with each of the checkpoints that are its own, and says the worst that was found. */
export async function verifyJournal(
  { name, folder }: FoundJournal,
  options: {
    readonly keys: readonly GivenKey[];
    readonly checkpoints: readonly GivenCheckpoint[];
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<JournalVerdict> {
  const { checkpoints, onProgress } = options;
  let signers: readonly string[] = [];
  const about = (): Pick<JournalVerdict, 'journal' | 'signers' | 'developmentKey'> => ({
    journal: name,
    signers,
    developmentKey: signers.some((signer) => nameOf(signer) === DEVELOPMENT_KEY),
  });
  try {
    const segments = await headedSegments(folder);
    signers = [...new Set(segments.flatMap(({ head }) => (head === undefined ? [] : [head.key])))];
    const names = [...signers.map(nameOf), ...checkpoints.flatMap(({ note }) => signersOf(note))];
    const keys = verifierKeys(options.keys, names);
    let found: Verification | undefined;
    for (const { note } of checkpoints.length === 0 ? [{ note: undefined }] : checkpoints) {
      found = await verify(folder, keys, { onProgress, ...(note !== undefined && { checkpoint: note }) });
      if (found.verdict !== 'ok' && found.verdict !== 'torn') break;
    }
    if (found === undefined) throw new JournalError('not_found', 'There is no journal in this folder.');
    const first = 'sequence' in found ? found.sequence : undefined;
    const holder = segments.findLast(({ files }) => first !== undefined && files.first <= first)?.files;
    const segment = holder?.path.slice(folder.length).replace(/^[\\/]/, '');
    return { ...about(), ...found, ...(segment !== undefined && { segment }) };
  } catch (error) {
    return { ...about(), verdict: 'unreadable', why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof JournalError)
    return error.code === 'not_found' ? 'its segments are gone, and only checkpoints are left' : message;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied; read it as who wrote it';
  if (code === 'ENOENT') return 'a file was removed while it was read; try again';
  if (typeof code === 'string' && code.startsWith('E')) return message;
  throw error;
}
