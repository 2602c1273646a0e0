import type { PatternNode } from './parse-pattern.ts';
import type { UnitSet } from './unit-set.ts';
import { UnusablePattern } from './unusable-pattern.ts';

/** One state of the automaton of Thompson's construction. */
type Instruction =
  | { readonly op: 'units'; readonly set: UnitSet; readonly next: number }
  | { readonly op: 'split'; readonly a: number; readonly b: number }
  | { readonly op: 'start' | 'end'; readonly next: number }
  | { readonly op: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly entry: number;
}

const MOST_STATES = 2000;
const MOST_STEPS = 20_000;

/**
 * Counts become copies, so that a text is read once, whatever the expression is.
 *
 * @throws UnusablePattern when its counts multiply to more than 2,000 states
 */
export function programOf(node: PatternNode): Program {
  const instructions: Instruction[] = [{ op: 'match' }];
  const push = (instruction: Instruction): number => {
    if (instructions.length >= MOST_STATES)
      throw new UnusablePattern(
        `has counts that multiply to more than ${MOST_STATES} states; write smaller ones`,
      );
    return instructions.push(instruction) - 1;
  };
  let steps = 0;
  const build = (part: PatternNode, next: number): number => {
    // Copies of what is empty make no states, but take their time.
    if (++steps > MOST_STEPS)
      throw new UnusablePattern('has counts that multiply to too much; write smaller ones');
    switch (part.kind) {
      case 'units':
        return push({ op: 'units', set: part.set, next });
      case 'start':
      case 'end':
        return push({ op: part.kind, next });
      case 'sequence':
        return part.parts.reduceRight((after, inner) => build(inner, after), next);
      case 'either':
        return part.branches
          .map((branch) => build(branch, next))
          .reduceRight((b, a) => push({ op: 'split', a, b }));
      case 'repeat': {
        let after = next;
        if (part.most === Infinity) {
          const loop = push({ op: 'split', a: next, b: next });
          instructions[loop] = { op: 'split', a: build(part.body, loop), b: next };
          after = loop;
        } else {
          for (let more = part.least; more < part.most; more += 1)
            after = push({ op: 'split', a: build(part.body, after), b: next });
        }
        for (let copy = 0; copy < part.least; copy += 1) after = build(part.body, after);
        return after;
      }
    }
  };
  const entry = build(node, 0);
  return { instructions, entry };
}
