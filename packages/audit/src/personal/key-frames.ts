import type { KeyObject } from 'node:crypto';
import { crc32c } from '../journal/crc32c.ts';
import { derivedBytes, derivedKey } from './master-key.ts';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './seal.ts';

/**
 * A file of subject keys, version 1: a head, and frames.
 *
 * - head: `SPSUBJ01`, a salt of 32 bytes that is new whenever the file is written anew, 16 bytes that tell another master
 *   key (HKDF of master key and salt).
 * - frame: the length of the body (32 bits, little-endian); the CRC-32C of these four bytes and the frame's number, so that
 *   a length that was changed by accident is not taken for the torn end of a file; the body: a nonce of 12 bytes, and a JSON array of entries
 *   under AES-256-GCM, with a key that comes from master key and salt, and the frame's number as associated data. So no
 *   frame can be changed, moved, left out or taken from an older file. JSON is filled up with spaces, so that
 *   its length says nothing about a name.
 */
const MAGIC = Buffer.from('SPSUBJ01');
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
export const HEAD_BYTES: number = MAGIC.length + SALT_BYTES + CHECK_BYTES;
export const PREFIX_BYTES = 8;
/** Of one body. */
export const MOST_BODY_BYTES = 65_536;

const FEWEST_PLAIN_BYTES = 192;
const PLAIN_STEP = 64;
const SPACE = 0x20;

/** Writes and reads the frames of one file. */
export class KeyFrames {
  readonly head: Buffer;
  readonly #key: KeyObject;
  readonly #random: (bytes: number) => Uint8Array;

  private constructor(head: Buffer, key: KeyObject, random: (bytes: number) => Uint8Array) {
    this.head = head;
    this.#key = key;
    this.#random = random;
  }

  static create(master: KeyObject, random: (bytes: number) => Uint8Array): KeyFrames {
    const salt = random(SALT_BYTES);
    const head = Buffer.concat([MAGIC, salt, checkOf(master, salt)]);
    return new KeyFrames(head, derivedKey(master, 'entries', salt), random);
  }

  static of(
    head: Buffer,
    master: KeyObject,
    random: (bytes: number) => Uint8Array,
  ): KeyFrames | 'foreign' | 'wrong_key' {
    if (head.length < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) return 'foreign';
    const salt = head.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
    if (!checkOf(master, salt).equals(head.subarray(MAGIC.length + SALT_BYTES, HEAD_BYTES)))
      return 'wrong_key';
    return new KeyFrames(
      Buffer.from(head.subarray(0, HEAD_BYTES)),
      derivedKey(master, 'entries', salt),
      random,
    );
  }

  /** @throws RangeError for what does not fit into a frame */
  write(index: number, value: object): Buffer {
    const plain = padded(Buffer.from(JSON.stringify(value)));
    const length = NONCE_BYTES + plain.length + TAG_BYTES;
    if (length > MOST_BODY_BYTES) throw new RangeError('The entries do not fit into a frame.');
    const nonce = this.#random(NONCE_BYTES);
    const data = encrypt(plain, this.#key, nonce, boundTo(index));
    plain.fill(0);
    return Buffer.concat([prefixOf(index, length), nonce, data]);
  }

  /** The length of the body that follows; undefined when it is not the one that was written. */
  lengthIn(index: number, prefix: Buffer): number | undefined {
    const length = prefix.readUInt32LE(0);
    const isOne = length > NONCE_BYTES + TAG_BYTES && length <= MOST_BODY_BYTES;
    return isOne && prefixOf(index, length).equals(prefix.subarray(0, PREFIX_BYTES)) ? length : undefined;
  }

  /** The JSON of a frame; undefined when it is not what was written in this place. */
  read(index: number, body: Buffer): unknown {
    const plain = decrypt(
      body.subarray(NONCE_BYTES),
      this.#key,
      body.subarray(0, NONCE_BYTES),
      boundTo(index),
    );
    if (plain === undefined) return undefined;
    const value: unknown = JSON.parse(plain.toString());
    plain.fill(0);
    return value;
  }
}

function checkOf(master: KeyObject, salt: Uint8Array): Buffer {
  return derivedBytes(master, 'check', salt, CHECK_BYTES);
}

function prefixOf(index: number, length: number): Buffer {
  const bytes = Buffer.alloc(PREFIX_BYTES);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(index, 4);
  bytes.writeInt32LE(crc32c(bytes), 4);
  return bytes;
}

function boundTo(index: number): Buffer {
  return Buffer.from(`entry ${index}`);
}

function padded(json: Buffer): Buffer {
  const steps = Math.ceil(json.length / PLAIN_STEP) * PLAIN_STEP;
  const plain = Buffer.alloc(Math.max(steps, FEWEST_PLAIN_BYTES), SPACE);
  json.copy(plain);
  json.fill(0);
  return plain;
}
