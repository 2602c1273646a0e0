/** Why an ECMAScript pattern has no equal in RE2's language. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}

const CLASS_LETTERS = new Set(['d', 'D', 'w', 'W']);
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 };
/** ECMA-262 WhiteSpace and LineTerminator: more than RE2's `\s`. */
const SPACES =
  '\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACES =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}' +
  '\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const ANYTHING = '[\\x{0}-\\x{10ffff}]';

/** A pattern in RE2's language, matching the same strings; captures are dropped. */
export interface Translated {
  /** Tested first, anchored at the start: the lookaheads with which the pattern began. */
  readonly guards: readonly { readonly source: string; readonly negative: boolean }[];
  readonly source: string;
}

/**
 * Puts a valid ECMAScript pattern into RE2's language. RE2 has no lookaround, but patterns in the wild begin
 * with it (`^(?!\.)`, `^(?=.*[A-Z])`): a lookahead right behind the leading `^` is a test of its own, so it
 * is split off.
 *
 * @param unicode whether the pattern is valid with the `u` flag
 * @throws Untranslatable for backreferences and any other lookaround
 */
export function translatePattern(pattern: string, unicode: boolean): Translated {
  const reader = new PatternReader(pattern, unicode);
  const guards: { source: string; negative: boolean }[] = [];
  if (reader.take('^')) {
    for (;;) {
      const negative = reader.take('(?!');
      if (!negative && !reader.take('(?=')) break;
      guards.push({ source: reader.alternatives(), negative });
      reader.expect(')');
      if (reader.atQuantifier) throw new Untranslatable('a quantified lookahead');
    }
    reader.literally('\\A');
  }
  const source = reader.alternatives();
  reader.expectEnd();
  if (guards.length > 0 && reader.branched) throw new Untranslatable('a lookahead in one alternative only');
  return { guards, source };
}

class PatternReader {
  /** Whether the last `alternatives` had more than one. */
  branched = false;
  readonly #pattern: string;
  readonly #unicode: boolean;
  #at = 0;
  #prefix = '';

  constructor(pattern: string, unicode: boolean) {
    this.#pattern = pattern;
    this.#unicode = unicode;
  }

  take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new Untranslatable('an unbalanced group');
  }

  expectEnd(): void {
    if (this.#at < this.#pattern.length) throw new Untranslatable('an unbalanced group');
  }

  /** Puts text before what is read next. */
  literally(text: string): void {
    this.#prefix = text;
  }

  get atQuantifier(): boolean {
    return /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#pattern.slice(this.#at, this.#at + 24));
  }

  alternatives(): string {
    let out = this.#prefix;
    this.#prefix = '';
    let branched = false;
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== ')') {
      if (this.take('|')) {
        branched = true;
        out += '|';
      } else {
        out += this.#term();
      }
    }
    this.branched = branched;
    return out;
  }

  #term(): string {
    if (this.take('^')) return '\\A';
    if (this.take('$')) return '\\z';
    if (this.take('\\b')) return '\\b';
    if (this.take('\\B')) return '\\B';
    return this.#atom() + this.#quantifier();
  }

  #atom(): string {
    if (this.take('(')) return this.#group();
    if (this.take('[')) return this.#class();
    if (this.take('.')) return '[^\\x{a}\\x{d}\\x{2028}\\x{2029}]';
    if (!this.take('\\')) return literal(this.#character());
    if (this.take('s')) return `[${SPACES}]`;
    if (this.take('S')) return `[^${SPACES}]`;
    const escaped = this.#escape();
    return typeof escaped === 'number' ? literal(escaped) : escaped;
  }

  #group(): string {
    if (this.take('?')) {
      const named = /^<[^=!>][^>]*>/.exec(this.#pattern.slice(this.#at));
      if (named !== null) this.#at += named[0].length;
      else if (!this.take(':'))
        throw new Untranslatable('a lookaround other than a lookahead right behind a leading "^"');
    }
    const body = this.alternatives();
    this.expect(')');
    return `(?:${body})`;
  }

  /** Greed decides which match is found, never whether there is one: it is dropped. */
  #quantifier(): string {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#pattern.slice(this.#at, this.#at + 24))?.[0];
    if (found === undefined) return '';
    this.#at += found.length;
    this.take('?');
    return found;
  }

  #class(): string {
    const negated = this.take('^');
    let items = '';
    while (!this.take(']')) {
      const from = this.#classItem();
      const dash = this.#pattern[this.#at] === '-' && this.#pattern[this.#at + 1] !== ']';
      if (typeof from === 'string' || !dash) {
        items += typeof from === 'string' ? from : hex(from);
        continue;
      }
      this.#at += 1;
      const to = this.#classItem();
      items += typeof to === 'string' ? `${hex(from)}\\x{2d}${to}` : `${hex(from)}-${hex(to)}`;
    }
    if (items === '') return negated ? ANYTHING : `[^${ANYTHING.slice(1)}`;
    return `[${negated ? '^' : ''}${items}]`;
  }

  #classItem(): number | string {
    if (!this.take('\\')) return this.#character();
    if (this.take('b')) return 8;
    if (this.take('s')) return SPACES;
    if (this.take('S')) return NO_SPACES;
    return this.#escape();
  }

  /** What follows a backslash: a code point, or a class in RE2's words. */
  #escape(): number | string {
    const letter = this.#pattern[this.#at] ?? '';
    if (CLASS_LETTERS.has(letter)) {
      this.#at += 1;
      return `\\${letter}`;
    }
    const rest = this.#pattern.slice(this.#at, this.#at + 64);
    if (!this.#unicode && /^(?:[pP]|u\{)/.test(rest)) {
      throw new Untranslatable('an escape of the "u" flag, in a pattern that is invalid with it');
    }
    const property = /^([pP])\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}/.exec(rest);
    if (property !== null) {
      this.#at += property[0].length;
      return `\\${property[1]}{${property[2]}}`;
    }
    const pair = /^u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i.exec(rest);
    if (pair !== null) {
      this.#at += pair[0].length;
      const text = String.fromCharCode(parseInt(pair[1] ?? '', 16), parseInt(pair[2] ?? '', 16));
      return text.codePointAt(0) ?? 0;
    }
    const coded = /^(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(rest);
    if (coded !== null) {
      this.#at += coded[0].length;
      return parseInt(coded[1] ?? coded[2] ?? coded[3] ?? '', 16);
    }
    const control = /^c([a-z])/i.exec(rest);
    if (control !== null) {
      this.#at += 2;
      return (control[1] ?? '').charCodeAt(0) % 32;
    }
    if (/^(?:[1-9]|0\d|k)/.test(rest)) throw new Untranslatable('a backreference');
    const code = this.#character();
    return CONTROLS[letter] ?? code;
  }

  #character(): number {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) throw new Untranslatable('an unfinished class or escape');
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }
}

function literal(code: number): string {
  const character = String.fromCodePoint(code);
  return /^[A-Za-z0-9]$/.test(character) ? character : hex(code);
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}
