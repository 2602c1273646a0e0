/** What is wrong, for programs; the message says what to do, for people. */
export type JournalErrorCode =
  /** Another process writes this journal. */
  | 'locked'
  /** The folder does not hold what its last checkpoint says. */
  | 'damaged'
  /** It was signed with a key that was not given. */
  | 'unknown_key'
  /** The disk does not take records at the moment. */
  | 'unwritable'
  /** Records arrive faster than the disk takes them. */
  | 'overloaded'
  /** The record is over the limit or cannot be JSON. */
  | 'bad_record'
  | 'closed'
  /** A record, a checkpoint or a journal that was asked for is not there. */
  | 'not_found'
  /** An option, a key, a note or a proof is malformed. */
  | 'malformed';

export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The system's code of an error, such as `ENOSPC`; never its text, which may hold a path. */
export function systemCode(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}
