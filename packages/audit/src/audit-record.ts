import type { Call, Evidence, RefusalCode } from '@sallyport/core';
import type { Seal } from './personal/seal.ts';

/**
 * One fact, as one line of JSON. Values of a call appear only as digests and sizes, and, where a policy says so, encrypted
 * for the person they are about.
 */
export type AuditRecord = AttemptRecord | OutcomeRecord | EventRecord;

interface Common {
  /** Version of this format. */
  readonly v: 1;
  /** UUIDv7 of the record. */
  readonly id: string;
  /** When it was written: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly server: string;
  /** SHA-256 of the policy in force, hexadecimal. */
  readonly policy: string;
}

interface OfCall extends Common {
  /** Joins attempt and outcome, and later span and alert. */
  readonly call: string;
  readonly direction: Call['direction'];
  readonly kind: Call['kind'];
  readonly method: string;
  /** The tool, resource, prompt or task that was named; over 512 characters it is cut and ends with its SHA-256. */
  readonly target?: string;
  readonly principal: {
    readonly subject: string;
    readonly roles: readonly string[];
    readonly client?: string;
    readonly actor?: string;
    readonly method: string;
  };
  /**
   * Set where people appear by pseudonyms (`subject:` and 26 characters): the one of the person that the values are about.
   * Digests are then HMAC-SHA-256 under a key of that person, so that they tell nothing once it is erased.
   */
  readonly about?: string;
  /** Values that only the key of `about` opens: `SealedValues` as JSON. */
  readonly sealed?: Seal;
}

/** Written, durably, before anything executes or is disclosed. One without an outcome tells of a crash. */
export interface AttemptRecord extends OfCall {
  readonly type: 'attempt';
  /** The arguments as received. */
  readonly arguments?: Digest;
}

/** How a call ended. Calls that neither execute nor disclose have an outcome only. */
export interface OutcomeRecord extends OfCall {
  readonly type: 'outcome';
  /** `error`: the server answered with an error or an `isError` result. `refused`: a gate stopped the call. */
  readonly status: 'ok' | 'error' | 'refused';
  /** Why it was refused; set only for `refused`. */
  readonly refusal?: RefusalCode;
  /** The server's JSON-RPC error code; set only for protocol errors. */
  readonly error?: number;
  readonly decision?: { readonly effect: 'permit' | 'deny'; readonly rule?: string; readonly at?: string };
  /** What layers in audit mode would have refused. */
  readonly wouldRefuse?: readonly { readonly layer: string; readonly code: RefusalCode }[];
  /** How many list entries were hidden from this principal. */
  readonly filtered?: number;
  /** What was rewritten in the arguments and the result, by entity and operator. */
  readonly redacted?: readonly RedactedCount[];
  /** What a layer in audit mode would have rewritten. */
  readonly wouldRedact?: readonly RedactedCount[];
  /** The arguments that ran; absent when nothing did. */
  readonly executed?: Digest;
  /** The result as delivered. */
  readonly result?: Digest;
  readonly durationMs: number;
}

/** Something that is no call: start, stop, a reload, messages that never became a call. */
export interface EventRecord extends Common {
  readonly type: 'event';
  readonly event:
    | 'start'
    | 'stop'
    | 'policy_reloaded'
    | 'policy_reload_failed'
    | 'message_refused'
    | 'secret_resolved'
    | 'secret_rotated'
    | 'secret_failed'
    | 'secret_stale'
    | 'secret_recovered'
    | 'vault_login'
    | 'vault_token_renewed'
    | 'vault_lease_issued'
    | 'vault_lease_renewed'
    | 'vault_lease_lost'
    | 'vault_revoked'
    | 'attempt_unmatched'
    | 'clock_stepped'
    | 'journal_failed'
    | 'journal_repaired'
    | 'journal_adopted'
    | 'journal_lock_replaced'
    | 'journal_dropping'
    | 'journal_recovered'
    | 'journal_pruned'
    | 'journal_prune_failed'
    | 'journal_seen'
    | 'checkpoint'
    | 'checkpoint_failed'
    | 'sink_failed'
    | 'sink_recovered'
    | 'sink_rejected'
    | 'sink_dropped'
    | 'sink_missed'
    | 'sink_unreadable'
    | 'sink_disk_failed'
    | 'sink_cursor_damaged'
    | 'subject_erased'
    | 'alert_raised'
    | 'alert_suppressed'
    | 'alert_dropped'
    | 'alert_sink_failed'
    | 'alert_sink_recovered'
    | 'alert_sink_rejected'
    | 'restriction_began'
    | 'restriction_prolonged'
    | 'restriction_lifted'
    | 'restriction_ended'
    | 'approval_given'
    | 'watch_started'
    | 'watch_failed';
  /** Counts, codes, positions and pseudonyms; never a value. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface RedactedCount {
  readonly direction: 'arguments' | 'results';
  /** What it was found to be, such as `EMAIL`. */
  readonly entity: string;
  /** How it was rewritten, such as `token`; `restore` where a token became its value again. */
  readonly operator: string;
  readonly count: number;
}

export interface Digest {
  /** Of the exact serialized bytes (`JSON.stringify`), hexadecimal; HMAC-SHA-256 in a record that has `about`. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A record that is being made. */
export type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Writes the evidence on a trail into an outcome. */
export function addEvidence(record: Writable<OutcomeRecord>, entries: readonly Evidence[]): void {
  let wouldRefuse: { layer: string; code: RefusalCode }[] | undefined;
  let redacted: RedactedCount[] | undefined;
  let wouldRedact: RedactedCount[] | undefined;
  let filtered = 0;
  for (const entry of entries) {
    switch (entry.kind) {
      case 'decision':
        record.decision = {
          effect: entry.effect,
          ...(entry.rule !== undefined && { rule: entry.rule }),
          ...(entry.at !== undefined && { at: entry.at }),
        };
        break;
      case 'would_refuse':
        (wouldRefuse ??= []).push({ layer: entry.layer, code: entry.code });
        break;
      case 'filtered':
        filtered += entry.removed;
        break;
      case 'redacted':
      case 'would_redact': {
        const { direction, entity, operator, count } = entry;
        const counts = entry.kind === 'redacted' ? (redacted ??= []) : (wouldRedact ??= []);
        counts.push({ direction, entity, operator, count });
        break;
      }
    }
  }
  if (wouldRefuse !== undefined) record.wouldRefuse = wouldRefuse;
  if (filtered > 0) record.filtered = filtered;
  if (redacted !== undefined) record.redacted = redacted;
  if (wouldRedact !== undefined) record.wouldRedact = wouldRedact;
}
