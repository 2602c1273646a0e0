/** Shorter runs hold no credential that says what it is. */
export const LEAST = 40;

/** A run of letters, digits, `+`, `/`, `-`, `_`: its beginning and its end. */
export type Run = readonly [start: number, end: number];

const NONE: readonly Run[] = [];

/**
 * Finds the runs of 40 units and more, in a text or in its bytes. Such a run holds one of any 40 units in a row, so most of
 * a text is passed without a look (Boyer and Moore, 1977).
 */
export function base64Runs(units: ArrayLike<number>): readonly Run[] {
  const { length } = units;
  let runs: Run[] | undefined;
  for (let probe = LEAST - 1; probe < length; probe += LEAST) {
    if (SEXTETS[units[probe] as number] === NO_SEXTET) continue;
    let start = probe;
    while (start > probe - LEAST && SEXTETS[units[start] as number] !== NO_SEXTET) start -= 1;
    if (start > probe - LEAST) {
      // A run that is long enough begins after `start`, and so holds what the next probe looks at.
      probe = start;
      continue;
    }
    let end = probe + 1;
    while (end < length && SEXTETS[units[end] as number] !== NO_SEXTET) end += 1;
    (runs ??= []).push([start + 1, end]);
    probe = end;
  }
  return runs ?? NONE;
}

const NO_SEXTET = 255;

/** What a unit stands for in base64, of either alphabet (RFC 4648, sections 4 and 5). */
export const SEXTETS: Uint8Array = sextets();

function sextets(): Uint8Array {
  const table = new Uint8Array(0x10000).fill(NO_SEXTET);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  for (let value = 0; value < 64; value++) table[`${letters}+/`.charCodeAt(value)] = value;
  table[45] = 62;
  table[95] = 63;
  return table;
}
