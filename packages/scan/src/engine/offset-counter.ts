/** Where the bytes stand that a place in a decoded text comes from. */
export interface OffsetCounter {
  /** Asked in the order of the text, so that the text is counted once. */
  at(place: number, secret: string): number;
}

const REPLACEMENT = '\ufffd';
const LINE_FEED = 10;
/** Bytes that one unit may come from: of what is no UTF-8, up to three have become one, too. */
const MOST_BYTES = 3;

/** Known of a place in the text: that its bytes begin here, or between these. */
interface Known {
  readonly place: number;
  readonly least: number;
  readonly most: number;
}

/** @param from where in `bytes`, which are UTF-8 or should be, `text` begins */
export function createOffsetCounter(bytes: Buffer, text: string, from: number): OffsetCounter {
  const beginning: Known = { place: 0, least: from, most: from };
  let known = beginning;
  return {
    at: (place, secret) => {
      if (place < known.place) known = beginning;
      const between = text.slice(known.place, place);
      if (known.least === known.most && !between.includes(REPLACEMENT)) {
        const offset = known.least + Buffer.byteLength(between);
        known = { place, least: offset, most: offset };
        return offset;
      }
      // Of bytes that are no UTF-8 the line ends can be counted, and on its line the credential is looked for.
      known = searched(bytes, secret, place, afterLines(bytes, between, known));
      return known.least;
    },
  };
}

/** After the last line end in the text that follows. */
function afterLines(bytes: Buffer, following: string, known: Known): Known {
  const last = following.lastIndexOf('\n');
  if (last === -1) return known;
  let offset = known.least;
  for (let at = following.indexOf('\n'); at !== -1; at = following.indexOf('\n', at + 1))
    offset = bytes.indexOf(LINE_FEED, offset) + 1;
  return { place: known.place + last + 1, least: offset, most: offset };
}

/** Where it cannot be found, since it was encoded or is no UTF-8 itself, the earliest place that it may have. */
function searched(bytes: Buffer, secret: string, place: number, known: Known): Known {
  const units = place - known.place;
  const least = known.least + units;
  const most = known.most + units * MOST_BYTES;
  const found = bytes.subarray(least, most + Buffer.byteLength(secret)).indexOf(secret);
  return found === -1 ? { place, least, most } : { place, least: least + found, most: least + found };
}
