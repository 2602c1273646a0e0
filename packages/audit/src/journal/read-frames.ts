import { crc32c } from './crc32c.ts';
import { FRAME_HEAD, MAX_BODY } from './frame.ts';
import type { JournalFile } from './journal-fs.ts';

const CHUNK = 256 * 1024;

export type Frame =
  /** `body` is valid until the next frame is asked for. */
  | { readonly ok: true; readonly start: number; readonly end: number; readonly body: Buffer }
  /** Nothing can be read from `start` on: the file ends within a frame, or its bytes are not what was written. */
  | { readonly ok: false; readonly start: number; readonly why: 'short' | 'changed' };

/**
 * The frames of a file from a position on, in memory that does not grow with the file. The last one is not `ok` when
 * the file does not end with a whole frame.
 */
export async function* readFrames(file: JournalFile, from = 0): AsyncGenerator<Frame, void, undefined> {
  let buffer = Buffer.allocUnsafe(CHUNK);
  let [start, filled] = [from, 0];
  let at = 0;
  const have = async (bytes: number): Promise<boolean> => {
    if (filled - at >= bytes) return true;
    const next = bytes > buffer.length ? Buffer.allocUnsafe(bytes) : buffer;
    buffer.copy(next, 0, at, filled);
    [buffer, filled, at] = [next, filled - at, 0];
    while (filled < bytes) {
      const got = await file.read(buffer.subarray(filled), start + filled);
      if (got === 0) return false;
      filled += got;
    }
    return true;
  };
  for (;;) {
    if (!(await have(FRAME_HEAD))) {
      if (filled - at > 0) yield { ok: false, start, why: 'short' };
      return;
    }
    const length = buffer.readUInt32LE(at);
    if (length === 0 || length > MAX_BODY) {
      yield { ok: false, start, why: 'changed' };
      return;
    }
    const size = FRAME_HEAD + length;
    if (!(await have(size))) {
      yield { ok: false, start, why: 'short' };
      return;
    }
    if (crc32c(buffer, at + FRAME_HEAD, at + size) !== buffer.readInt32LE(at + 4)) {
      yield { ok: false, start, why: 'changed' };
      return;
    }
    yield { ok: true, start, end: start + size, body: buffer.subarray(at + FRAME_HEAD, at + size) };
    at += size;
    start += size;
  }
}
