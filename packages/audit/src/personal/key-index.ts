import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type KeyEntry, MOST_IN_FRAME } from './key-entry.ts';

/** Where a frame stands. */
export interface FramePlace {
  readonly index: number;
  /** Its first byte. */
  readonly at: number;
  /** Behind its last byte. */
  readonly end: number;
}

/** Where an entry stands. */
export interface EntryPlace extends FramePlace {
  /** Its number in the frame. */
  readonly nth: number;
}

const DIGEST_CHARACTERS = 24;

/**
 * Where in the file the entry of a person is. A name is known only as its HMAC under a key that lives no longer than this
 * process: nothing that is made from a name stands in the file, and no list of all names in memory.
 */
export class KeyIndex {
  readonly #key: KeyObject;
  /** Frame times `MOST_IN_FRAME`, plus number in the frame. */
  readonly #names = new Map<string, number>();
  readonly #pseudonyms = new Map<string, number>();
  /** Where each frame ends; the next one begins there. */
  readonly #ends: number[] = [];
  readonly #start: number;

  /** @param start where the first frame begins */
  constructor(start: number, random: (bytes: number) => Uint8Array) {
    this.#start = start;
    this.#key = createSecretKey(random(32));
  }

  get frames(): number {
    return this.#ends.length;
  }

  /** Behind the last frame. */
  get end(): number {
    return this.#ends.at(-1) ?? this.#start;
  }

  get people(): number {
    return this.#names.size;
  }

  /** Takes the next frame of the file. */
  add(end: number, entries: readonly KeyEntry[]): void {
    const first = (this.#ends.push(end) - 1) * MOST_IN_FRAME;
    for (const [nth, entry] of entries.entries()) {
      if (entry.type === 'file') continue;
      this.#pseudonyms.set(entry.pseudonym, first + nth);
      if (entry.type === 'person') this.#names.set(this.#digestOf(entry.name), first + nth);
    }
  }

  ofName(name: string): EntryPlace | undefined {
    return this.#place(this.#names.get(this.#digestOf(name)));
  }

  /** Of a person, or of what is left of one. */
  ofPseudonym(pseudonym: string): EntryPlace | undefined {
    return this.#place(this.#pseudonyms.get(pseudonym));
  }

  #place(entry: number | undefined): EntryPlace | undefined {
    if (entry === undefined) return undefined;
    const index = Math.floor(entry / MOST_IN_FRAME);
    const at = this.#ends[index - 1] ?? this.#start;
    return { index, at, end: this.#ends[index] ?? at, nth: entry % MOST_IN_FRAME };
  }

  /** As JSON, where a lone surrogate is not the same as another one. */
  #digestOf(name: string): string {
    const digest = createHmac('sha256', this.#key).update(JSON.stringify(name)).digest('base64');
    return digest.slice(0, DIGEST_CHARACTERS);
  }
}
