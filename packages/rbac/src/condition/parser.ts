import type { Fault } from '../problem.ts';
import { parseGlob } from '../segment-glob.ts';
import { type Token, tokenize } from './lexer.ts';
import { type Comparison, PRINCIPAL_MEMBERS, type Test, type Value } from './syntax.ts';

const MAX_LENGTH = 4096;
const MAX_DEPTH = 32;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const TEXT_TESTS: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains']);
const FUNCTIONS = 'startsWith, endsWith, contains, matches and size';
const WORDS: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  AND: '&&',
  OR: '||',
  NOT: '!',
};

/** Reads a condition. Never throws: what is wrong comes back, the first of it. */
export function parseCondition(text: string): Test | Fault {
  if (text.length > MAX_LENGTH) {
    return {
      offset: MAX_LENGTH,
      message: `A condition has at most ${MAX_LENGTH} characters; write several rules.`,
    };
  }
  const tokens = tokenize(text);
  if ('message' in tokens) return tokens;
  try {
    return new Parser(tokens).condition();
  } catch (error) {
    if (error instanceof Stop) return error.fault;
    throw error;
  }
}

/** Ends the reading of one condition; never leaves this file. */
class Stop extends Error {
  readonly fault: Fault;

  constructor(offset: number, message: string) {
    super(message);
    this.fault = { offset, message };
  }
}

/** What was read, before it is known whether a value or a test is wanted. */
type Term = { readonly offset: number } & (
  | { readonly value: Value; readonly test?: undefined }
  | { readonly test: Test; readonly value?: undefined; readonly open?: boolean }
);

/** Recursive descent: `||`, then `&&`, then `!`, then one comparison, then values. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  condition(): Test {
    const test = this.#testOf(this.#or());
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new Stop(rest.offset, unexpected(rest));
    return test;
  }

  #or(): Term {
    return this.#chain('||', 'or', () => this.#and());
  }

  #and(): Term {
    return this.#chain('&&', 'and', () => this.#comparison());
  }

  #chain(symbol: string, kind: 'and' | 'or', next: () => Term): Term {
    const first = next();
    if (!this.#isNext(symbol)) return first;
    const operands = [this.#testOf(first)];
    while (this.#accept(symbol)) operands.push(this.#testOf(next()));
    return { offset: first.offset, test: { kind, operands } };
  }

  #comparison(): Term {
    const left = this.#term();
    const operator = this.#peek();
    const isIn = operator.kind === 'name' && operator.text === 'in';
    if (!isIn && !(operator.kind === 'symbol' && COMPARISONS.has(operator.text))) return left;
    this.#at += 1;
    if (left.test !== undefined) throw new Stop(left.offset, comparesTest(left.open === true));
    const right = this.#term();
    if (right.test !== undefined) throw new Stop(right.offset, comparesTest(false));
    const after = this.#peek();
    if (
      (after.kind === 'symbol' && COMPARISONS.has(after.text)) ||
      (after.kind === 'name' && after.text === 'in')
    ) {
      throw new Stop(after.offset, 'Comparisons do not chain; write a < b && b < c.');
    }
    const test = isIn ? inTest(left, right) : compareTest(operator.text as Comparison, left, right);
    return { offset: left.offset, test };
  }

  #term(): Term {
    const token = this.#next();
    const { offset } = token;
    switch (token.kind) {
      case 'number':
        return { offset, value: { kind: 'literal', value: Number(token.text) } };
      case 'string':
        return { offset, value: { kind: 'literal', value: token.text } };
      case 'name':
        return this.#name(token);
      case 'symbol':
        if (token.text === '!') {
          const operand = this.#testOf(this.#deeper(() => this.#term(), offset));
          return { offset, test: { kind: 'not', operand }, open: true };
        }
        if (token.text === '(') {
          const inner = this.#deeper(() => this.#or(), offset);
          this.#expect(')');
          return { ...inner, offset, ...(inner.test === undefined ? {} : { open: false }) };
        }
        if (token.text === '[') return { offset, value: this.#list() };
        throw new Stop(offset, unexpected(token));
      case 'end':
        throw new Stop(offset, 'The condition ends too early; something is missing here.');
    }
  }

  #name({ text, offset }: Token): Term {
    if (text === 'true' || text === 'false')
      return { offset, value: { kind: 'literal', value: text === 'true' } };
    if (text === 'null') return { offset, value: { kind: 'literal', value: null } };
    if (text === 'args' || text === 'principal') return { offset, value: this.#path(text, offset) };
    if (this.#isNext('(')) return this.#call(text, offset);
    const word = WORDS[text];
    if (word !== undefined && Object.hasOwn(WORDS, text)) throw new Stop(offset, `Write ${word} here.`);
    throw new Stop(
      offset,
      'A condition reads args and principal; write args.<name>, or put a text into quotes.',
    );
  }

  #path(root: 'args' | 'principal', offset: number): Value {
    const keys: string[] = [];
    for (;;) {
      if (this.#accept('.')) {
        const key = this.#next();
        if (key.kind !== 'name')
          throw new Stop(key.offset, 'After a dot comes a name; write ["..."] for others.');
        keys.push(key.text);
      } else if (this.#accept('[')) {
        const key = this.#next();
        if (key.kind !== 'string') {
          throw new Stop(
            key.offset,
            'Between [ and ] stands a quoted name; write "value in list" for lists.',
          );
        }
        keys.push(key.text);
        this.#expect(']');
      } else {
        break;
      }
      if (keys.length > MAX_DEPTH) throw tooDeep(offset);
    }
    if (this.#isNext('(')) {
      throw new Stop(offset, `Values have no methods; the functions are ${FUNCTIONS}.`);
    }
    if (root === 'principal' && !PRINCIPAL_MEMBERS.includes(keys[0] ?? '')) {
      throw new Stop(offset, `Write principal. and one of ${PRINCIPAL_MEMBERS.join(', ')}.`);
    }
    return { kind: 'path', root, keys };
  }

  #list(): Value {
    const items: Value[] = [];
    if (this.#accept(']')) return { kind: 'list', items };
    do {
      const item = this.#valueOf(this.#term());
      if (item.value.kind === 'list') throw new Stop(item.offset, 'A list holds plain values, not lists.');
      items.push(item.value);
    } while (this.#accept(','));
    this.#expect(']');
    return { kind: 'list', items };
  }

  #call(name: string, offset: number): Term {
    this.#expect('(');
    const given: { readonly value: Value; readonly offset: number }[] = [];
    this.#deeper(() => {
      if (this.#accept(')')) return;
      do given.push(this.#valueOf(this.#term()));
      while (this.#accept(','));
      this.#expect(')');
    }, offset);
    const [first, second] = given;
    if (name === 'size') {
      if (first === undefined || given.length !== 1) throw new Stop(offset, 'Write size(value).');
      return { offset, value: { kind: 'size', of: first.value } };
    }
    if (name !== 'matches' && !TEXT_TESTS.has(name)) {
      throw new Stop(offset, `There is no such function; the functions are ${FUNCTIONS}.`);
    }
    if (first === undefined || second === undefined || given.length !== 2) {
      throw new Stop(offset, `Write ${name}(value, 'text').`);
    }
    if (name !== 'matches') {
      const op = name as 'startsWith' | 'endsWith' | 'contains';
      return { offset, test: { kind: 'text', op, left: first.value, right: second.value } };
    }
    if (second.value.kind !== 'literal' || typeof second.value.value !== 'string') {
      throw new Stop(
        second.offset,
        "The glob of matches() is a quoted text: matches(args.path, '/data/**').",
      );
    }
    const glob = parseGlob(second.value.value);
    if ('message' in glob) throw new Stop(second.offset, glob.message);
    return { offset, test: { kind: 'matches', value: first.value, glob } };
  }

  #testOf(term: Term): Test {
    if (term.test !== undefined) return term.test;
    const { value } = term;
    if (value.kind === 'path' || (value.kind === 'literal' && typeof value.value === 'boolean')) {
      return { kind: 'flag', value };
    }
    throw new Stop(term.offset, 'This is a value and neither true nor false; compare it with something.');
  }

  #valueOf(term: Term): { readonly value: Value; readonly offset: number } {
    if (term.value !== undefined) return term;
    throw new Stop(term.offset, 'A value is wanted here, not a comparison.');
  }

  #deeper<T>(read: () => T, offset: number): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw tooDeep(offset);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', offset: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #isNext(symbol: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.text === symbol;
  }

  #accept(symbol: string): boolean {
    const found = this.#isNext(symbol);
    if (found) this.#at += 1;
    return found;
  }

  #expect(symbol: string): void {
    if (this.#accept(symbol)) return;
    throw new Stop(this.#peek().offset, `Write ${symbol} here.`);
  }
}

function compareTest(op: Comparison, left: Term, right: Term): Test {
  for (const { value, offset } of [left, right]) {
    if (value?.kind === 'list') throw new Stop(offset, 'Lists are not compared; write value in [...].');
    if (value?.kind !== 'literal' || op === '==' || op === '!=') continue;
    if (typeof value.value === 'boolean' || value.value === null) {
      throw new Stop(offset, 'Only numbers and strings are ordered; write == or !=.');
    }
  }
  return { kind: 'compare', op, left: left.value as Value, right: right.value as Value };
}

function inTest(left: Term, right: Term): Test {
  if (left.value?.kind === 'list')
    throw new Stop(left.offset, 'One value is looked for; write a == 1 || a == 2.');
  const { value } = right;
  if (value?.kind !== 'list' && value?.kind !== 'path') {
    throw new Stop(right.offset, "After in comes a list; write contains(text, 'part') for texts.");
  }
  return { kind: 'in', left: left.value as Value, right: value };
}

function comparesTest(negated: boolean): string {
  return negated
    ? '! binds to the value after it; write !(a == b).'
    : 'A comparison has no value to compare; join comparisons with && and ||.';
}

function tooDeep(offset: number): Stop {
  return new Stop(offset, `Nested more than ${MAX_DEPTH} deep; write several rules.`);
}

function unexpected(token: Token): string {
  if (token.kind === 'name' && Object.hasOwn(WORDS, token.text))
    return `Write ${WORDS[token.text] ?? ''} here.`;
  if (token.text === ')' || token.text === ']') return `Nothing is open that this ${token.text} could close.`;
  return 'This does not belong here; join comparisons with && and ||.';
}
