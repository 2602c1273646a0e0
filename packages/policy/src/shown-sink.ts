import type { AuditRecord, Sink } from '@sallyport/audit';

/** A sink whose records somebody else is shown, once they were kept. */
export function shownSink(sink: Sink, show: (record: AuditRecord) => void): Sink {
  return {
    get broken() {
      return sink.broken;
    },
    append: async (record, options) => {
      await sink.append(record, options);
      show(record);
    },
    close: () => sink.close(),
  };
}
