import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TokenVaultError } from '../token-vault-error.ts';
import { HEADER_BYTES, PREFIX_BYTES, VaultFrames } from './vault-frames.ts';

export interface VaultFileEnd {
  readonly frames: VaultFrames;
  /** How many frames there are, and where they end. */
  readonly count: number;
  readonly size: number;
  /** Whether more follows: a frame that a crash cut off, which was never acknowledged. */
  readonly torn: boolean;
}

const CHUNK_BYTES = 2 ** 20;
/** A few milliseconds of work. */
const TURN_BYTES = 2 ** 16;
/**
 * Blocks that the file system had given to the file, but not written when the power went, are read as zeros.
 * A frame ends in a tag of 16 bytes, which are not zeros.
 */
const LEAST_ZEROS = 16;

/**
 * Gives the records of each frame. What a crash left incomplete at the end is passed over; anything else that
 * is not as it was written is an error, since what comes after it would be lost without a word.
 *
 * @throws TokenVaultError `wrong_key`, `altered`; errors of the file system as they are
 */
export async function readVaultFile(
  file: string,
  master: KeyObject,
  random: (bytes: number) => Uint8Array,
  take: (records: Buffer) => void,
): Promise<VaultFileEnd> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const source = new Source(handle, (await handle.stat()).size);
    const frames = VaultFrames.of(await source.take(HEADER_BYTES), master, random);
    if (frames === 'foreign') throw altered(file, 'does not begin like a token vault');
    if (frames === 'wrong_key') throw wrongKey(file);
    let sinceTurn = 0;
    for (let count = 0; ; count += 1) {
      const size = source.at;
      const end = (torn: boolean): VaultFileEnd => ({ frames, count, size, torn });
      if (source.left === 0) return end(false);
      if (source.left < PREFIX_BYTES) return end(true);
      const prefix = await source.take(PREFIX_BYTES);
      const length = frames.lengthIn(count, prefix);
      if (length === undefined) {
        if (zerosAtTheEndOf(prefix) > 0 && (await source.isZeroToTheEnd())) return end(true);
        throw altered(file, `was altered at byte ${size}`);
      }
      if (source.left < length) return end(true);
      const sealed = await source.take(length);
      const records = frames.open(count, sealed);
      if (records === undefined) {
        const zeros = zerosAtTheEndOf(sealed);
        const enough = zeros > 0 && zeros + source.left >= LEAST_ZEROS;
        if (enough && (await source.isZeroToTheEnd())) return end(true);
        throw altered(file, `was altered at byte ${size}`);
      }
      take(records);
      records.fill(0);
      // Opening is not asynchronous; others have a turn.
      sinceTurn += length;
      if (sinceTurn < TURN_BYTES) continue;
      sinceTurn = 0;
      await nextTurn();
    }
  } finally {
    await handle.close();
  }
}

function zerosAtTheEndOf(bytes: Buffer): number {
  let zeros = 0;
  while (zeros < bytes.length && bytes[bytes.length - 1 - zeros] === 0) zeros += 1;
  return zeros;
}

/** A file from its start on, read in large pieces. */
class Source {
  /** Where the next byte is. */
  at = 0;
  readonly #handle: FileHandle;
  readonly #size: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkAt = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  get left(): number {
    return this.#size - this.at;
  }

  /** Fewer bytes at the end of the file. */
  async take(length: number): Promise<Buffer> {
    const start = this.at - this.#chunkAt;
    if (start + length > this.#chunk.length) await this.#fill(length);
    const from = this.at - this.#chunkAt;
    const taken = this.#chunk.subarray(from, from + length);
    this.at += taken.length;
    return taken;
  }

  async isZeroToTheEnd(): Promise<boolean> {
    while (this.left > 0) {
      const bytes = await this.take(Math.min(this.left, CHUNK_BYTES));
      if (bytes.length === 0) return false;
      if (bytes.some((byte) => byte !== 0)) return false;
    }
    return true;
  }

  async #fill(length: number): Promise<void> {
    const chunk = Buffer.alloc(Math.min(Math.max(length, CHUNK_BYTES), this.left));
    let done = 0;
    while (done < chunk.length) {
      const { bytesRead } = await this.#handle.read(chunk, done, chunk.length - done, this.at + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.#chunk = chunk.subarray(0, done);
    this.#chunkAt = this.at;
  }
}

function wrongKey(file: string): TokenVaultError {
  return new TokenVaultError(
    'wrong_key',
    `The key does not open ${file}, or its first bytes were altered; give the key that it was made with, ` +
      'or move the file away to begin a new one (its tokens can then no longer be exchanged).',
  );
}

function altered(file: string, how: string): TokenVaultError {
  return new TokenVaultError(
    'altered',
    `${file} ${how}; restore a copy, or move the file away to begin a new one ` +
      '(its tokens can then no longer be exchanged).',
  );
}
