import { type RevealedSecrets, uuidv7 } from '@sallyport/core';
import type { AttemptRecord, AuditRecord, EventRecord, OutcomeRecord } from './audit-record.ts';
import { conceal } from './conceal.ts';
import { isPseudonym } from './personal/pseudonym.ts';
import type { Sink } from './sink.ts';

export interface RecorderOptions {
  readonly sink: Sink;
  /** Told when a record that nobody waits for could not be kept. Default: nobody is. */
  readonly onFailure?: (error: Error) => void;
  /** Values that no record may show: a name or a URI that holds one is recorded with `[secret]`. Default: none. */
  readonly revealed?: RevealedSecrets | undefined;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Default: UUIDv7. */
  readonly newId?: () => string;
}

/** Stamps records and gives them to the sink. */
export class Recorder {
  readonly sink: Sink;
  readonly now: () => number;
  /** Values that no record may show; undefined where none is remembered. */
  readonly revealed: RevealedSecrets | undefined;
  readonly #newId: () => string;
  readonly #onFailure: (error: Error) => void;

  constructor(options: RecorderOptions) {
    this.sink = options.sink;
    this.now = options.now ?? Date.now;
    this.#newId = options.newId ?? uuidv7;
    this.revealed = options.revealed;
    this.#onFailure = options.onFailure ?? (() => undefined);
  }

  stamp(): { readonly v: 1; readonly id: string; readonly time: string } {
    return { v: 1, id: this.#newId(), time: new Date(this.now()).toISOString() };
  }

  /** Waits until the record is durable. @throws when it cannot be kept */
  durably(record: AuditRecord): Promise<void> {
    return this.sink.append(this.#safe(record), { durable: true });
  }

  /** Does not wait; a failure marks the sink as broken, and the next call is refused. */
  soon(record: AuditRecord): void {
    this.sink.append(this.#safe(record), { durable: false }).catch((error: Error) => this.#onFailure(error));
  }

  /** Records something that is no call. */
  event(about: Pick<EventRecord, 'event' | 'server' | 'policy' | 'detail'>): void {
    this.soon({ ...this.stamp(), type: 'event', ...about });
  }

  #safe(record: AuditRecord): AuditRecord {
    const { revealed } = this;
    if (revealed === undefined || revealed.size === 0) return record;
    const safe = conceal(record, revealed);
    return record.type === 'event' || record.about === undefined
      ? safe
      : withOurs(safe as typeof record, record);
  }
}

/** Pseudonyms and what is encrypted are random, and so may look like a short secret; to alter them would be to lose them. */
function withOurs<R extends AttemptRecord | OutcomeRecord>(safe: R, { principal, about, sealed }: R): R {
  const { subject, actor } = principal;
  return {
    ...safe,
    principal: {
      ...safe.principal,
      ...(isPseudonym(subject) && { subject }),
      ...(actor !== undefined && isPseudonym(actor) && { actor }),
    },
    about,
    ...(sealed !== undefined && { sealed }),
  };
}
