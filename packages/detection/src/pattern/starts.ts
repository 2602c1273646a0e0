import { type Node, OTHERS } from './node.ts';

/** How many units of a match `startsOf` looks at. */
const MOST_STARTS = 8;

/** What the first units of a match can be. */
export interface Starts {
  /** For each ASCII unit, a bit for each of the first places of a match at which it can stand. */
  readonly units: Uint8Array;
  /** How many places these bits are about: no more than the shortest match has. */
  readonly places: number;
}

/** Tells most texts that a pattern does not match without the call that a regular expression costs. */
export function startsOf(node: Node, least: number): Starts {
  const units = new Uint8Array(OTHERS);
  mark(node, 1, units);
  return { units, places: Math.min(MOST_STARTS, least) };
}

/** Marks what can stand at the places `from` (a bit each) and answers the places that may come after it. */
function mark(node: Node, from: number, units: Uint8Array): number {
  switch (node.kind) {
    case 'units':
      for (let unit = 0; unit < OTHERS; unit++) {
        if (node.units[unit] === 1) units[unit] = (units[unit] as number) | from;
      }
      return (from << 1) & ((1 << MOST_STARTS) - 1);
    case 'sequence':
      return node.parts.reduce((places, part) => mark(part, places, units), from);
    case 'either':
      return node.branches.reduce((after, branch) => after | mark(branch, from, units), 0);
    case 'repeat': {
      let after = node.least === 0 ? from : 0;
      let places = from;
      for (let count = 1; count <= node.most && places !== 0; count++) {
        places = mark(node.body, places, units);
        if (count >= node.least) after |= places;
      }
      return after;
    }
  }
}
