/** A text with its escapes decoded, and where each unit of it stood. */
export interface Unescaped {
  readonly text: string;
  /** Where the unit at a place of `text` stands in the original, or the escape it is decoded from begins. */
  from(at: number): number;
  /** The place in the original after what ends at a place of `text`. */
  endFrom(at: number): number;
}

const ESCAPES = /(?:%[0-9A-Fa-f]{2})+|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]|&#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});/g;
/** Shorter texts are searched faster unit by unit. */
const SHORT = 40;
const SINGLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Percent-encoding, the escapes of JSON and numeric references of HTML, which hide a value (`jane%40example.org`) or glue
 * it to a letter (`\n123-45-6789`) in a text that is not read as what it is. Undefined where there are none.
 */
export function unescape(source: string): Unescaped | undefined {
  if (!mayHaveEscapes(source)) return undefined;
  let text = '';
  let last = 0;
  // Pairs: a place in `text` after which the distance to the original is another.
  const places: number[] = [0];
  const shifts: number[] = [0];
  for (const match of source.matchAll(ESCAPES)) {
    const decoded = decode(match[0]);
    if (decoded === undefined) continue;
    text += source.slice(last, match.index);
    // Every unit of an escape stands where the escape begins; what follows it, where it ends.
    for (let unit = 0; unit < decoded.length; unit += 1) {
      places.push(text.length + unit);
      shifts.push(match.index - text.length - unit);
    }
    text += decoded;
    last = match.index + match[0].length;
    places.push(text.length);
    shifts.push(last - text.length);
  }
  if (last === 0) return undefined;
  text += source.slice(last);
  const from = (at: number): number => at + (shifts[indexOf(places, at)] ?? 0);
  return { text, from, endFrom: (at) => Math.max(from(at), at === 0 ? 0 : from(at - 1) + 1) };
}

function mayHaveEscapes(text: string): boolean {
  if (text.length > SHORT) return text.includes('%') || text.includes('\\') || text.includes('&#');
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x25 || code === 0x5c || code === 0x26) return true;
  }
  return false;
}

/** The last place at or before. */
function indexOf(places: readonly number[], at: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decode(escape: string): string | undefined {
  if (escape.startsWith('%')) {
    try {
      return decodeURIComponent(escape);
    } catch {
      return Buffer.from(escape.replaceAll('%', ''), 'hex').toString('latin1');
    }
  }
  if (escape.startsWith('&')) {
    const number = /^&#x/i.test(escape) ? Number.parseInt(escape.slice(3), 16) : Number(escape.slice(2, -1));
    return number <= 0x10ffff ? String.fromCodePoint(number) : undefined;
  }
  const kind = escape[1] ?? '';
  return kind === 'u' ? String.fromCharCode(Number.parseInt(escape.slice(2), 16)) : (SINGLE[kind] ?? kind);
}
