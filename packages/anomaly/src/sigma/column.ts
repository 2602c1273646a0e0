import type { Field } from './fields.ts';
import type { TextTest } from './text-test.ts';

/** What is known about one value of a field; values that pass the same tests share it. */
export interface Facts {
  /** Whether the value passes a test, by the number of the test. */
  readonly passed: readonly boolean[];
  /** The rules that have to be looked at for it. */
  readonly rules: readonly number[];
}

/** How many values a column remembers. */
const MOST_KEPT = 4096;
/** Longer values are read anew each time. */
const MOST_LONG = 512;

/**
 * All tests on the texts of one field. A value is tested once, for all rules together, and what was found is kept while it
 * is among the newest 4,096 of its field: an event costs what its values cost, not what there are rules.
 */
export class Column {
  readonly field: Field;
  readonly slot: number;
  readonly #tests: TextTest[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #guarded: number[][] = [];
  readonly #lower = new Map<string, number>();
  readonly #cased = new Map<string, number>();
  readonly #patterns: number[] = [];
  #young = new Map<string, Facts>();
  #old = new Map<string, Facts>();
  readonly #shared = new Map<string, Facts>();
  readonly #none: Facts = { passed: [], rules: [] };

  constructor(field: Field, slot: number) {
    this.field = field;
    this.slot = slot;
  }

  /** The number of a test, the same for the same test. */
  add(test: TextTest): number {
    const known = this.#numbers.get(test.key);
    if (known !== undefined) return known;
    const number = this.#tests.push(test) - 1;
    this.#numbers.set(test.key, number);
    if (test.exact === undefined) this.#patterns.push(number);
    else (test.cased ? this.#cased : this.#lower).set(test.exact, number);
    return number;
  }

  /** Has a rule looked at whenever a value passes a test. */
  guard(test: number, rule: number): void {
    (this.#guarded[test] ??= []).push(rule);
  }

  get guards(): boolean {
    return this.#guarded.length > 0;
  }

  factsOf(value: string): Facts {
    const known = this.#young.get(value);
    if (known !== undefined) return known;
    const facts = this.#old.get(value) ?? this.#read(value);
    if (this.field.unique !== true && value.length <= MOST_LONG) {
      // Two halves, of which the older one goes at once: removing one by one from the front of a map is slow.
      if (this.#young.size >= MOST_KEPT / 2) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(value, facts);
    }
    return facts;
  }

  #read(value: string): Facts {
    const lower = value.toLowerCase();
    const exact = this.#lower.get(lower);
    const cased = this.#cased.get(value);
    let passed: number[] | undefined;
    if (exact !== undefined) passed = [exact];
    if (cased !== undefined) (passed ??= []).push(cased);
    for (const test of this.#patterns)
      if (this.#tests[test]?.matches(value, lower) === true) (passed ??= []).push(test);
    return passed === undefined ? this.#none : this.#factsFor(passed);
  }

  #factsFor(passed: readonly number[]): Facts {
    const key = passed.join();
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const facts: Facts = {
      passed: this.#tests.map((_, test) => passed.includes(test)),
      rules: [...new Set(passed.flatMap((test) => this.#guarded[test] ?? []))],
    };
    if (this.#shared.size < MOST_KEPT) this.#shared.set(key, facts);
    return facts;
  }
}
