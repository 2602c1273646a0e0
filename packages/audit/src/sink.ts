import type { AuditRecord } from './audit-record.ts';

/** Where records go. */
export interface Sink {
  /**
   * Takes a record. With `durable`, resolves only when it would survive a crash of the machine; otherwise when it was
   * accepted, and it becomes durable with the next durable one, or soon.
   *
   * @throws when the record cannot be kept; the call it belongs to is then refused
   */
  append(record: AuditRecord, options: { readonly durable: boolean }): Promise<void>;
  /** Why the sink cannot take records at the moment; undefined while it can. */
  readonly broken: Error | undefined;
  /** Makes everything accepted durable and lets go of resources. */
  close(): Promise<void>;
}
