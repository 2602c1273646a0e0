const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** A path as git writes it in a diff: as it is, or in quotes with escapes of C (`core.quotePath`). Its bytes. */
export function unquotePath(written: Buffer): Buffer {
  if (written[0] !== 34) return written;
  const bytes: number[] = [];
  const text = written.toString('latin1', 1, written.at(-1) === 34 ? written.length - 1 : written.length);
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') {
      bytes.push(text.charCodeAt(at));
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal === undefined) {
      bytes.push(ESCAPES[text[at + 1] ?? ''] ?? 63);
      at += 1;
    } else {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    }
  }
  return Buffer.from(bytes);
}
