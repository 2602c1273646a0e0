export type { Observation } from './observation.ts';
export type { Alert } from './alert.ts';
export { DETECTOR_IDS, type DetectorId } from './detector-id.ts';
export { ALL_DETECTORS } from './detectors/all-detectors.ts';
export { patternTest, type ToolKinds } from './tool-kinds.ts';
export { Watch } from './watch.ts';
export type { Allowance, DetectorOptions, LearningOptions, WatchOptions } from './watch-options.ts';
export type { SavedWatch } from './state/saved-watch.ts';
export type { WatchPart } from './state/watch-parts.ts';
export { WatchStateError } from './state/watch-state-error.ts';
export type { Path, SigmaDocument, SigmaProblem } from './sigma/problem.ts';
export type { SigmaLevel, SigmaRuleInfo } from './sigma/rule-info.ts';
export { alertOf, type AlertOptions, type SigmaMatch } from './sigma/sigma-match.ts';
export { type SigmaOptions, SigmaRules, type SigmaState, type SigmaStatus } from './sigma/sigma-rules.ts';
export { type ExampleOutcome, runExamples } from './sigma/rule-examples.ts';
export type { Restricted, Restriction } from './response/restriction.ts';
export {
  type ApprovalTerms,
  approving,
  type Asked,
  asking,
  type Change,
  type Changed,
  denying,
  type Imposed,
  imposing,
  lifting,
  type Moment,
  type RestrictionWish,
} from './response/change-restrictions.ts';
export {
  type Response,
  type ResponseEntry,
  responseFor,
  ResponsePlan,
  type ResponsePlanOptions,
  type ResponseScope,
} from './response/response-plan.ts';
export { restrict, type RestrictOptions } from './response/restrict.ts';
export { RestrictionBook, type RestrictionBookOptions } from './response/restriction-book.ts';
export { type ReadFile, RestrictionFile, type RestrictionFileOptions } from './response/restriction-file.ts';
export {
  type ApprovableCall,
  type Approval,
  type ApprovalRequest,
  MOST_MINUTES,
  type Restrictions,
  withoutExpired,
} from './response/restrictions.ts';
export { type RestrictionChange, restrictionsDiff, stillStanding } from './response/restrictions-diff.ts';
export {
  RestrictionsError,
  type RestrictionsErrorCode,
  RestrictionsUnreadable,
} from './response/restrictions-error.ts';
export { readShortId } from './response/short-id.ts';
export type { CallFacts } from './response/standing-index.ts';
export { Lookout, type LookoutCounts, type LookoutOptions } from './lookout/lookout.ts';
export { type FeedCursor, type JournalMark, parseCursor } from './lookout/feed-cursor.ts';
export type { FeedProblem } from './lookout/feed-problem.ts';
export { type FeedOptions, JournalFeed } from './lookout/journal-feed.ts';
export type { FedRecord } from './lookout/journal-source.ts';
export { LOOKOUT_CLOCK, type LookoutClock } from './lookout/lookout-clock.ts';
export { LookoutService } from './lookout/lookout-service.ts';
export type { RecordFeed, Respond, TriageAnswer, TriageLike, WatchedRecord } from './lookout/ports.ts';
export type { RaisedAlert, RestrictingResponse } from './lookout/raised-alert.ts';
export { RecordStream, type StreamCursor } from './lookout/record-stream.ts';
export { type LookoutPart, LookoutStateError } from './lookout/saved-lookout.ts';
export type {
  LookoutServiceOptions,
  LookoutServiceState,
  LookoutStatus,
  LookoutTrouble,
} from './lookout/service-options.ts';
export type { AlertReceiver, NumberedNotice } from './sinks/alert-receiver.ts';
export { AlertSender } from './sinks/alert-sender.ts';
export type {
  AlertSenderEvent,
  AlertSenderOptions,
  AlertSenderStatus,
} from './sinks/alert-sender-options.ts';
export { AlertmanagerReceiver, type AlertmanagerReceiverOptions } from './sinks/alertmanager-receiver.ts';
export { FormattedReceiver, type FormattedReceiverOptions } from './sinks/formatted-receiver.ts';
export { OutboxError } from './sinks/outbox-error.ts';
export { SlackReceiver, type SlackReceiverOptions } from './sinks/slack-receiver.ts';
export { type MoreAlerts, type Notice, severityOf } from './triage/notice.ts';
export type { SavedTriage } from './triage/saved-triage.ts';
export { SEVERITIES, type Severity } from './triage/severity.ts';
export type { Suppression } from './triage/suppression.ts';
export { type AlertFate, Triage, type Triaged, type TriageStatus } from './triage/triage.ts';
export type { TriageOptions } from './triage/triage-options.ts';
export { TriageStateError } from './triage/triage-state-error.ts';
export type { Weekday, WeeklyWindow } from './triage/weekly-window.ts';
