import type { SecretRef } from './policy-file.ts';

/** `audit:` of a policy file, as it is written. */
export interface AuditSection {
  readonly file?: string;
  readonly stderr?: boolean;
  readonly arguments?: 'hash' | 'none' | 'sealed';
  /** A folder, or all of it. */
  readonly journal?: string | JournalEntry;
  readonly personal?: PersonalEntry;
  readonly sinks?: Readonly<Record<string, SinkEntry>>;
}

export interface JournalEntry {
  readonly folder: string;
  /** Signs checkpoints. Default: a development key, which is loud about being one. */
  readonly key?: SecretRef;
  /** Default: `sallyport`. */
  readonly name?: string;
  readonly formerKeys?: readonly string[];
  readonly keepDays?: number;
  readonly keepMegabytes?: number;
  /** Default: `deny`. */
  readonly onFailure?: 'deny' | 'block' | 'drop';
  /** Of `block`. Default: 5. */
  readonly blockSeconds?: number;
}

export interface PersonalEntry {
  readonly key: SecretRef;
  /** Default: `personal.keys` in the folder of the journal. */
  readonly file?: string;
}

export type SinkType =
  | 'syslog'
  | 'relp'
  | 'splunk'
  | 'elasticsearch'
  | 'webhook'
  | 'otlp'
  | 'nats'
  | 'file'
  | 'stderr';

/** What the schema allows for one type or another; which one takes what, `check-audit.ts` says. */
export interface SinkEntry {
  readonly type: SinkType;
  readonly format?: 'ocsf' | 'ecs' | 'cef' | 'leef' | 'json';
  readonly only?: {
    readonly types?: readonly ('attempt' | 'outcome' | 'event')[];
    readonly statuses?: readonly ('ok' | 'error' | 'refused')[];
    readonly methods?: readonly string[];
  };
  /** `host:port`. */
  readonly address?: string;
  readonly url?: string;
  readonly file?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: SecretRef;
  readonly serverName?: string;
  readonly token?: SecretRef;
  readonly authorization?: SecretRef;
  readonly secret?: SecretRef;
  readonly credentials?: SecretRef;
  readonly user?: string;
  readonly password?: SecretRef;
  readonly index?: string;
  readonly sourcetype?: string;
  readonly subject?: string;
  readonly appName?: string;
  readonly facility?: number;
  readonly messageBytes?: number;
  readonly batchRecords?: number;
  readonly spoolMegabytes?: number;
  readonly spoolDays?: number;
  readonly dangerouslyWithoutTls?: boolean;
  readonly dangerouslyAllowUnauthorized?: boolean;
}
