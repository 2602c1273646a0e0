import { crc32c } from './crc32c.ts';

/** Length and CRC-32C of the body, both 32 bits, little-endian. */
export const FRAME_HEAD = 8;
/** A body of more bytes is damage: nobody needs to hold more than this in memory to read a journal. */
export const MAX_BODY: number = 4 * 1024 * 1024;

/**
 * First byte of the body of a record. It is the prefix of a leaf in RFC 6962, so that one hash of the body is both the
 * leaf of the tree and the link of the chain.
 */
export const RECORD = 0x00;
/** First byte of the body of a segment's head: 'H'. It is no leaf. */
export const HEAD = 0x48;

/** Fills in the head of a frame whose body stands at `bytes[start + 8..end)`. */
export function sealFrame(bytes: Buffer, start: number, end: number): void {
  const body = start + FRAME_HEAD;
  bytes.writeUInt32LE(end - body, start);
  bytes.writeInt32LE(crc32c(bytes, body, end), start + 4);
}

/** A frame of one kind byte and JSON. */
export function frameOf(kind: number, json: string): Buffer {
  const text = Buffer.from(json);
  const frame = Buffer.allocUnsafe(FRAME_HEAD + 1 + text.length);
  frame[FRAME_HEAD] = kind;
  text.copy(frame, FRAME_HEAD + 1);
  sealFrame(frame, 0, frame.length);
  return frame;
}
