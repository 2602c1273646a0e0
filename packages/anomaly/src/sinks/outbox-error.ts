/** A notice could not be made durable. It is sent all the same, unless this process ends first; put it again. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';
  /** Of the system, such as `ENOSPC`; `closed` where the sender was stopped. */
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(
      code === 'closed'
        ? 'The sender of alerts was stopped: open another one.'
        : `The outbox of alerts cannot be written (${code}).`,
      options,
    );
    this.code = code;
  }
}
