import { ENTITIES, type EntityName, SECRET_ENTITIES } from '../entity.ts';
import { boundPattern } from '../pattern/bound.ts';
import type { Starts } from '../pattern/starts.ts';
import type { Form, Next, Rule } from '../rule.ts';
import { createClasses, createPairs } from './classes.ts';
import * as c from './compiled.ts';
import { oddUnits } from './normalize.ts';
import { createStops } from './stops.ts';
import { createWordIndex, type WordEntry } from './word-index.ts';

/** A rule of the package or of a user; only the built-in ones carry examples and a source. */
export type AnyRule = Omit<Rule, 'entity' | 'source' | 'examples'> & { readonly entity: EntityName };

export interface CompileOptions {
  readonly threshold: (entity: EntityName) => number;
  /** Overrides the window of every rule that has context words. */
  readonly window: number | undefined;
  /** User patterns that have to be searched for on their own. */
  readonly passes: readonly {
    readonly rule: AnyRule;
    readonly pattern: string;
    readonly ignoreCase: boolean;
  }[];
}

const NEXT: Readonly<Record<Next, readonly number[]>> = {
  end: [c.NEXT_END, c.NEXT_SPACE_LETTER, c.NEXT_COMMA],
  '-': [c.NEXT_DASH],
  '-a': [c.NEXT_DASH_LETTER],
  '.': [c.NEXT_DOT],
  '.0': [c.NEXT_DECIMAL],
  '/': [c.NEXT_SLASH],
  ' ': [c.NEXT_SPACE],
  ' a': [c.NEXT_SPACE_LETTER],
  ':': [c.NEXT_COLON],
  ')': [c.NEXT_CLOSE],
  ',': [c.NEXT_COMMA],
};

const ANY: readonly number[] = Array.from({ length: c.NEXTS }, (_, next) => next);

const NO_STARTS: Starts = { units: new Uint8Array(0), places: 0 };

const DEFAULT_WINDOW = 48;

export function compileRules(rules: readonly AnyRule[], options: CompileOptions): c.Program {
  const classes = createClasses(oddUnits());
  const groups = new Map<string, number>();
  const words: WordEntry[] = [];
  const others: WordEntry[] = [];
  const otherGroups = new Map<string, number>();
  const before = createGrouping(groups, words);
  const unless = createGrouping(otherGroups, others);
  const rule = (source: AnyRule, order: number): c.CompiledRule => {
    const { alone, context = alone, invalid = 0, contextInvalid = 0 } = source.scores;
    const threshold = options.threshold(source.entity);
    return {
      id: source.id,
      entity: source.entity,
      order,
      secret: (SECRET_ENTITIES as readonly string[]).includes(source.entity),
      except: source.except,
      validate: source.validate,
      costly: source.costly ?? false,
      before: before(source.before),
      window: options.window ?? source.window ?? DEFAULT_WINDOW,
      label: source.label ?? false,
      unless: unless(source.unless),
      alone,
      invalid,
      context,
      contextInvalid,
      threshold,
      needsContext: Math.max(alone, invalid) < threshold,
    };
  };
  const numbers = createTable(c.numberKey(3, 0, 0));
  const tokens = createTable(c.tokenKey(c.LONGEST_TOKEN + 1, 0));
  const gated = new Set<number>();
  let reach = 0;
  // Where nothing begins with a digit, the scan does not stop for one.
  let digits = false;
  const wordForms: c.CompiledForm[] = [];
  const single = {
    at: [] as c.CompiledForm[],
    scheme: [] as c.CompiledForm[],
    colon: [] as c.CompiledForm[],
  };
  for (const [order, source] of rules.entries()) {
    const compiled = rule(source, order);
    const needsWord = compiled.needsContext;
    // Without a word it cannot reach its threshold, and it has none.
    if (needsWord && compiled.before === -1) continue;
    if (needsWord) {
      gated.add(compiled.before);
      reach = Math.max(reach, compiled.window);
    }
    const table = needsWord ? 'near' : 'always';
    digits ||= compiled.label;
    for (const form of source.forms) {
      const entry = compileForm(form, compiled);
      digits ||= form.on === 'number' || form.on === 'token' || form.on === 'colon';
      switch (form.on) {
        case 'number': {
          const lead = form.lead === undefined ? c.LEAD_NONE : form.lead === '+' ? c.LEAD_PLUS : c.LEAD_OPEN;
          const nexts = new Set(form.next.flatMap((next) => NEXT[next]));
          for (let digits = form.digits[0]; digits <= form.digits[1]; digits++) {
            for (const next of nexts) (numbers[table][c.numberKey(lead, digits, next)] ??= []).push(entry);
          }
          break;
        }
        case 'token':
          for (let size = form.length[0]; size <= form.length[1]; size++) {
            for (const next of form.next?.flatMap((name) => NEXT[name]) ?? ANY)
              (tokens[table][c.tokenKey(size, next)] ??= []).push(entry);
          }
          break;
        case 'word':
          for (const text of form.words) {
            words.push({
              text,
              exact: form.exact ?? false,
              open: form.open ?? false,
              form: wordForms.length,
            });
          }
          wordForms.push(entry);
          break;
        case 'at':
        case 'scheme':
        case 'colon':
          single[form.on].push(entry);
          break;
      }
    }
  }
  const passes = options.passes.map((pass, index) => ({
    rule: rule(pass.rule, rules.length + index),
    regex: new RegExp(pass.pattern, pass.ignoreCase ? 'gi' : 'g'),
  }));
  const index = createWordIndex(words, classes);
  const gates = Uint8Array.from({ length: groups.size }, (_, index) => (gated.has(index) ? 1 : 0));
  return {
    classes,
    pairs: createPairs(classes),
    ...createStops(index, {
      digits,
      at: single.at.length > 0,
      colon: single.scheme.length > 0 || single.colon.length > 0,
    }),
    numbers,
    tokens,
    gates,
    reach,
    ...single,
    wordForms,
    words: index,
    others: createWordIndex(others, classes),
    groups: groups.size,
    passes,
  };
}

/** Numbers each set of words, and lists the words of a new one. */
function createGrouping(
  groups: Map<string, number>,
  words: WordEntry[],
): (members: readonly string[] | undefined) => number {
  return (members) => {
    if (members === undefined || members.length === 0) return -1;
    const key = members.toSorted().join('\n');
    const known = groups.get(key);
    if (known !== undefined) return known;
    const index = groups.size;
    groups.set(key, index);
    for (const text of members) words.push({ text, exact: false, open: false, group: index });
    return index;
  };
}

function createTable(size: number): {
  readonly always: c.CompiledForm[][];
  readonly near: c.CompiledForm[][];
} {
  return { always: Array.from({ length: size }), near: Array.from({ length: size }) };
}

/** Written out in one literal: V8 gives each copy by `...` a shape of its own, and then no property of a form is read fast. */
function compileForm(form: Form, rule: c.CompiledRule): c.CompiledForm {
  const bound = 'find' in form ? undefined : boundPattern(form.pattern, form.ignoreCase);
  return {
    rule,
    regex: 'find' in form ? undefined : new RegExp(form.pattern, form.ignoreCase ? 'iy' : 'y'),
    starts: bound?.starts ?? NO_STARTS,
    find: 'find' in form ? form.find : undefined,
    cost: 'find' in form ? form.reach : (bound?.most ?? 0) * (bound?.ways ?? 0),
    edges: form.edges ?? 'closed',
    joined: form.joined ?? false,
    inner: form.inner ?? false,
    lead: form.on === 'number' && form.lead !== undefined ? 1 : 0,
  };
}

/** Names an entity that is neither built in nor given by a user rule. */
export function isBuiltIn(entity: string): boolean {
  return (ENTITIES as readonly string[]).includes(entity);
}
