/**
 * Text can be written so that people read a number and patterns do not: full-width digits, zero-width
 * characters between digits, soft hyphens, no-break spaces (Unicode TR 36 and TR 39). Where one of these
 * occurs, the scan reads a copy in which they are plain, and its offsets are led back.
 */
export interface Normalized {
  readonly text: string;
  /** For each unit of the copy, where its original begins. */
  readonly starts: Int32Array;
  /** For each unit of the copy, where its original ends. */
  readonly ends: Int32Array;
}

const REMOVED = -1;

/** The plain unit for `code`, `REMOVED` where it is invisible, or 0 where it stands for itself. */
function plain(code: number): number {
  if (code === 0xad || code === 0x34f || code === 0x61c || code === 0x180e || code === 0xfeff) return REMOVED;
  if (code >= 0x200b && code <= 0x200f) return REMOVED;
  if (code >= 0x202a && code <= 0x202e) return REMOVED;
  if (code >= 0x2060 && code <= 0x206f) return REMOVED;
  if (code >= 0xfe00 && code <= 0xfe0f) return REMOVED;
  if (code === 0xa0 || code === 0x202f || code === 0x205f || code === 0x3000) return 32;
  if (code >= 0x2000 && code <= 0x200a) return 32;
  if (code >= 0x2010 && code <= 0x2013) return 45;
  if (code === 0x2212 || code === 0xfe58 || code === 0xfe63) return 45;
  if (code === 0x2024 || code === 0xfe52) return 46;
  if (code === 0xfe6b) return 64;
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if (code >= 0x660 && code <= 0x669) return code - 0x660 + 48;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0 + 48;
  if (code >= 0x966 && code <= 0x96f) return code - 0x966 + 48;
  return 0;
}

const MATH_HIGH = 0xd835;

/** Whether a text that holds `code` has to be normalized. */
export function isOdd(code: number): boolean {
  return code === MATH_HIGH || plain(code) !== 0;
}

/** U+1D7CE to U+1D7FF are five alphabets of digits, U+1D400 to U+1D6A3 thirteen of letters. */
function mathematical(low: number): number {
  const point = 0x1d400 + (low - 0xdc00);
  if (point >= 0x1d7ce && point <= 0x1d7ff) return 48 + ((point - 0x1d7ce) % 10);
  if (point > 0x1d6a3) return 0;
  const letter = (point - 0x1d400) % 52;
  return letter < 26 ? 65 + letter : 71 + letter;
}

export function normalize(text: string): Normalized {
  const out = new Uint16Array(text.length);
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let value = code < 0x80 ? 0 : plain(code);
    if (value === REMOVED) continue;
    let width = 1;
    if (code === MATH_HIGH && at + 1 < text.length) {
      const low = text.charCodeAt(at + 1);
      value = low >= 0xdc00 && low <= 0xdfff ? mathematical(low) : 0;
      if (value !== 0) width = 2;
    }
    out[size] = value === 0 ? code : value;
    starts[size] = at;
    ends[size] = at + width;
    size += 1;
    at += width - 1;
  }
  return { text: Buffer.from(out.buffer, 0, size * 2).toString('utf16le'), starts, ends };
}
