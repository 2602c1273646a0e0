import type { AlertFacts } from '@sallyport/audit';
import type { SigmaRuleInfo } from './rule-info.ts';

/** A rule that a record matched, or a correlation that it completed. */
export interface SigmaMatch {
  readonly rule: SigmaRuleInfo;
  /** When the record that did it was written: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly server: string;
  /** One sentence with what was observed and what the rule asks for. */
  readonly sentence: string;
  /** Whom it is about; absent where a correlation counts over several. */
  readonly subject?: string;
  /** The tool, resource or prompt it is about; absent where a correlation counts over several. */
  readonly target?: string;
  /** Set for counts: what came together, and what the rule asks for. */
  readonly measure?: { readonly name: string; readonly observed: number; readonly baseline: number };
  /** Ids of the records that it rests on, oldest first; the newest 100. */
  readonly records: readonly string[];
}

/** What a match does not know about its alert. */
export interface AlertOptions {
  /** UUIDv7 of the alert. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. Default: the time of the match. */
  readonly time?: string;
  /** Default: false. */
  readonly quarantined?: boolean;
}

/**
 * A match as an alert. Undefined for rules of the level `informational`, which the Sigma rules specification keeps from
 * alerting.
 */
export function alertOf(
  match: SigmaMatch,
  { id, time, quarantined = false }: AlertOptions,
): AlertFacts | undefined {
  const { rule, server, sentence, subject, target, measure, records } = match;
  if (rule.level === 'informational') return undefined;
  return {
    id,
    time: time ?? match.time,
    server,
    title: sentence,
    severity: rule.level,
    rule: { id: rule.id, name: rule.title },
    method: 'rule',
    ...(subject !== undefined && { subject }),
    ...(target !== undefined && { target }),
    ...(measure !== undefined && { measure }),
    records,
    quarantined,
    ...(rule.runbook !== undefined && { runbook: rule.runbook }),
  };
}
