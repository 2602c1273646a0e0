import { UnusablePattern } from './unusable-pattern.ts';
import { type UnitSet, unitsOf } from './unit-set.ts';

/** The syntax tree of a regular expression. */
export type PatternNode =
  | { readonly kind: 'units'; readonly set: UnitSet }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly least: number; readonly most: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

const CLASSES: Readonly<Record<string, UnitSet['ranges']>> = {
  d: [[48, 57]],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  s: [
    [9, 13],
    [32, 32],
    [160, 160],
  ],
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };
const MOST_DEEP = 50;
const MOST_LONG = 1000;

/**
 * Reads what the modifiers appendix of the Sigma specification calls the supported flavor: `.`, `^`, `$`, quantifiers,
 * classes, groups and alternatives; and `\d`, `\w`, `\s`, which rules in the field use too.
 *
 * @throws UnusablePattern for everything else
 */
export function parsePattern(source: string, dotAll: boolean): PatternNode {
  if (source.length > MOST_LONG)
    throw new UnusablePattern(`is longer than ${MOST_LONG} characters; write several, as a list`);
  const parser = new Parser(source, dotAll);
  const node = parser.either();
  if (parser.at < source.length) throw parser.refuse('a ")" without "("', 'write "\\)" for the character');
  return node;
}

class Parser {
  at = 0;
  readonly #source: string;
  readonly #dot: UnitSet;
  #depth = 0;

  constructor(source: string, dotAll: boolean) {
    this.#source = source;
    this.#dot = dotAll ? { ranges: [], negated: true } : { ranges: [[10, 10]], negated: true };
  }

  refuse(what: string, instead: string): UnusablePattern {
    return new UnusablePattern(`has ${what} at ${this.at}; ${instead}`);
  }

  either(): PatternNode {
    if (++this.#depth > MOST_DEEP)
      throw this.refuse(`groups more than ${MOST_DEEP} deep`, 'write it flatter');
    const branches = [this.#sequence()];
    while (this.#peek() === '|') {
      this.at += 1;
      branches.push(this.#sequence());
    }
    this.#depth -= 1;
    return { kind: 'either', branches };
  }

  #peek(): string {
    return this.#source[this.at] ?? '';
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek())
      parts.push(this.#quantified(this.#atom()));
    return { kind: 'sequence', parts };
  }

  #quantified(body: PatternNode): PatternNode {
    const counts = this.#counts();
    if (counts === undefined) return body;
    if (body.kind === 'start' || body.kind === 'end')
      throw this.refuse('a quantifier on an anchor', 'leave the quantifier out');
    // Which of the ways a text matches is asked first does not matter: only whether there is one.
    if (this.#peek() === '?') this.at += 1;
    if (this.#counts() !== undefined || this.#peek() === '+')
      throw this.refuse('a quantifier on a quantifier', 'write one count, such as {2,8}');
    return { kind: 'repeat', body, ...counts };
  }

  #counts(): { least: number; most: number } | undefined {
    const mark = this.#peek();
    if (mark === '*' || mark === '+' || mark === '?') {
      this.at += 1;
      return { least: mark === '+' ? 1 : 0, most: mark === '?' ? 1 : Infinity };
    }
    if (mark !== '{') return undefined;
    const text = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.at));
    if (text === null) throw this.refuse('a "{" that counts nothing', 'write "\\{" for the character');
    const least = Number(text[1]);
    const most = text[2] === undefined ? least : text[2] === ',' ? Infinity : Number(text[3]);
    if (most < least)
      throw this.refuse('a count that is none', 'write the smaller number first, such as {2,4}');
    this.at += text[0].length;
    return { least, most };
  }

  #atom(): PatternNode {
    const character = this.#peek();
    if ('*+?{'.includes(character))
      throw this.refuse(
        `a "${character}" with nothing before it`,
        `write "\\${character}" for the character`,
      );
    this.at += 1;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'units', set: this.#set() };
      case '\\':
        return { kind: 'units', set: this.#escape() };
      case '.':
        return { kind: 'units', set: this.#dot };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      default:
        return { kind: 'units', set: unitsOf(character) };
    }
  }

  #group(): PatternNode {
    if (this.#peek() === '?') {
      if (this.#source[this.at + 1] !== ':')
        throw this.refuse(
          'a lookaround, a named group or an option',
          'write a plain group (...), and options as modifiers: |re|i',
        );
      this.at += 2;
    }
    const node = this.either();
    if (this.#peek() !== ')') throw this.refuse('a "(" without ")"', 'write "\\(" for the character');
    this.at += 1;
    return node;
  }

  #escape(): UnitSet {
    const name = this.#peek();
    this.at += 1;
    const lower = name.toLowerCase();
    const ranges = Object.hasOwn(CLASSES, lower) ? CLASSES[lower] : undefined;
    if (ranges !== undefined) return { ranges, negated: name !== lower };
    const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
    if (control !== undefined) return unitsOf(control);
    if (/[0-9]/.test(name)) throw this.refuse('a backreference', 'write the text out');
    if (name === '' || /[A-Za-z]/.test(name))
      throw this.refuse(`the escape "\\${name}"`, 'write the characters in a class, such as [A-F]');
    return unitsOf(name);
  }

  #set(): UnitSet {
    const negated = this.#peek() === '^';
    if (negated) this.at += 1;
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const from = this.#member();
      if (this.#peek() !== '-' || [']', undefined].includes(this.#source[this.at + 1])) {
        ranges.push(...from);
        continue;
      }
      this.at += 1;
      const [low, high] = [single(from), single(this.#member())];
      if (low === -1 || high < low)
        throw this.refuse('a range that is none', 'write the smaller character first, such as [A-F]');
      ranges.push([low, high]);
    }
    this.at += 1;
    return { ranges, negated };
  }

  #member(): UnitSet['ranges'] {
    const character = this.#peek();
    if (character === '') throw this.refuse('a "[" without "]"', 'write "\\[" for the character');
    if (character === '[' && ':=.'.includes(this.#source[this.at + 1] ?? ' '))
      throw this.refuse('a named class', 'write its characters, such as [A-Za-z]');
    this.at += 1;
    if (character !== '\\') return unitsOf(character).ranges;
    const { ranges, negated } = this.#escape();
    if (negated) throw this.refuse('a negated class in a class', 'write the characters that it holds');
    return ranges;
  }
}

/** The only unit of the ranges, or -1. */
function single(ranges: UnitSet['ranges']): number {
  const [range] = ranges;
  return ranges.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : -1;
}
