import { type Node, OTHERS, type Units, UnusablePattern } from './node.ts';
import { parsePattern } from './parse.ts';
import { type Starts, startsOf } from './starts.ts';

/** What one attempt to match a pattern can cost at most, whatever the text. */
export interface Bound {
  /** The longest match in code units. */
  readonly most: number;
  /** The shortest. */
  readonly least: number;
  /** In how many ways the matcher may have to try before it gives up. */
  readonly ways: number;
  readonly starts: Starts;
  /** The literal that every match begins with; empty where it begins with a class or a choice. */
  readonly prefix: string;
}

/** Longest match of a pattern. */
const MOST_UNITS = 256;
/** With it, a matcher reads no more than 1,024 units from one place. */
const MOST_STEPS = 1_024;

/**
 * Reads a pattern and proves that a match from one place takes a bounded number of steps.
 *
 * @throws UnusablePattern with what to write instead
 */
export function boundPattern(source: string, ignoreCase = false): Bound {
  const node = parsePattern(source, ignoreCase);
  const shape = measure(node, { first: new Uint8Array(OTHERS + 1), empty: false });
  if (shape.least === 0)
    throw new UnusablePattern('matches the empty text; write what it has to hold at least');
  if (shape.most > MOST_UNITS) {
    throw new UnusablePattern(
      `can match ${shape.most} characters; write counts that add up to ${MOST_UNITS} at most`,
    );
  }
  const steps = shape.ways * shape.most;
  if (steps > MOST_STEPS) {
    const where = shape.blame === '' ? '' : `: "${shape.blame}" can also match what may follow it`;
    throw new UnusablePattern(
      `may try ${shape.ways} ways through ${shape.most} characters${where}; ` +
        'write classes that do not overlap with what follows, such as [A-Za-z]{1,20}\\d{4} for \\w{1,20}\\d{4}',
    );
  }
  return {
    most: shape.most,
    least: shape.least,
    ways: shape.ways,
    starts: startsOf(node, shape.least),
    prefix: ignoreCase ? '' : prefixOf(node),
  };
}

interface Follow {
  readonly first: Units;
  /** Nothing may follow. */
  readonly empty: boolean;
}

interface Shape {
  readonly most: number;
  readonly least: number;
  readonly ways: number;
  readonly first: Units;
  readonly blame: string;
}

/** A choice costs nothing where the next unit decides it: then every way but one fails at once. */
function measure(node: Node, follow: Follow): Shape {
  switch (node.kind) {
    case 'units':
      return { most: 1, least: 1, ways: 1, first: node.units, blame: '' };
    case 'sequence': {
      let after = follow;
      let result: Shape = { most: 0, least: 0, ways: 1, first: new Uint8Array(OTHERS + 1), blame: '' };
      for (const part of node.parts.toReversed()) {
        const shape = measure(part, after);
        const first = shape.least === 0 ? union(shape.first, after.first) : shape.first;
        after = { first, empty: shape.least === 0 && after.empty };
        result = {
          most: result.most + shape.most,
          least: result.least + shape.least,
          ways: result.ways * shape.ways,
          first: shape.least === 0 ? union(shape.first, result.first) : shape.first,
          blame: shape.blame || result.blame,
        };
      }
      return result;
    }
    case 'either': {
      const shapes = node.branches.map((branch) => measure(branch, follow));
      let seen: Units = new Uint8Array(OTHERS + 1);
      let overlap = false;
      for (const shape of shapes) {
        const first = shape.least === 0 ? union(shape.first, follow.first) : shape.first;
        overlap ||= meets(seen, first);
        seen = union(seen, first);
      }
      const ways = shapes.map((shape) => shape.ways);
      return {
        most: Math.max(...shapes.map((shape) => shape.most)),
        least: Math.min(...shapes.map((shape) => shape.least)),
        ways: overlap ? ways.reduce((sum, way) => sum + way, 0) : Math.max(...ways),
        first: shapes.reduce<Units>((all, shape) => union(all, shape.first), new Uint8Array(OTHERS + 1)),
        blame: shapes.find((shape) => shape.blame !== '')?.blame ?? '',
      };
    }
    case 'repeat': {
      const probe = measure(node.body, follow);
      if (probe.least === 0)
        throw new UnusablePattern(
          `repeats what may be empty, "${node.text}"; write what it has to hold at least`,
        );
      const body = measure(node.body, { first: union(probe.first, follow.first), empty: follow.empty });
      const ambiguous = node.most > node.least && meets(body.first, follow.first);
      const choices = ambiguous ? node.most - node.least + 1 : 1;
      return {
        most: node.most * body.most,
        least: node.least * body.least,
        ways: Math.min(1e9, choices * body.ways ** node.most),
        first: body.first,
        blame: ambiguous ? node.text : body.blame,
      };
    }
  }
}

function union(a: Units, b: Units): Units {
  return a.map((value, unit) => value | (b[unit] as number));
}

function meets(a: Units, b: Units): boolean {
  return a.some((value, unit) => value === 1 && b[unit] === 1);
}

function prefixOf(node: Node): string {
  switch (node.kind) {
    case 'units': {
      const first = node.units.indexOf(1);
      return first === node.units.lastIndexOf(1) && first < OTHERS ? String.fromCharCode(first) : '';
    }
    case 'sequence': {
      let prefix = '';
      for (const part of node.parts) {
        const text = prefixOf(part);
        prefix += text;
        if (text === '' || part.kind !== 'units') break;
      }
      return prefix;
    }
    case 'either':
      return '';
    case 'repeat':
      return node.least > 0 ? prefixOf(node.body) : '';
  }
}
