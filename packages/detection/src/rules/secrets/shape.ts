/** More units than a text has. It is no `Infinity`, with which places would be computed as fractions. */
const ENDLESS = 2 ** 30;

/** Units that a run may hold, for the first 128; and how many. */
interface Run {
  readonly units: Uint8Array;
  readonly least: number;
  /** `ENDLESS` where the run has no end. */
  readonly most: number;
}

/** Runs in a row, each taken as far as it goes and never given back: one look at each unit. */
export type Shape = readonly Run[];

const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
};
const PART = /\[([^\]]+)\]|\\([dw])|\\(.)|([^[\\{])/;
const COUNT = /\{(\d+)(?:(,)(\d*))?\}/;
const TOKEN = new RegExp(`(?:${PART.source})(?:${COUNT.source})?`, 'gy');

/**
 * Reads a shape written as a regular expression of literals, classes and counts, such as `ghp_[A-Za-z0-9]{36}`.
 *
 * @throws TypeError for anything else
 */
export function readShape(source: string): Shape {
  const shape: Run[] = [];
  let read = 0;
  for (const token of source.matchAll(TOKEN)) {
    const [text, set, name, escaped, literal, low, comma, high] = token;
    read += text.length;
    const least = low === undefined ? 1 : Number(low);
    const most = comma === undefined ? least : high === '' ? ENDLESS : Number(high);
    shape.push({ units: sharedUnits(set ?? CLASSES[name ?? ''] ?? escaped ?? literal ?? ''), least, most });
  }
  if (read !== source.length || shape.length === 0)
    throw new TypeError(`A shape has literals, classes and counts only, not "${source.slice(read)}".`);
  return shape;
}

/** Ranges and single units: `0-9A-Za-z_-`. */
export function unitsOf(set: string): Uint8Array {
  const units = new Uint8Array(128);
  for (let at = 0; at < set.length; at++) {
    if (set[at] === '\\' && at + 1 < set.length) at += 1;
    const first = set.charCodeAt(at);
    const isRange = set[at + 1] === '-' && at + 2 < set.length;
    const last = isRange ? set.charCodeAt(at + 2) : first;
    units.fill(1, first, last + 1);
    if (isRange) at += 2;
  }
  return units;
}

/** Thousands of runs hold one of these: a table for each would double the time that the package takes to load. */
const SHARED: ReadonlyMap<string, Uint8Array> = new Map(
  [
    'A-Za-z0-9',
    'a-f0-9',
    'A-Za-z0-9_-',
    'A-Za-z0-9+/',
    '0-9',
    'a-z0-9',
    'A-Z0-9',
    'A-Z2-7',
    ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(at + 32)),
  ].map((set): [string, Uint8Array] => [set, unitsOf(set)]),
);

function sharedUnits(set: string): Uint8Array {
  return SHARED.get(set) ?? unitsOf(set);
}

/** Where the shape that begins at `at` ends; -1 where it does not stand. */
export function shapeEnd(shape: Shape, codes: Uint16Array, at: number): number {
  let to = at;
  for (const { units, least, most } of shape) {
    const start = to;
    const stop = (start + most) | 0;
    // Zeros follow the text, and no run holds them.
    for (; to < stop; to++) {
      const code = codes[to] as number;
      // V8 reads a table slowly once it was asked for what is behind its end.
      if (code > 127 || units[code] === 0) break;
    }
    if (to - start < least) return -1;
  }
  return to;
}

/** The most units that `shapeEnd` reads; of runs without end, the least that makes a match. */
export function reachOf(shape: Shape): number {
  return shape.reduce((sum, run) => sum + (run.most === ENDLESS ? run.least : run.most), 0);
}

/** A run of more units than this is read once only: see `longOf`. */
const LONG = 64;

/** The set of the run without end, or of a long one, if there is one. */
export function longOf(shape: Shape): Uint8Array | undefined {
  return shape.find((run) => run.most > LONG)?.units;
}

/** What a shape begins with, up to its first class. */
export function literalOf(shape: string): string {
  return (/^(?:[^[\\{]|\\[^dw])+(?![^{]?\{)/.exec(shape)?.[0] ?? shape).replaceAll('\\', '');
}
