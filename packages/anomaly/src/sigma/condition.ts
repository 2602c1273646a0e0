import { allOf, anyOf, not, type Predicate } from './predicate.ts';
import { type Path, type Problems } from './problem.ts';
import { ANY, readWildcards } from './wildcards.ts';
import { wildTest } from './text-test.ts';
import { hint, shown } from './words.ts';

/** The selections of a rule by name, and which of them a condition has used. */
export interface Selections {
  readonly compiled: ReadonlyMap<string, Predicate>;
  readonly used: Set<string>;
}

const MOST_LONG = 4096;
const MOST_DEEP = 50;
const OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'of', 'them']);

class Mistake extends Error {}

/** Reads `selection and not 1 of filter_*`; `not` binds closer than `and`, `and` closer than `or`. */
export function compileCondition(
  text: string,
  path: Path,
  problems: Problems,
  selections: Selections,
): Predicate | undefined {
  try {
    if (text.length > MOST_LONG)
      throw new Mistake(`is longer than ${MOST_LONG} characters; write several rules`);
    const parser = new Parser(text, selections);
    const predicate = parser.either();
    parser.end();
    return predicate;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return problems.error(path, `the condition ${error.message}`);
  }
}

class Parser {
  readonly #words: readonly string[];
  readonly #selections: Selections;
  #at = 0;
  #depth = 0;

  constructor(text: string, selections: Selections) {
    if (text.includes('|'))
      throw new Mistake(
        'counts behind "|", which Sigma 2 left out; write a second document with "correlation:"',
      );
    this.#words = text.match(/[()]|[^\s()]+/g) ?? [];
    this.#selections = selections;
  }

  either(): Predicate {
    if (++this.#depth > MOST_DEEP) throw new Mistake(`is more than ${MOST_DEEP} deep; write it flatter`);
    const parts = [this.#both()];
    while (this.#take('or')) parts.push(this.#both());
    this.#depth -= 1;
    return anyOf(parts);
  }

  end(): void {
    const word = this.#words[this.#at];
    if (word === undefined) return;
    throw new Mistake(
      word === ')'
        ? 'has a ")" without "("; leave it out'
        : `has ${shown(word)} after its end; write "and" or "or" before it`,
    );
  }

  #both(): Predicate {
    const parts = [this.#not()];
    while (this.#take('and')) parts.push(this.#not());
    return allOf(parts);
  }

  #not(): Predicate {
    let negated = false;
    while (this.#take('not')) negated = !negated;
    const one = this.#one();
    return negated ? not(one) : one;
  }

  #one(): Predicate {
    const word = this.#words[this.#at];
    if (word === undefined) throw new Mistake('ends where a selection should stand; write its name');
    this.#at += 1;
    if (word === '(') {
      const inner = this.either();
      if (!this.#take(')')) throw new Mistake('has a "(" without ")"; close it');
      return inner;
    }
    if (this.#words[this.#at]?.toLowerCase() === 'of' && /^(\d+|all|any)$/i.test(word)) {
      this.#at += 1;
      return this.#some(word.toLowerCase());
    }
    const found = this.#selections.compiled.get(word);
    if (found === undefined) throw new Mistake(this.#unknown(word));
    this.#selections.used.add(word);
    return found;
  }

  #some(count: string): Predicate {
    if (count !== '1' && count !== 'all')
      throw new Mistake(`asks for ${shown(`${count} of`)}; write "1 of" or "all of"`);
    const pattern = this.#words[this.#at];
    if (pattern === undefined) throw new Mistake(`ends behind "${count} of"; write "them", or a name with *`);
    this.#at += 1;
    const parts: Predicate[] = [];
    const test = wildTest(readWildcards(pattern), true);
    for (const [name, predicate] of this.#selections.compiled) {
      if (pattern.toLowerCase() === 'them' ? name.startsWith('_') : !test.matches(name, name)) continue;
      parts.push(predicate);
      this.#selections.used.add(name);
    }
    if (parts.length === 0)
      throw new Mistake(
        pattern.includes('*') || readWildcards(pattern).includes(ANY)
          ? `asks for ${shown(pattern)}, which is the name of no selection; write one that is`
          : this.#unknown(pattern),
      );
    return count === '1' ? anyOf(parts) : allOf(parts);
  }

  #take(word: string): boolean {
    if (this.#words[this.#at]?.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #unknown(word: string): string {
    const names = [...this.#selections.compiled.keys()];
    if (OPERATORS.has(word.toLowerCase()) || word === ')')
      return `has ${shown(word)} where a selection should stand; write its name`;
    return `names ${shown(word)}, which is no selection of this rule${hint(word, names)}; write one under detection`;
  }
}
