import type { Predicate } from './predicate.ts';
import type { Row } from './row.ts';

/** Above this many of ten thousand records, looking a rule up costs as much as asking it. */
const TOO_COMMON = 9000;

/**
 * Finds the rules that a record can match at all, by the values of its members. Each rule hangs on the tests of which one
 * has to pass, as few records as possible passing them.
 */
export class RuleIndex {
  readonly #row: Row;
  readonly #predicates: readonly (Predicate | undefined)[];
  /** Rules that hang on nothing. */
  readonly #always: readonly number[];
  readonly #asked: Uint32Array;
  #turn = 0;

  /** @param predicates by the number of the rule; undefined for those that look at no record */
  constructor(row: Row, predicates: readonly (Predicate | undefined)[]) {
    this.#row = row;
    this.#predicates = predicates;
    this.#asked = new Uint32Array(predicates.length);
    const always: number[] = [];
    for (const [rule, predicate] of predicates.entries()) {
      if (predicate === undefined) continue;
      const { guard } = predicate;
      if (guard === undefined || guard.weight > TOO_COMMON) always.push(rule);
      else for (const { slot, test } of guard.atoms) row.guard(slot, test, rule);
    }
    this.#always = always;
  }

  /** The numbers of the rules that hold for the record that the row is turned to, in order. */
  matches(): readonly number[] {
    this.#turn = this.#turn === 0xffff_ffff ? 1 : this.#turn + 1;
    const found: number[] = [];
    for (const rule of this.#always) this.#ask(rule, found);
    for (const rules of this.#row.candidates()) {
      for (const rule of rules) {
        if (this.#asked[rule] === this.#turn) continue;
        this.#asked[rule] = this.#turn;
        this.#ask(rule, found);
      }
    }
    return found.length > 1 ? found.sort((a, b) => a - b) : found;
  }

  #ask(rule: number, found: number[]): void {
    if (this.#predicates[rule]?.holds(this.#row) === true) found.push(rule);
  }
}
