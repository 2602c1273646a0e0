import { journalEntry, type Link, valueText } from './entry.ts';

/** An attempt without an outcome: the process ended in between. */
export interface UnmatchedAttempt {
  readonly call: string;
  /** When the attempt was made: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly server: string;
  readonly method: string;
  readonly target?: string;
  readonly subject?: string;
}

/** What a record says about the calls that are open. */
export type CallMark =
  | { readonly opens: UnmatchedAttempt }
  /** Id of the call. */
  | { readonly ends: string }
  /** A writer began: what could not be counted one by one is counted anew. */
  | 'start';

/** The open calls as they stand in the head of a segment. */
export interface CarriedCalls {
  /** In the order of their attempts. */
  readonly calls: readonly UnmatchedAttempt[];
  /** Attempts that came while too many were open to be told apart. */
  readonly more: number;
}

const MAX_OPEN = 10_000;
/** UTF-8 bytes of JSON in a head, which is one frame of at most 4 MiB. */
const MAX_CARRIED_BYTES = 3 * 1024 * 1024;

/** The calls with an attempt and no outcome, as a function of the records alone: who reads them finds the same. */
export class OpenCalls {
  readonly #calls = new Map<string, UnmatchedAttempt>();
  #more: number;

  constructor(carried: CarriedCalls = { calls: [], more: 0 }) {
    for (const one of carried.calls) this.#calls.set(one.call, one);
    this.#more = carried.more;
  }

  apply(mark: CallMark | undefined): void {
    if (mark === undefined) return;
    if (mark === 'start') this.#more = 0;
    else if ('ends' in mark) this.#calls.delete(mark.ends);
    else if (this.#calls.size < MAX_OPEN) this.#calls.set(mark.opens.call, mark.opens);
    else this.#more += 1;
  }

  all(): CarriedCalls {
    return { calls: [...this.#calls.values()], more: this.#more };
  }

  /** For a head: what has no room there is only counted. */
  carried(): CarriedCalls {
    const { calls, more } = this.all();
    let bytes = 0;
    const end = calls.findIndex((one) => {
      bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
      return bytes > MAX_CARRIED_BYTES;
    });
    return end < 0 ? { calls, more } : { calls: calls.slice(0, end), more: more + calls.length - end };
  }

  /** Whether a head tells of these calls, be it that it only counts the last ones. */
  agrees(head: CarriedCalls): boolean {
    const { calls, more } = this.all();
    const same = JSON.stringify(calls.slice(0, head.calls.length)) === JSON.stringify(head.calls);
    return same && head.calls.length + head.more === calls.length + more;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** What a record (`AuditRecord`, or JSON that should be one) says about open calls; undefined: nothing. */
export function callMark(record: unknown): CallMark | undefined {
  const fields = fieldsOf(record);
  const { type, call } = fields;
  if (type === 'attempt') {
    const opens = attemptOf(fields, fieldsOf(fields['principal'])['subject']);
    return opens && { opens };
  }
  if (type === 'outcome') return typeof call === 'string' ? { ends: call } : undefined;
  if (type !== 'event' || fields['event'] !== 'attempt_unmatched') return undefined;
  const { call: told } = fieldsOf(fields['detail']);
  return typeof told === 'string' ? { ends: told } : undefined;
}

/** What a record of a call has in any case: one without it need not be parsed. */
const OF_CALL = Buffer.from('"call":"');

/** The same of the body of a record or entry. */
export function callMarkIn(body: Buffer, link: Link): CallMark | undefined {
  if (link.member === 'journal') return journalEntry(body, link)?.type === 'open' ? 'start' : undefined;
  if (!body.includes(OF_CALL)) return undefined;
  try {
    return callMark(JSON.parse(valueText(body, link)));
  } catch {
    return undefined;
  }
}

/** @returns undefined for what no journal wrote */
export function parseCarried(value: unknown): CarriedCalls | undefined {
  const { calls, more } = fieldsOf(value);
  if (!Array.isArray(calls) || !Number.isSafeInteger(more) || (more as number) < 0) return undefined;
  const parsed = calls.map((one) => attemptOf(fieldsOf(one), fieldsOf(one)['subject']));
  const sound = parsed.filter((one) => one !== undefined);
  return sound.length === calls.length ? { calls: sound, more: more as number } : undefined;
}

function attemptOf(fields: Fields, subject: unknown): UnmatchedAttempt | undefined {
  const { call, time, server, method, target } = fields;
  if (
    typeof call !== 'string' ||
    typeof time !== 'string' ||
    typeof server !== 'string' ||
    typeof method !== 'string'
  )
    return undefined;
  return {
    call,
    time,
    server,
    method,
    ...(typeof target === 'string' && { target }),
    ...(typeof subject === 'string' && { subject }),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
