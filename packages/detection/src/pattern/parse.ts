import { type Node, OTHERS, type Units, UnusablePattern } from './node.ts';

const CLASSES: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  s: ' \t\n\r\f\v',
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

/**
 * Reads a regular expression of the linear subset: literals, classes, groups, alternatives, and quantifiers with an end.
 *
 * @throws UnusablePattern for everything else
 */
export function parsePattern(source: string, ignoreCase = false): Node {
  const parser = new Parser(source, ignoreCase);
  const node = parser.either();
  if (parser.at < source.length) throw parser.refuse('a ")" without "("', 'write "\\)" for the character');
  return node;
}

class Parser {
  at = 0;
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #depth = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  refuse(what: string, instead: string): UnusablePattern {
    return new UnusablePattern(`has ${what} at ${this.at}; ${instead}`);
  }

  either(): Node {
    if (++this.#depth > 20) throw this.refuse('groups more than 20 deep', 'write it flatter');
    const branches = [this.#sequence()];
    while (this.#peek() === '|') {
      this.at += 1;
      branches.push(this.#sequence());
    }
    this.#depth -= 1;
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'either', branches };
  }

  #peek(): string {
    return this.#source[this.at] ?? '';
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) {
      const start = this.at;
      const atom = this.#atom();
      parts.push(this.#quantified(atom, start));
    }
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts };
  }

  #quantified(body: Node, start: number): Node {
    const mark = this.#peek();
    let [least, most] = [1, 1];
    if (mark === '?') {
      this.at += 1;
      least = 0;
    } else if (mark === '*' || mark === '+') {
      throw this.refuse(
        `"${mark}" without an end`,
        `write {${mark === '*' ? 0 : 1},64} with the most it can be`,
      );
    } else if (mark === '{') {
      const text = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.at));
      if (text === null) throw this.refuse('a "{" that counts nothing', 'write "\\{" for the character');
      if (text[2] === ',') throw this.refuse('"{n,}" without an end', 'write {n,64} with the most it can be');
      least = Number(text[1]);
      most = text[3] === undefined ? least : Number(text[3]);
      if (most < least || most === 0)
        throw this.refuse(`the count ${text[0]}`, 'write the smaller number first, such as {2,4}');
      this.at += text[0].length;
    } else return body;
    const then = this.#peek();
    if (then === '?')
      throw this.refuse(
        'a lazy quantifier',
        'leave the second "?" out and name what may not occur, as in [^"]{1,64}',
      );
    if (then === '+' || then === '*' || then === '{')
      throw this.refuse('a quantifier on a quantifier', 'write one count, such as {2,8}');
    return { kind: 'repeat', body, least, most, text: this.#source.slice(start, this.at) };
  }

  #atom(): Node {
    const start = this.at;
    const character = this.#peek();
    this.at += 1;
    if (character === '(') {
      if (this.#peek() === '?') {
        if (this.#source[this.at + 1] !== ':') {
          throw this.refuse(
            'a lookaround or a named group',
            'write a plain group (?:...), and context words for what stands beside it',
          );
        }
        this.at += 2;
      }
      const node = this.either();
      if (this.#peek() !== ')') throw this.refuse('a "(" without ")"', 'write "\\(" for the character');
      this.at += 1;
      return node;
    }
    let units: Units;
    if (character === '[') units = this.#set();
    else if (character === '\\') units = this.#escape(false);
    else if (character === '.') units = complement(unitsOf('\n\r'));
    else if (character === '^' || character === '$') {
      this.at = start;
      throw this.refuse(
        `an anchor "${character}"`,
        'leave it out; a match always begins and ends at the edge of a word',
      );
    } else if ('*+?{'.includes(character)) {
      this.at = start;
      throw this.refuse(
        `a "${character}" with nothing before it`,
        `write "\\${character}" for the character`,
      );
    } else units = unitsOf(character);
    return { kind: 'units', units: this.#fold(units), text: this.#source.slice(start, this.at) };
  }

  #escape(inSet: boolean): Units {
    const name = this.#peek();
    this.at += 1;
    const lower = name.toLowerCase();
    const named = CLASSES[lower];
    if (named !== undefined) return name === lower ? unitsOf(named) : complement(unitsOf(named));
    const control = CONTROLS[name];
    if (control !== undefined) return unitsOf(control);
    if (/[0-9]/.test(name)) throw this.refuse('a backreference', 'write the text out');
    if (name === 'b' && !inSet)
      throw this.refuse('"\\b"', 'leave it out; a match always begins and ends at the edge of a word');
    if (name === '' || /[A-Za-z]/.test(name))
      throw this.refuse(`the escape "\\${name}"`, 'write the characters in a class, such as [A-F]');
    return unitsOf(name);
  }

  #set(): Units {
    const inverted = this.#peek() === '^';
    if (inverted) this.at += 1;
    const units = new Uint8Array(OTHERS + 1);
    while (this.#peek() !== ']') {
      if (this.#peek() === '') throw this.refuse('a "[" without "]"', 'write "\\[" for the character');
      const from = this.#member();
      const end = this.#source[this.at + 1];
      if (this.#peek() === '-' && end !== ']' && end !== undefined) {
        this.at += 1;
        const [low, high] = [single(from), single(this.#member())];
        if (low === -1 || high < low)
          throw this.refuse('a range that is none', 'write the smaller character first, such as [A-F]');
        for (let unit = low; unit <= high; unit++) units[Math.min(unit, OTHERS)] = 1;
      } else add(units, from);
    }
    this.at += 1;
    return inverted ? complement(units) : units;
  }

  #member(): Units {
    const character = this.#peek();
    this.at += 1;
    return character === '\\' ? this.#escape(true) : unitsOf(character);
  }

  #fold(units: Units): Units {
    if (!this.#ignoreCase) return units;
    for (let lower = 97; lower <= 122; lower++) {
      if (units[lower] === 1 || units[lower - 32] === 1) units[lower] = units[lower - 32] = 1;
    }
    return units;
  }
}

function unitsOf(text: string): Units {
  const units = new Uint8Array(OTHERS + 1);
  for (let at = 0; at < text.length; at++) units[Math.min(text.charCodeAt(at), OTHERS)] = 1;
  return units;
}

function complement(units: Units): Units {
  const result = units.map((value) => 1 - value);
  result[OTHERS] = 1;
  return result;
}

function add(units: Units, more: Units): void {
  for (let unit = 0; unit <= OTHERS; unit++) if (more[unit] === 1) units[unit] = 1;
}

/** The only unit of the set, or -1. */
function single(units: Units): number {
  const first = units.indexOf(1);
  return first === units.lastIndexOf(1) ? first : -1;
}
