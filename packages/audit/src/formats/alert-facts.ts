/** An alert as the formats show it. Texts are written by rules and detectors and quote no value of a call. */
export interface AlertFacts {
  /** UUIDv7 of the alert. */
  readonly id: string;
  /** When it was raised: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly server: string;
  /** One sentence with the observed value and the baseline. */
  readonly title: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** Which rule or detector raised it. */
  readonly rule: { readonly id: string; readonly name: string };
  /** `rule`: written by an admin. `statistical`: learned from the stream. */
  readonly method: 'rule' | 'statistical';
  /** Whom it is about, where it is about one. */
  readonly subject?: string;
  /** The tool, resource or prompt it is about. */
  readonly target?: string;
  /** What was measured, as `calls per minute`; set only together with both values. */
  readonly measure?: { readonly name: string; readonly observed: number; readonly baseline: number };
  /** Ids of the records that it rests on; the newest 100 at most, so that a line stays bounded. */
  readonly records: readonly string[];
  /** Whether the subject or the target was put into quarantine. */
  readonly quarantined: boolean;
  /** URL of what to do. */
  readonly runbook?: string;
}

/** OCSF's `severity_id` of an alert. */
export const ALERT_SEVERITY: Readonly<Record<AlertFacts['severity'], 2 | 3 | 4 | 5>> = {
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};
