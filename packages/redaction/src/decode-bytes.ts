import { isUtf8 } from 'node:buffer';

/** Bytes read as text, and how to write another text in the same form. */
export interface DecodedBytes {
  readonly text: string;
  encode(text: string): Buffer;
}

/** So many bytes say what all of them are. */
const LOOKED_AT = 4096;
/** Of the bytes of a text, at most so many may be control characters, or not of ASCII where it is no UTF-8. */
const MOST_ODD = 1 / 8;
/** Of the bytes at even or odd places of UTF-16, so many are 0 where the script is that of Western Europe. */
const LEAST_ZEROS = 0.9;

/**
 * UTF-8, UTF-16 with a byte order mark (Unicode 23.8) or recognized by its zeros, or one byte for one character (Latin-1,
 * Windows-1252). What frames a message of HL7 (MLLP: VT before, FS and CR after) and a NUL at the end belong to the text.
 *
 * @returns undefined for what does not look like text
 */
export function decodeBytes(bytes: Buffer): DecodedBytes | undefined {
  const { length } = bytes;
  if (length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return littleEndian(bytes);
  if (length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return bigEndian(bytes);
  const end = Math.min(length, LOOKED_AT);
  const zeros = [0, 0];
  let controls = 0;
  let high = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
    else if (byte >= 0x80) high += 1;
    else if (isControl(byte)) controls += 1;
  }
  const [even = 0, odd = 0] = zeros;
  const most = end * MOST_ODD;
  if (even + odd > 0 && length % 2 === 0 && controls <= most) {
    const least = (end >> 1) * LEAST_ZEROS;
    if (odd >= least && even <= most) return littleEndian(bytes);
    if (even >= least && odd <= most) return bigEndian(bytes);
  }
  if (controls + even + odd > most) return undefined;
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), encode: (text) => Buffer.from(text, 'utf8') };
  // Every byte a character, which loses nothing.
  return high <= most ? oneByOne(bytes) : undefined;
}

/** For what was declared as text of another script: every byte a character, as long as none of them is a control character. */
export function decodeDeclared(bytes: Buffer): DecodedBytes | undefined {
  return bytes.subarray(0, LOOKED_AT).some((byte) => byte === 0 || isControl(byte))
    ? undefined
    : oneByOne(bytes);
}

/** But those of a text: white space, the marks of MLLP, and ESC, which colors are written with. */
function isControl(byte: number): boolean {
  return byte < 0x20 ? byte < 0x09 || (byte > 0x0d && byte !== 0x1b && byte !== 0x1c) : byte === 0x7f;
}

function oneByOne(bytes: Buffer): DecodedBytes {
  return { text: bytes.toString('latin1'), encode: (text) => Buffer.from(text, 'latin1') };
}

function littleEndian(bytes: Buffer): DecodedBytes {
  return { text: bytes.toString('utf16le'), encode: (text) => Buffer.from(text, 'utf16le') };
}

function bigEndian(bytes: Buffer): DecodedBytes {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return {
    text: even.swap16().toString('utf16le'),
    encode: (text) => Buffer.from(text, 'utf16le').swap16(),
  };
}
