/**
 * What is read when somebody looks, each time metrics are collected. A source answers at once, from what it has in memory;
 * one that throws is left out.
 */
export interface TelemetrySources {
  /** Who reads: the name of the guarded server. Becomes the label `server`. */
  readonly server: string;
  readonly policy?: () => PolicyReading;
  /** Restrictions in force, by what they restrict (`principal`, `tool`, `server`). */
  readonly restrictions?: () => Iterable<{ readonly kind: string; readonly count: number }>;
  readonly sinks?: () => Iterable<SinkReading>;
  readonly journal?: () => JournalReading;
}

export interface PolicyReading {
  /** SHA-256 of the policy in force, hexadecimal. Its first 12 digits become a label. */
  readonly digest: string;
  /** How long it has been in force. */
  readonly ageSeconds: number;
}

export interface SinkReading {
  readonly sink: string;
  /** Age of the oldest record that it does not have; 0 when it has all. */
  readonly lagSeconds: number;
  /** How many records it does not have. */
  readonly lagRecords: number;
}

export interface JournalReading {
  /** Age of the oldest record that is not durable yet; 0 when all are. */
  readonly lagSeconds: number;
  /** How many records are not durable yet. */
  readonly lagRecords: number;
}
