// What a guard needs for every call, without the journal and what reads and ships it: a program that has to start fast
// imports this, and the rest when a policy asks for it.
export { allSinks } from './all-sinks.ts';
export { audit, type AuditOptions, recordedTarget } from './audit.ts';
export type { EventRecord } from './audit-record.ts';
export { FileSink } from './file-sink.ts';
export { JournalError } from './journal/journal-error.ts';
export { NODE_FS } from './journal/journal-fs.ts';
export { JournalLock } from './journal/journal-lock.ts';
export { thisProcess } from './journal/process-identity.ts';
export type { PersonalOptions } from './personal/personal-options.ts';
export { isPseudonym } from './personal/pseudonym.ts';
export type { SubjectKeys } from './personal/subject-keys.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Sink } from './sink.ts';
export { StderrSink } from './stderr-sink.ts';
