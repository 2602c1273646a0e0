const UTF8 = 0;
const UTF16 = 1;

/** Text as bytes that give it back exactly: UTF-8, or UTF-16 when half a character would be lost in that. */
export function valueBytes(value: string): Buffer {
  const isWhole = !/\p{Surrogate}/u.test(value);
  const bytes = Buffer.allocUnsafe(1 + (isWhole ? Buffer.byteLength(value) : value.length * 2));
  bytes[0] = isWhole ? UTF8 : UTF16;
  bytes.write(value, 1, isWhole ? 'utf8' : 'utf16le');
  return bytes;
}

export function valueOfBytes(bytes: Buffer): string {
  return bytes.toString(bytes[0] === UTF16 ? 'utf16le' : 'utf8', 1);
}
