/** The frames of a segment that is sound; the first is its head, with sequence number -1. */
export function framesOf(
  bytes: Buffer,
): { readonly start: number; readonly end: number; readonly seq: number }[] {
  const frames: { start: number; end: number; seq: number }[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 8 + bytes.readUInt32LE(start);
    const seq = /^\{"seq":([0-9]+)/.exec(bytes.toString('latin1', start + 9, start + 40))?.[1];
    frames.push({ start, end, seq: Number(seq ?? -1) });
    start = end;
  }
  return frames;
}
