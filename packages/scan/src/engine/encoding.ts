/** How the bytes of a file are read. */
export interface TextEncoding {
  readonly name: 'utf8' | 'utf16le' | 'utf16be';
  /** Bytes of the byte order mark. */
  readonly mark: number;
}

/** What decides: as many bytes as git, grep and ripgrep look at, or more. */
export const HEAD = 8_192;

/** Of 100 bytes at odd (or even) places, so many are NUL in UTF-16 text that is mostly Latin; and hardly any elsewhere. */
const MANY = 30;
const FEW = 2;

/**
 * Reads the encoding from the first bytes. A NUL is in no text of one byte a letter; in UTF-16 every second byte is one.
 *
 * @returns `undefined` for binary data
 */
export function encodingOf(bytes: Uint8Array): TextEncoding | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return isText(bytes, 3);
  // FF FE 00 00 is UTF-32, which nobody keeps credentials in.
  if (first === 0xff && second === 0xfe && !(third === 0 && bytes[3] === 0))
    return { name: 'utf16le', mark: 2 };
  if (first === 0xfe && second === 0xff) return { name: 'utf16be', mark: 2 };
  return isText(bytes, 0);
}

function isText(bytes: Uint8Array, mark: number): TextEncoding | undefined {
  const head = bytes.subarray(0, HEAD);
  return head.includes(0) ? byZeros(head) : { name: 'utf8', mark };
}

function byZeros(head: Uint8Array): TextEncoding | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at++) {
    if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1;
  }
  const half = head.length / 2;
  const [even = 0, odd = 0] = zeros.map((count) => (count * 100) / half);
  if (odd >= MANY && even <= FEW) return { name: 'utf16le', mark: 0 };
  if (even >= MANY && odd <= FEW) return { name: 'utf16be', mark: 0 };
  return undefined;
}
