import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { SEAL_BYTES, Sealer } from '../sealer.ts';
import { derivedKey } from '../vault-key.ts';

const MAGIC = Buffer.from('SPTOKEN1');
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
export const HEADER_BYTES: number = MAGIC.length + SALT_BYTES + CHECK_BYTES;

const LENGTH_BYTES = 4;
const PREFIX_CHECK_BYTES = 8;
/** What stands before a sealed frame: its length, and a check of that. */
export const PREFIX_BYTES: number = LENGTH_BYTES + PREFIX_CHECK_BYTES;
/**
 * Records are gathered into frames of about this size, a few milliseconds of work; one large value can be
 * more.
 */
export const FRAME_TARGET_BYTES: number = 2 ** 17;
/** One value can have very many people it tells about. */
const MAX_FRAME_BYTES = 2 ** 29;

/**
 * The frames of one file: records sealed together, each frame bound to its number and to the file, by
 * AES-256-GCM with a key of this file alone. Since a rewritten file has another key, nothing of the old one
 * can be put into it.
 *
 * The length has a check of its own: without it, a flipped bit there would look like a frame that a crash cut
 * off.
 */
export class VaultFrames {
  readonly header: Buffer;
  readonly #sealer: Sealer;
  readonly #checkKey: KeyObject;
  readonly #bound: Buffer;

  private constructor(master: KeyObject, salt: Buffer, random: (bytes: number) => Uint8Array) {
    this.#sealer = new Sealer(derivedKey(master, 'file frames', salt), random);
    this.#checkKey = derivedKey(master, 'file checks', salt);
    this.#bound = Buffer.concat([salt, Buffer.alloc(8)]);
    const start = Buffer.concat([MAGIC, salt]);
    this.header = Buffer.concat([start, this.#check('header', start, CHECK_BYTES)]);
  }

  /** For a new file. */
  static create(master: KeyObject, random: (bytes: number) => Uint8Array): VaultFrames {
    return new VaultFrames(master, Buffer.from(random(SALT_BYTES)), random);
  }

  /** `foreign`: no file of ours. `wrong_key`: it is, but the key or the header is not what it was. */
  static of(
    header: Buffer,
    master: KeyObject,
    random: (bytes: number) => Uint8Array,
  ): VaultFrames | 'foreign' | 'wrong_key' {
    if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return 'foreign';
    const salt = Buffer.from(header.subarray(MAGIC.length, MAGIC.length + SALT_BYTES));
    const frames = new VaultFrames(master, salt, random);
    return timingSafeEqual(frames.header, header.subarray(0, HEADER_BYTES)) ? frames : 'wrong_key';
  }

  /** @param number counts from 0 in each file */
  seal(number: number, records: Buffer): Buffer {
    const sealed = this.#sealer.seal(records, this.#boundTo(number));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(sealed.length);
    return Buffer.concat([length, this.#prefixCheck(number, length), sealed]);
  }

  /** How long the sealed frame after this prefix is; undefined when that was altered. */
  lengthIn(number: number, prefix: Buffer): number | undefined {
    const length = prefix.subarray(0, LENGTH_BYTES);
    const check = prefix.subarray(LENGTH_BYTES, PREFIX_BYTES);
    if (!timingSafeEqual(check, this.#prefixCheck(number, length))) return undefined;
    const bytes = length.readUInt32LE();
    return bytes >= SEAL_BYTES && bytes <= MAX_FRAME_BYTES ? bytes : undefined;
  }

  /** The records; undefined when they were altered. */
  open(number: number, sealed: Buffer): Buffer | undefined {
    return this.#sealer.open(sealed, this.#boundTo(number));
  }

  #boundTo(number: number): Buffer {
    this.#bound.writeBigUInt64LE(BigInt(number), SALT_BYTES);
    return this.#bound;
  }

  #prefixCheck(number: number, length: Buffer): Buffer {
    return this.#check(`frame ${number} `, length, PREFIX_CHECK_BYTES);
  }

  #check(kind: string, bytes: Buffer, size: number): Buffer {
    return createHmac('sha256', this.#checkKey).update(kind).update(bytes).digest().subarray(0, size);
  }
}
