import type { EntryVersion } from './entries.ts';

/** A value as it was stored. Its bytes are in no property, so that printing or serializing it shows none. */
export class StoredSecret {
  readonly name: string;
  readonly version: number;
  /** When it was stored; ISO 8601, UTC. */
  readonly changed: string;
  readonly #value: Buffer;

  constructor(name: string, { version, changed, value }: EntryVersion) {
    this.name = name;
    this.version = version;
    this.changed = changed;
    this.#value = value;
  }

  /** The value itself: the only way out. */
  reveal(): Buffer {
    return Buffer.from(this.#value);
  }
}
