export { allSinks } from './all-sinks.ts';
export { audit, type AuditOptions } from './audit.ts';
export type {
  AttemptRecord,
  AuditRecord,
  Digest,
  EventRecord,
  OutcomeRecord,
  RedactedCount,
} from './audit-record.ts';
export { FileSink } from './file-sink.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Sink } from './sink.ts';
export { StderrSink } from './stderr-sink.ts';
