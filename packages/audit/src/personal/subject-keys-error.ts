import { systemCode } from '../journal/journal-error.ts';

/** What is wrong, for programs; the message says what to do, for people. */
export type SubjectKeysErrorCode =
  /** The master key is too short or too regular to be random. */
  | 'weak_key'
  /** The file was made with another master key. */
  | 'wrong_key'
  /** The file is not what was written: an entry was changed, or an older copy was put in its place. */
  | 'altered'
  /** Another process has been writing the file for too long. */
  | 'locked'
  /** The file cannot be read or written at the moment. */
  | 'unavailable'
  /** There is no such file, and it was opened for reading only. */
  | 'not_found'
  /** It was opened for reading only. */
  | 'read_only'
  /** It holds as many people as it may. */
  | 'full'
  /** A name is too long. */
  | 'bad_subject'
  | 'closed';

/** Names no person: an entry is named by its position in the file. */
export class SubjectKeysError extends Error {
  override readonly name = 'SubjectKeysError';
  readonly code: SubjectKeysErrorCode;

  constructor(code: SubjectKeysErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the file system, with its code alone: its text may name paths that are not ours to show. */
export function keysTrouble(thrown: unknown, file: string): SubjectKeysError {
  if (thrown instanceof SubjectKeysError) return thrown;
  return new SubjectKeysError(
    'unavailable',
    `The keys of people in ${file} cannot be read or written (${systemCode(thrown)}); ` +
      'check its folder, who owns it, and that the disk has room.',
    { cause: thrown },
  );
}

export function altered(file: string, where: string): SubjectKeysError {
  return new SubjectKeysError(
    'altered',
    `${file} is not what was written: ${where}. Restore a backup of it, and erase again whoever was erased since: ` +
      'the records "subject_erased" say their pseudonyms.',
  );
}
