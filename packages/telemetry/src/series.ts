/** A metric of our own: its name, what it counts or shows, and its attributes. */
export interface Series {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly attributes: readonly string[];
}

export type CounterId =
  | 'toolCalls'
  | 'decisions'
  | 'refusals'
  | 'filtered'
  | 'redactions'
  | 'findings'
  | 'alerts'
  | 'secretReads'
  | 'secretRenewals'
  | 'secretsStale'
  | 'sinkFailures'
  | 'deadLetters'
  | 'dropped'
  | 'policyReloads';

/**
 * Counters. Prometheus adds `_total` and makes `_` of every dot. Attributes have plain names, because people write them in
 * queries; none of them is a person, a role or a value of a call.
 */
export const COUNTERS: Readonly<Record<CounterId, Series>> = {
  toolCalls: {
    name: 'mcp_tool_calls',
    description: 'Tool calls by tool and how they ended: ok, error or refused.',
    unit: '{call}',
    attributes: ['tool_name', 'status'],
  },
  decisions: {
    name: 'sallyport.decisions',
    description: 'Decisions of a layer: permit or deny.',
    unit: '{decision}',
    attributes: ['effect', 'layer'],
  },
  refusals: {
    name: 'sallyport.refusals',
    description: 'Refused calls by code; in mode audit, what would have been refused.',
    unit: '{refusal}',
    attributes: ['code', 'mode'],
  },
  filtered: {
    name: 'sallyport.list.filtered',
    description: 'Entries that were removed from lists.',
    unit: '{entry}',
    attributes: ['layer'],
  },
  redactions: {
    name: 'sallyport.redactions',
    description: 'Findings that were rewritten; in mode audit, what would have been rewritten.',
    unit: '{finding}',
    attributes: ['entity', 'operator', 'direction', 'mode'],
  },
  findings: {
    name: 'sallyport.findings',
    description: 'Findings of detectors by rule and severity.',
    unit: '{finding}',
    attributes: ['rule', 'severity'],
  },
  alerts: {
    name: 'sallyport.alerts',
    description: 'Alerts by rule and severity.',
    unit: '{alert}',
    attributes: ['rule', 'severity'],
  },
  secretReads: {
    name: 'sallyport.secret.reads',
    description: 'Reads of secrets by provider; the outcome is ok, or why there was no value.',
    unit: '{read}',
    attributes: ['provider', 'outcome'],
  },
  secretRenewals: {
    name: 'sallyport.secret.renewals',
    description: 'Secrets that have another value than before, or a longer lease.',
    unit: '{renewal}',
    attributes: ['provider'],
  },
  secretsStale: {
    name: 'sallyport.secret.stale',
    description: 'Outages during which the last value of a secret was used past its time.',
    unit: '{outage}',
    attributes: ['provider'],
  },
  sinkFailures: {
    name: 'sallyport.sink.failures',
    description: 'Failed deliveries of audit records.',
    unit: '{failure}',
    attributes: ['sink'],
  },
  deadLetters: {
    name: 'sallyport.sink.dead_letters',
    description: 'Audit records that a sink will never take.',
    unit: '{record}',
    attributes: ['sink'],
  },
  dropped: {
    name: 'sallyport.sink.dropped',
    description: 'Audit records that were given up before they reached a sink.',
    unit: '{record}',
    attributes: ['sink'],
  },
  policyReloads: {
    name: 'sallyport.policy.reloads',
    description: 'Policies that were put in force, or could not be.',
    unit: '{reload}',
    attributes: ['outcome'],
  },
};

export type GaugeId =
  | 'restrictions'
  | 'sinkLagSeconds'
  | 'sinkLagRecords'
  | 'journalLagSeconds'
  | 'journalLagRecords'
  | 'policyInfo'
  | 'policyAgeSeconds';

/** Gauges. Units stand in the names, because some exporters add them and some do not. */
export const GAUGES: Readonly<Record<GaugeId, Series>> = {
  restrictions: {
    name: 'sallyport.restrictions',
    description: 'Restrictions in force, by what they restrict.',
    unit: '{restriction}',
    attributes: ['server', 'kind'],
  },
  sinkLagSeconds: {
    name: 'sallyport.sink.lag_seconds',
    description: 'Age of the oldest audit record that a sink does not have.',
    unit: 's',
    attributes: ['server', 'sink'],
  },
  sinkLagRecords: {
    name: 'sallyport.sink.lag_records',
    description: 'Audit records that a sink does not have.',
    unit: '{record}',
    attributes: ['server', 'sink'],
  },
  journalLagSeconds: {
    name: 'sallyport.journal.lag_seconds',
    description: 'Age of the oldest audit record that is not durable yet.',
    unit: 's',
    attributes: ['server'],
  },
  journalLagRecords: {
    name: 'sallyport.journal.lag_records',
    description: 'Audit records that are not durable yet.',
    unit: '{record}',
    attributes: ['server'],
  },
  policyInfo: {
    name: 'sallyport.policy.info',
    description: '1 for the policy in force, by the first 12 digits of its SHA-256; 0 for earlier ones.',
    unit: '1',
    attributes: ['server', 'digest'],
  },
  policyAgeSeconds: {
    name: 'sallyport.policy.age_seconds',
    description: 'How long the policy has been in force.',
    unit: 's',
    attributes: ['server'],
  },
};

/** The histogram that people without OpenTelemetry expect beside `mcp_tool_calls_total`; its attribute is `tool_name`. */
export const TOOL_CALL_DURATION = {
  name: 'mcp_tool_call_duration_seconds',
  description: 'How long tool calls took.',
  unit: 's',
} as const;
