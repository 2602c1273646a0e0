import { isAsciiLetter, isDigit } from './code-units.ts';

/** The end of a line, `{`, `[`, `=`, `;`, `%`, `\` or `&`: by these, other forms and escapes are told. */
export const HAS_MARK = 1;
/** A capital letter of ASCII. */
export const HAS_CAPITAL = 2;
/** A digit of ASCII. */
export const HAS_DIGIT = 4;
/** A unit beyond ASCII. */
export const HAS_OTHER = 8;
/** Perhaps 24 units in a row that base64 is of, in either alphabet (RFC 4648, sections 4 and 5). */
export const HAS_RUN = 16;
/** Nothing is known of the text. */
export const HAS_ANYTHING: number = HAS_MARK | HAS_CAPITAL | HAS_DIGIT | HAS_OTHER | HAS_RUN;

/** In the tables: a unit that base64 has not. */
const ENDS_RUN = HAS_RUN;
const BEYOND_ASCII = 0x80;
const NOT_ASCII = 0xff80ff80;
const MARKS: ReadonlySet<number> = new Set(Array.from('\n\r{[=;%\\&', (mark) => mark.charCodeAt(0)));
const MARKS_OF_BASE64: ReadonlySet<number> = new Set(Array.from('+/-_', (mark) => mark.charCodeAt(0)));

const KINDS: Uint8Array = new Uint8Array(0x10000).fill(HAS_OTHER | ENDS_RUN, BEYOND_ASCII);
for (let code = 0; code < BEYOND_ASCII; code++) KINDS[code] = kindOf(code);
/** Of two ASCII units, by the first of them and 128 times the second. */
const PAIRS: Uint8Array = Uint8Array.from(
  { length: BEYOND_ASCII ** 2 },
  (_, index) => (KINDS[index % BEYOND_ASCII] as number) | (KINDS[index >> 7] as number),
);

/**
 * @param twos two units in a number, the first in its lower half; zeros from `length` on, for six units at least
 * @returns the `HAS_` bits
 */
export function unitKinds(twos: Uint32Array, length: number): number {
  let some = 0;
  let each = ENDS_RUN;
  let last = ENDS_RUN;
  const to = (length + 1) >> 1;
  for (let at = 0; at < to; at += 4) {
    const one = twos[at] as number;
    const two = twos[at + 1] as number;
    const three = twos[at + 2] as number;
    const four = twos[at + 3] as number;
    const kinds =
      ((one | two | three | four) & NOT_ASCII) === 0
        ? (PAIRS[(one & 127) | (one >>> 9)] as number) |
          (PAIRS[(two & 127) | (two >>> 9)] as number) |
          (PAIRS[(three & 127) | (three >>> 9)] as number) |
          (PAIRS[(four & 127) | (four >>> 9)] as number)
        : kindsOfTwo(one) | kindsOfTwo(two) | kindsOfTwo(three) | kindsOfTwo(four);
    some |= kinds;
    // A run of 24 units covers two rounds at least.
    each &= last | kinds;
    last = kinds;
  }
  return (some & ~HAS_RUN) | (~each & HAS_RUN);
}

function kindsOfTwo(two: number): number {
  return (KINDS[two & 0xffff] as number) | (KINDS[two >>> 16] as number);
}

/** Of a unit of ASCII. */
function kindOf(code: number): number {
  if (isDigit(code)) return HAS_DIGIT;
  if (isAsciiLetter(code)) return code < 0x61 ? HAS_CAPITAL : 0;
  return (MARKS.has(code) ? HAS_MARK : 0) | (MARKS_OF_BASE64.has(code) ? 0 : ENDS_RUN);
}
