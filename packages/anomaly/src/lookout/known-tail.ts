/** Digits of a hash that are kept: enough to tell two records with the same number apart. */
const DIGITS = 12;
const MOST = 256;

/** JSON. */
export interface SavedTail {
  /** Number behind the last of them. */
  readonly end: number;
  /** The first digits of each hash, one behind the other. */
  readonly hashes: string;
}

/**
 * The newest records of a journal that were read, by the hashes of the chain. A writer may cut off what it could not make
 * durable and write other records under the same numbers; the part that is there still has to be known again.
 */
export class KnownTail {
  #end: number;
  #hashes: string[];

  constructor(saved?: SavedTail) {
    this.#end = saved?.end ?? 0;
    this.#hashes = saved?.hashes.match(new RegExp(`.{${String(DIGITS)}}`, 'g')) ?? [];
  }

  /** Behind the last record that was read. */
  get end(): number {
    return this.#end;
  }

  /** Whether a record was read; undefined for one that is too old to be known. */
  has(sequence: number, hash: string): boolean | undefined {
    const known = sequence < this.#end ? this.#hashes.at(sequence - this.#end) : undefined;
    return known === undefined ? undefined : known === hash.slice(0, DIGITS);
  }

  /** What had the same number, and what was behind it, did not last. */
  add(sequence: number, hash: string): void {
    const kept = this.#hashes.length - (this.#end - sequence);
    if (sequence > this.#end || kept < 0) this.#hashes = [];
    else this.#hashes.length = kept;
    this.#hashes.push(hash.slice(0, DIGITS));
    if (this.#hashes.length >= 2 * MOST) this.#hashes = this.#hashes.slice(-MOST);
    this.#end = sequence + 1;
  }

  save(): SavedTail {
    return { end: this.#end, hashes: this.#hashes.slice(-MOST).join('') };
  }
}

/** @returns undefined for what `save` did not give */
export function parseTail(value: unknown): SavedTail | undefined {
  const { end, hashes } = (value ?? {}) as { readonly end?: unknown; readonly hashes?: unknown };
  if (!Number.isSafeInteger(end) || (end as number) < 0) return undefined;
  if (typeof hashes !== 'string' || !/^[0-9a-f]*$/.test(hashes)) return undefined;
  if (hashes.length % DIGITS !== 0 || hashes.length > MOST * DIGITS) return undefined;
  return { end: end as number, hashes };
}
