import { BlockList, isIP } from 'node:net';
import { expand, type Encodable, TRANSFORMATIONS, Unencodable } from './encode.ts';
import { type Field, FIELD_NAMES, fieldNamed } from './fields.ts';
import { likelihood } from './likelihood.ts';
import { type Comparison, type Modifiers, readModifiers } from './modifiers.ts';
import { LinearPattern } from './pattern/linear-pattern.ts';
import { UnusablePattern } from './pattern/unusable-pattern.ts';
import { allOf, anyOf, not, type Predicate } from './predicate.ts';
import type { Path, Problems } from './problem.ts';
import type { Row } from './row.ts';
import { type TextTest, wildTest } from './text-test.ts';
import { timePartOf } from './time-parts.ts';
import { around, readWildcards, type Wild } from './wildcards.ts';
import { hint, nearest, shown } from './words.ts';

/** What the items of all rules are compiled with. */
export interface Setting {
  readonly row: Row;
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}

const MOST_VALUES = 1000;
const MOST_TEXT = 4096;
const NEVER: Predicate = { holds: () => false };

/** One `field|modifiers: value` of a selection as a test. With problems, a test that never holds. */
export function compileItem(
  key: string,
  value: unknown,
  path: Path,
  problems: Problems,
  setting: Setting,
): Predicate {
  const [name = '', ...names] = key.split('|');
  if (name === '') {
    problems.error(
      path,
      'searches the whole record for a word, but records hold no text of calls; name the field, such as target|contains',
    );
    return NEVER;
  }
  const field = fieldNamed(name);
  if (field === undefined) problems.error(path, unknownField(name));
  const modifiers = readModifiers(names, path, problems);
  if (field === undefined || modifiers === undefined) return NEVER;
  return new Item(field, modifiers, path, problems, setting).compile(value);
}

export function unknownField(name: string): string {
  const known = `${FIELD_NAMES.join(', ')}, and detail.<name>`;
  return `${shown(name)} is no field of an audit record${hint(name, FIELD_NAMES)}; they are ${known}`;
}

class Item {
  readonly #field: Field;
  readonly #modifiers: Modifiers;
  readonly #path: Path;
  readonly #problems: Problems;
  readonly #setting: Setting;
  readonly #slot: number;

  constructor(field: Field, modifiers: Modifiers, path: Path, problems: Problems, setting: Setting) {
    this.#field = field;
    this.#modifiers = modifiers;
    this.#path = path;
    this.#problems = problems;
    this.#setting = setting;
    this.#slot = setting.row.column(field).slot;
  }

  compile(value: unknown): Predicate {
    const { all, neq, as } = this.#modifiers;
    if (all && (!Array.isArray(value) || value.length < 2)) {
      return this.#refuse(this.#path, '"all" with one value; write a list of two or more, or leave it out');
    }
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0)
      return this.#refuse(this.#path, 'an empty list; write the values, or null for none');
    if (values.length > MOST_VALUES)
      return this.#refuse(this.#path, `more than ${MOST_VALUES} values; write a pattern, or several rules`);
    if (as === 'exists' && Array.isArray(value))
      return this.#refuse(this.#path, '"exists" with a list; write true or false');
    const parts = values.map((one, at) =>
      this.#one(one, Array.isArray(value) ? [...this.#path, at] : this.#path),
    );
    const joined = all ? allOf(parts) : anyOf(parts);
    return neq ? not(joined) : joined;
  }

  #refuse(path: Path, message: string): Predicate {
    this.#problems.error(path, message);
    return NEVER;
  }

  #one(value: unknown, path: Path): Predicate {
    const { as } = this.#modifiers;
    if (typeof value === 'string' && value.length > MOST_TEXT)
      return this.#refuse(path, `a value longer than ${MOST_TEXT} characters; no field is so long`);
    switch (as) {
      case 'exists': {
        if (typeof value !== 'boolean')
          return this.#refuse(path, '"exists" with no boolean; write true or false');
        return this.#presence(value);
      }
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return this.#compared(as, value, path);
      case 'fieldref':
        return this.#reference(value, path);
      case 'cidr':
        return this.#subnet(value, path);
      case 'pattern':
        return this.#pattern(value, path);
      case 'text':
        return this.#text(value, path);
    }
  }

  #presence(there: boolean): Predicate {
    const slot = this.#slot;
    return { holds: (row) => (row.raw(slot) !== undefined) === there };
  }

  #text(value: unknown, path: Path): Predicate {
    const { timePart, transformations, front, behind, cased } = this.#modifiers;
    if (timePart !== undefined) return this.#compared('eq', value, path);
    if (this.#field.kind === 'time')
      return this.#refuse(path, 'compares a whole time; write a part of it, such as time|hour: 3');
    if (value === null) {
      if (front || behind || transformations.length > 0)
        return this.#refuse(path, 'null with a modifier for texts; write null without one');
      return this.#presence(false);
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return this.#refuse(path, 'a value that is no text, number or boolean; write one, or a list of them');
    if (this.#field.kind === 'number' && typeof value !== 'number' && transformations.length === 0)
      this.#checkNumber(value, front || behind, path);
    const forms = this.#forms(String(value), path);
    const tests = forms.map((form) => wildTest(around(form, front, behind), cased));
    for (const test of tests) this.#checkValue(test, path);
    return anyOf(tests.map((test) => this.#atom(test)));
  }

  /** The forms that the transformations make of a value. */
  #forms(value: string, path: Path): readonly Wild[] {
    const [first, ...rest] = this.#modifiers.transformations;
    try {
      let forms: readonly Encodable[] = [readWildcards(value)];
      if (first === 'expand') {
        const refuse = (name: string): void => {
          this.#problems.error(
            path,
            `no values are set for the placeholder ${shown(`%${name}%`)}; set them, or write them here`,
          );
        };
        forms = expand(value, this.#setting.placeholders, refuse);
      }
      for (const name of first === undefined || first === 'expand' ? rest : [first, ...rest])
        forms = forms.flatMap((form) => TRANSFORMATIONS[name]?.(form) ?? []);
      return forms.filter((form): form is Wild => {
        if (!Buffer.isBuffer(form)) return true;
        throw new Unencodable('records hold text, so UTF-16 alone never matches; write base64 behind it');
      });
    } catch (error) {
      if (!(error instanceof Unencodable)) throw error;
      this.#problems.error(path, error.message);
      return [];
    }
  }

  #checkNumber(value: string | boolean, partial: boolean, path: Path): void {
    if (typeof value === 'boolean') this.#problems.error(path, `${this.#field.name} is a number; write one`);
    else if (!partial && !/[*?]/.test(value) && String(Number(value)) !== value)
      this.#problems.error(path, `${this.#field.name} is a number; write one, without quotes`);
  }

  #checkValue({ exact, cased }: TextTest, path: Path): void {
    const { values, name } = this.#field;
    if (exact === undefined || values === undefined || values.includes(cased ? exact : exact.toLowerCase()))
      return;
    this.#problems.warning(
      path,
      `${name} is never ${shown(exact)}${nearest(exact, values) === undefined ? '' : hint(exact, values)}; it is one of ${values.join(', ')}`,
    );
  }

  #atom(test: TextTest): Predicate {
    const slot = this.#slot;
    const number = this.#setting.row.column(this.#field).add(test);
    return {
      holds: (row) => row.passes(slot, number),
      guard: { atoms: [{ slot, test: number }], weight: likelihood(this.#field, test) },
    };
  }

  #pattern(value: unknown, path: Path): Predicate {
    if (typeof value !== 'string')
      return this.#refuse(path, '"re" with no text; put the expression in quotes');
    const { flags } = this.#modifiers;
    try {
      const pattern = new LinearPattern(value, flags);
      const key = `re ${JSON.stringify(flags)} ${value}`;
      return this.#atom({ key, cased: true, matches: (text) => pattern.test(text) });
    } catch (error) {
      if (!(error instanceof UnusablePattern)) throw error;
      return this.#refuse(path, `the expression ${error.message}`);
    }
  }

  #subnet(value: unknown, path: Path): Predicate {
    const [address = '', bits = '', more] = typeof value === 'string' ? value.split('/') : [];
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most || more !== undefined)
      return this.#refuse(path, 'no network; write one such as 10.0.0.0/8 or 2001:db8::/32');
    if (this.#field.kind === 'number' || this.#field.kind === 'time')
      return this.#refuse(path, `${this.#field.name} is no address; write "cidr" behind a field that is one`);
    const network = new BlockList();
    network.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
    const matches = (text: string): boolean => {
      const kind = isIP(text);
      return kind !== 0 && network.check(text, kind === 4 ? 'ipv4' : 'ipv6');
    };
    return this.#atom({ key: `cidr ${String(value)}`, cased: true, matches });
  }

  #compared(as: Comparison | 'eq', value: unknown, path: Path): Predicate {
    const { kind, name } = this.#field;
    const { timePart } = this.#modifiers;
    if (typeof value !== 'number' || !Number.isFinite(value))
      return this.#refuse(path, `"${timePart ?? as}" with no number; write one, without quotes`);
    if (timePart !== undefined && kind !== 'time')
      return this.#refuse(path, `${name} is no time; write time|${timePart}`);
    if (timePart === undefined && kind === 'time')
      return this.#refuse(path, 'compares a whole time; write a part of it, such as time|hour|gte: 22');
    if (kind === 'text' || kind === 'texts')
      return this.#refuse(path, `${name} is no number; write a text, or another field`);
    const slot = this.#slot;
    const holds = COMPARISONS[as];
    return {
      holds: (row) => {
        const raw = row.raw(slot);
        if (typeof raw !== 'number') return false;
        return holds(timePart === undefined ? raw : timePartOf(raw, timePart), value);
      },
    };
  }

  #reference(value: unknown, path: Path): Predicate {
    const other = typeof value === 'string' ? fieldNamed(value) : undefined;
    if (other === undefined)
      return this.#refuse(
        path,
        typeof value === 'string' ? unknownField(value) : 'write the name of a field',
      );
    if (this.#field.kind === 'texts' || other.kind === 'texts')
      return this.#refuse(path, 'compares a field that has several values; write one that has one');
    const { cased } = this.#modifiers;
    const slot = this.#slot;
    const second = this.#setting.row.column(other).slot;
    return {
      holds: (row) => {
        const [a, b] = [comparable(row.raw(slot), cased), comparable(row.raw(second), cased)];
        return a !== undefined && a === b;
      },
    };
  }
}

const COMPARISONS: Readonly<Record<Comparison | 'eq', (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  eq: (a, b) => a === b,
};

function comparable(value: unknown, cased: boolean): string | undefined {
  if (typeof value === 'string') return cased ? value : value.toLowerCase();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
