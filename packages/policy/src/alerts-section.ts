import type {
  Allowance,
  DetectorId,
  DetectorOptions,
  LearningOptions,
  ResponseEntry,
  ToolKinds,
} from '@sallyport/anomaly';
import type { AlertFacts } from '@sallyport/audit';
import type { SinkEntry, SinkType } from './audit-section.ts';
import type { SecretRef } from './policy-file.ts';

export type Severity = AlertFacts['severity'];

/** `alerts:` of a policy file, as it is written. */
export interface AlertsSection {
  /** Default: `.alerts` in the folder of the journal. */
  readonly folder?: string;
  readonly learning?: LearningOptions;
  /** All are on unless one is `off`. */
  readonly detectors?: Readonly<Partial<Record<DetectorId, DetectorEntry>>>;
  readonly tools?: ToolKinds;
  readonly allow?: readonly AllowEntry[];
  /** Sigma files, folders of them, or `ready-made`. Default: the last. */
  readonly rules?: readonly string[];
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  /** By id or name of a detector or rule. */
  readonly severities?: Readonly<Record<string, Severity>>;
  /** Default: `medium`. */
  readonly least?: Severity;
  readonly suppress?: readonly SuppressEntry[];
  /** Default: 60. */
  readonly repeatMinutes?: number;
  /** Default: 10. */
  readonly groupMinutes?: number;
  /** Stands before the names of pages. */
  readonly runbooks?: string;
  readonly responses?: readonly ResponseEntry[];
  /** Patterns of subjects, servers and `server/tool`. */
  readonly never?: readonly string[];
  readonly sinks?: Readonly<Record<string, AlertSinkEntry>>;
}

export type DetectorEntry = 'off' | Omit<DetectorOptions, 'on'>;

export interface AllowEntry extends Allowance {
  readonly reason?: string;
}

/** What agrees with every member that is given, at a time that is given, is kept back. */
export interface SuppressEntry {
  readonly rule?: string;
  readonly server?: string;
  readonly subject?: string;
  readonly target?: string;
  /** RFC 3339 with an offset. */
  readonly from?: string;
  readonly until?: string;
  readonly weekly?: WeeklyEntry;
  readonly reason: string;
}

export interface WeeklyEntry {
  /** Default: every day. */
  readonly days?: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`; of the next day when it is before `from`. */
  readonly to: string;
  /** An IANA name. Default: UTC. */
  readonly zone?: string;
}

type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

type AlertSinkType = SinkType | 'alertmanager' | ChatType;

/** Incoming webhooks, whose address is a secret. */
export type ChatType = 'slack' | 'mattermost';

/** What the schema allows for one type or another; which one takes what, `alert-sinks.ts` says. */
export interface AlertSinkEntry extends Omit<
  SinkEntry,
  'type' | 'only' | 'url' | 'batchRecords' | 'spoolMegabytes' | 'spoolDays'
> {
  readonly type: AlertSinkType;
  /** Of a chat it is a secret, and so a reference. */
  readonly url?: SecretRef;
  /** Default: what `alerts.least` says. */
  readonly least?: Severity;
  /** alertmanager: so long after the last alert of its kind one is over. Default: 60. */
  readonly resolveMinutes?: number;
}
