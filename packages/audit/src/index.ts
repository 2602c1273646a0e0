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
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Sink } from './sink.ts';
export { StderrSink } from './stderr-sink.ts';
export type { Checkpoint } from './journal/checkpoint.ts';
export { Journal } from './journal/journal.ts';
export { JournalError, type JournalErrorCode } from './journal/journal-error.ts';
export type { FileStatus, JournalFile, JournalFs } from './journal/journal-fs.ts';
export type { JournalEvent, JournalOptions } from './journal/journal-options.ts';
export { type Signer, verifierKeyOf } from './journal/note.ts';
export type { ProcessIdentity } from './journal/process-identity.ts';
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
export { ElasticReceiver, type ElasticReceiverOptions } from './shipping/elastic-receiver.ts';
export {
  dedupKey,
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
} from './shipping/receiver.ts';
export type { RecordFilter } from './shipping/record-filter.ts';
export { RelpReceiver, type RelpReceiverOptions } from './shipping/relp-receiver.ts';
export { Shipper } from './shipping/shipper.ts';
export type { ShipperEvent, ShipperOptions, ShipperStatus } from './shipping/shipper-options.ts';
export { SplunkReceiver, type SplunkReceiverOptions } from './shipping/splunk-receiver.ts';
export { SyslogReceiver, type SyslogReceiverOptions } from './shipping/syslog-receiver.ts';
export type { TlsSettings } from './shipping/tls-settings.ts';
export { WebhookReceiver, type WebhookReceiverOptions } from './shipping/webhook-receiver.ts';
