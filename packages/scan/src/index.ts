export { fingerprintOf } from './fingerprint.ts';
export { scan } from './scan.ts';
export type {
  Encoding,
  KeepFinding,
  ProblemReason,
  RawFinding,
  ScanCommit,
  ScanEvent,
  ScanFinding,
  ScanProblem,
  ScanSource,
  ScanSummary,
  SkipReason,
} from './scan-finding.ts';
export type { ScanOptions, ScanTarget } from './scan-options.ts';
export { type AllowedPlace, readScanAllow, type ReadAllow, type ScanAllow } from './allow/scan-allow.ts';
export {
  createSuppression,
  type Suppressed,
  type Suppression,
  type SuppressionOptions,
} from './allow/suppression.ts';
export { addFindings, type Baseline, createBaseline } from './baseline/baseline.ts';
export { type BaselineEntry, BaselineError, readBaseline, writeBaseline } from './baseline/baseline-file.ts';
export {
  type BaselineImport,
  createBaselineImport,
  type ForeignEntry,
  type Imported,
  readForeignBaseline,
} from './baseline/import-baseline.ts';
export { CLIENT_CONFIG_RULES, type ClientConfigRule } from './client-config/client-config-rules.ts';
export { type ClientConfigSecret, findInClientConfig } from './client-config/find-in-client-config.ts';
export { type ClientConfigFix, clientConfigFixes } from './client-config/fix-entry.ts';
export {
  type ClientConfigOptions,
  isClientConfigRule,
  withClientConfigs,
} from './client-config/with-client-configs.ts';
export { findMark, type Mark, type MarkedPlace, type MarkKind } from './marks/find-mark.ts';
export { githubReport } from './report/github-report.ts';
export { type HumanOptions, humanReport, type ReportStyle } from './report/human-report.ts';
export { jsonReport } from './report/json-report.ts';
export { junitReport } from './report/junit-report.ts';
export { printable } from './report/printable.ts';
export type { BaselineRemarks, Report, ReportInput } from './report/report-input.ts';
export { type RuleFacts, rulesById } from './report/rule-facts.ts';
export { sarifReport } from './report/sarif-report.ts';
