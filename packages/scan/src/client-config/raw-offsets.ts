/** Where the units of a JSON string stand in its text: one for each, and the end. `raw` is without its quotes. */
export function rawOffsets(raw: string): readonly number[] {
  const offsets: number[] = [];
  let at = 0;
  while (at < raw.length) {
    offsets.push(at);
    // RFC 8259, section 7.
    at += raw[at] === '\\' ? (raw[at + 1] === 'u' ? 6 : 2) : 1;
  }
  return [...offsets, raw.length];
}
