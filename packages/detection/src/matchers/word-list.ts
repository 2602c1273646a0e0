/** Whether the units from `from` to `to` are one of some words, in any case. */
export type WordList = (codes: Uint16Array, from: number, to: number) => boolean;

const LONGEST = 31;

/**
 * A set of words that is asked about the units themselves. To cut a word out, lower its case and look it up takes ten times
 * as long, twenty in a text with units of two bytes, and a text can be made to ask at each of its words.
 *
 * @param words in lower case, of ASCII, 31 units at most
 * @throws TypeError for others
 */
export function createWordList(words: readonly string[]): WordList {
  // By the first unit, a bit for each length that a word beginning with it has: most questions end there.
  const sizes = new Int32Array(128);
  const lists = new Map<number, Uint8Array[]>();
  for (const word of new Set(words)) {
    const units = Uint8Array.from(word, (unit) => unit.charCodeAt(0));
    if (!/^[!-@[-~]+$/.test(word) || units.length > LONGEST)
      throw new TypeError(`"${word}" cannot stand in a list of words; write it in small letters of ASCII.`);
    const first = units[0] as number;
    sizes[first] = (sizes[first] as number) | (1 << units.length);
    const key = keyOf(first, units.length);
    lists.set(key, [...(lists.get(key) ?? []), units]);
  }
  return (codes, from, to) => {
    const size = to - from;
    const unit = codes[from] as number;
    const first = unit >= 65 && unit <= 90 ? unit | 32 : unit;
    if (first > 127 || size > LONGEST || (((sizes[first] as number) >>> size) & 1) === 0) return false;
    for (const units of lists.get(keyOf(first, size)) as readonly Uint8Array[])
      if (standAt(units, codes, from)) return true;
    return false;
  };
}

function keyOf(first: number, size: number): number {
  return first * (LONGEST + 1) + size;
}

function standAt(units: Uint8Array, codes: Uint16Array, at: number): boolean {
  for (let place = 1; place < units.length; place++) {
    const [wanted, seen] = [units[place] as number, codes[at + place] as number];
    // Of a letter, the capital differs in one bit.
    if (seen !== wanted && !(wanted >= 97 && wanted <= 122 && (seen | 32) === wanted)) return false;
  }
  return true;
}
