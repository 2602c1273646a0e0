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
export { createFormatter } from './formats/create-formatter.ts';
export type { AlertFacts } from './formats/alert-facts.ts';
export type { FormatName, Formatter, FormatterOptions } from './formats/formatter.ts';
export { classify } from './formats/classification.ts';
export { RECORD_MEMBERS, type RecordMember } from './formats/record-members.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Sink } from './sink.ts';
export { StderrSink, type StderrSinkOptions } from './stderr-sink.ts';
export type { Checkpoint } from './journal/checkpoint.ts';
export { Journal } from './journal/journal.ts';
export { JournalError, type JournalErrorCode, systemCode } from './journal/journal-error.ts';
export { type FileStatus, type JournalFile, type JournalFs, NODE_FS } from './journal/journal-fs.ts';
export { JournalLock, type LockOptions } from './journal/journal-lock.ts';
export type { FailurePolicy, JournalEvent, JournalOptions } from './journal/journal-options.ts';
export { type Signer, verifierKeyOf } from './journal/note.ts';
export type { UnmatchedAttempt } from './journal/open-calls.ts';
export { type ProcessIdentity, thisProcess } from './journal/process-identity.ts';
export {
  type CheckedProof,
  type ConsistencyProof,
  type InclusionProof,
  prove,
  proveConsistency,
  verifyConsistencyProof,
  verifyProof,
} from './journal/prove.ts';
export { DEVELOPMENT_KEY, developmentSigner, signerFromSecret, verifierKeyFrom } from './journal/signer.ts';
export type { Finding, Verification } from './journal/verification.ts';
export { verify, type VerifyOptions } from './journal/verify.ts';
export { writeAll } from './journal/write-all.ts';
export { parseCheckpoint } from './journal/checkpoint.ts';
export type { JournalEntry } from './journal/entry.ts';
export { openNote, parseVerifierKey } from './journal/note.ts';
export { findJournals, type FoundJournal } from './reading/find-journals.ts';
export { JournalFollower } from './reading/journal-follower.ts';
export { type JournalLine, lineOf } from './reading/journal-line.ts';
export { headedSegments, type TimeRange } from './reading/plan-scan.ts';
export { readJournals } from './reading/read-journals.ts';
export { rootAt } from './reading/root-at.ts';
export type { ScanProblem } from './reading/scan-problem.ts';
export { visible, visibleJson } from './reading/visible.ts';
export { type Clock, SYSTEM_CLOCK } from './shipping/clock.ts';
export { ElasticReceiver, type ElasticReceiverOptions } from './shipping/elastic-receiver.ts';
export { FileReceiver, type FileReceiverOptions } from './shipping/file-receiver.ts';
export { type DeadLetter, DeadLetters } from './shipping/dead-letters.ts';
export { HttpLink, type HttpTarget, refusedBy } from './shipping/http-link.ts';
export { inHalves, retryAfter } from './shipping/in-halves.ts';
export { NatsReceiver, type NatsReceiverOptions } from './shipping/nats-receiver.ts';
export type { NatsAuth } from './shipping/nats-target.ts';
export { Nap } from './shipping/nap.ts';
export { OtlpReceiver, type OtlpReceiverOptions } from './shipping/otlp-receiver.ts';
export {
  ACCEPTED,
  dedupKey,
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
} from './shipping/receiver.ts';
export { journalStanding, type JournalStanding } from './shipping/journal-standing.ts';
export { type JournalPosition, parsePosition } from './shipping/journal-position.ts';
export { type JournalItem, JournalReader, type ReaderEvent } from './shipping/journal-reader.ts';
export type { RecordFilter } from './shipping/record-filter.ts';
export { RelpReceiver, type RelpReceiverOptions } from './shipping/relp-receiver.ts';
export { type BreakerState, RetryPace, type RetryTimes } from './shipping/retry-pace.ts';
export { type BatchReceiver, sendWithin } from './shipping/send-within.ts';
export { Shipper } from './shipping/shipper.ts';
export type { ShipperEvent, ShipperOptions, ShipperStatus } from './shipping/shipper-options.ts';
export { SplunkReceiver, type SplunkReceiverOptions } from './shipping/splunk-receiver.ts';
export { StderrReceiver, type StderrReceiverOptions } from './shipping/stderr-receiver.ts';
export { SyslogReceiver, type SyslogReceiverOptions } from './shipping/syslog-receiver.ts';
export type { TlsSettings } from './shipping/tls-settings.ts';
export { WebhookReceiver, type WebhookReceiverOptions } from './shipping/webhook-receiver.ts';
export { openSealed, type OpenedRecord, type Person } from './personal/open-sealed.ts';
export type { PersonalOptions } from './personal/personal-options.ts';
export type { Seal, SealPlace } from './personal/seal.ts';
export type { SealedValues } from './personal/sealed-values.ts';
export type { SubjectKey } from './personal/subject-key.ts';
export { type Erasure, type FoundSubject, SubjectKeys } from './personal/subject-keys.ts';
export { SubjectKeysError, type SubjectKeysErrorCode } from './personal/subject-keys-error.ts';
export type { SubjectKeysOptions } from './personal/subject-keys-options.ts';
