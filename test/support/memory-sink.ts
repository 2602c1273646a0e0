import type { AuditRecord, Sink } from '@sallyport/audit';

/** Keeps records in memory. */
export class MemorySink implements Sink {
  readonly records: AuditRecord[] = [];
  broken: Error | undefined;

  append(record: AuditRecord): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    this.records.push(record);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The refusals recorded for calls of a method, in order. */
  refusals(method: string): (string | undefined)[] {
    return this.records.flatMap((record) =>
      record.type === 'outcome' && record.method === method ? [record.refusal] : [],
    );
  }
}
