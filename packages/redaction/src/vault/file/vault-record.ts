import type { TokenEntry } from '../token-table.ts';

/** One change of a vault, as it stands in the file. Scopes and persons are there as fingerprints. */
export type VaultRecord =
  | {
      readonly type: 'entry';
      readonly token: string;
      readonly lookup: string;
      readonly scope: string;
      readonly abouts: readonly string[];
      readonly expires: number;
      readonly value: Buffer;
    }
  | { readonly type: 'renewal'; readonly token: string; readonly expires: number }
  | { readonly type: 'about'; readonly token: string; readonly about: string };

const ENTRY = 1;
const RENEWAL = 2;
const ABOUT = 3;

export function entryRecord(entry: TokenEntry, value: Uint8Array): Buffer {
  const abouts = Buffer.allocUnsafe(4);
  abouts.writeUInt32LE(entry.abouts.length);
  const size = Buffer.allocUnsafe(4);
  size.writeUInt32LE(value.length);
  return Buffer.concat([
    Buffer.of(ENTRY),
    name(entry.token),
    time(entry.expires),
    name(entry.lookup),
    name(entry.scope),
    abouts,
    ...entry.abouts.map(name),
    size,
    value,
  ]);
}

export function renewalRecord({ token, expires }: TokenEntry): Buffer {
  return Buffer.concat([Buffer.of(RENEWAL), name(token), time(expires)]);
}

export function aboutRecord({ token }: TokenEntry, about: string): Buffer {
  return Buffer.concat([Buffer.of(ABOUT), name(token), name(about)]);
}

/**
 * The records of one frame.
 * @throws RangeError for bytes that are none: only another version can have sealed those
 */
export function* recordsOf(bytes: Buffer): Generator<VaultRecord> {
  const from = new Cursor(bytes);
  while (!from.atEnd) {
    const type = from.byte();
    const token = from.name();
    switch (type) {
      case ENTRY:
        yield {
          type: 'entry',
          token,
          expires: from.time(),
          lookup: from.name(),
          scope: from.name(),
          abouts: Array.from({ length: from.count() }, () => from.name()),
          value: from.take(from.count()),
        };
        break;
      case RENEWAL:
        yield { type: 'renewal', token, expires: from.time() };
        break;
      case ABOUT:
        yield { type: 'about', token, about: from.name() };
        break;
      default:
        throw new RangeError('no record');
    }
  }
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('no record');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** No more than there are bytes, so that nothing is allocated for a number alone. */
  count(): number {
    const count = this.take(4).readUInt32LE();
    if (count > this.#bytes.length) throw new RangeError('no record');
    return count;
  }

  time(): number {
    return this.take(8).readDoubleLE();
  }

  name(): string {
    return this.take(this.byte()).toString('latin1');
  }
}

function time(ms: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(ms);
  return bytes;
}

/** Tokens and fingerprints: ASCII, of at most 255 characters. */
function name(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(1 + text.length);
  bytes.writeUInt8(text.length);
  bytes.write(text, 1, 'latin1');
  return bytes;
}
