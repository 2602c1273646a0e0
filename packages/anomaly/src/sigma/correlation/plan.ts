import { type Field, fieldNamed } from '../fields.ts';
import { unknownField } from '../item.ts';
import type { Path, Problems } from '../problem.ts';
import { hint, mapOf, shown } from '../words.ts';

type CorrelationType = 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered';

/** How much has to come together; both ends are included. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A `correlation:` as it is written, checked as far as one document allows. */
export interface CorrelationPlan {
  readonly type: CorrelationType;
  /** Ids or names of rules. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** As written, such as `5m`. */
  readonly timespan: string;
  readonly spanMs: number;
  /** Absent: all rules have to match. */
  readonly bounds?: Bounds;
  /** Whose values are counted; set only for `value_count`. */
  readonly field?: Field;
  /** Whether the rules that it refers to alert by themselves too. */
  readonly generate: boolean;
}

const TYPES: readonly string[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
] satisfies CorrelationType[];
const MEMBERS: readonly string[] = [
  'type',
  'rules',
  'group-by',
  'timespan',
  'condition',
  'aliases',
  'generate',
];
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_SPAN = 31 * 86_400_000;
const MOST_COUNT = 10_000;
const MOST_RULES = 50;
const MOST_GROUPS = 10;
const PATH: Path = ['correlation'];

/** Reads `correlation:` of the Sigma correlation rules specification. Undefined when it has problems. */
export function readCorrelation(value: unknown, problems: Problems): CorrelationPlan | undefined {
  const parts = mapOf(value);
  if (parts === undefined)
    return problems.error(PATH, 'is no mapping; write type, rules, group-by, timespan and condition');
  const before = problems.errors;
  for (const key of parts.keys())
    if (!MEMBERS.includes(key))
      problems.error(
        [...PATH, key],
        `is no member of a correlation${hint(key, MEMBERS)}; they are ${MEMBERS.join(', ')}`,
      );
  const type = typeOf(parts.get('type'), problems);
  const rules = names(parts, 'rules', MOST_RULES, problems);
  if (rules?.length === 0)
    problems.error([...PATH, 'rules'], 'names no rule; write the ids or names of some');
  const groupBy = names(parts, 'group-by', MOST_GROUPS, problems) ?? [];
  const span = spanOf(parts.get('timespan'), problems);
  const aliases = aliasesOf(parts.get('aliases'), problems);
  for (const [at, name] of groupBy.entries())
    if (!aliases.has(name)) singleField(name, [...PATH, 'group-by', at], problems);
  const generate = parts.get('generate') ?? false;
  if (typeof generate !== 'boolean')
    problems.error([...PATH, 'generate'], 'is no boolean; write true or false');
  const counted =
    type === undefined ? undefined : countOf(type, rules?.length ?? 0, parts.get('condition'), problems);
  if (problems.errors > before || type === undefined || rules === undefined || span === undefined)
    return undefined;
  return { type, rules, groupBy, aliases, ...span, ...counted, generate: generate === true };
}

function typeOf(value: unknown, problems: Problems): CorrelationType | undefined {
  if (typeof value === 'string' && TYPES.includes(value)) return value as CorrelationType;
  const close = typeof value === 'string' ? hint(value, TYPES) : '';
  return problems.error(
    [...PATH, 'type'],
    `is none of ${TYPES.join(', ')}${close === '' ? '; write one' : close}`,
  );
}

function names(
  parts: ReadonlyMap<string, unknown>,
  key: string,
  most: number,
  problems: Problems,
): readonly string[] | undefined {
  const value = parts.get(key);
  if (value === undefined && key === 'group-by') return [];
  if (Array.isArray(value) && value.length <= most && value.every((one) => typeof one === 'string'))
    return value;
  return problems.error([...PATH, key], `is no list of 1 to ${most} texts; write one`);
}

function spanOf(value: unknown, problems: Problems): { timespan: string; spanMs: number } | undefined {
  const [, count = '', unit = ''] =
    (typeof value === 'string' ? /^(\d{1,7})([smhd])$/.exec(value) : null) ?? [];
  const spanMs = Number(count) * (UNITS[unit] ?? 0);
  if (spanMs > 0 && spanMs <= MOST_SPAN) return { timespan: `${count}${unit}`, spanMs };
  return problems.error(
    [...PATH, 'timespan'],
    'is no time of up to 31 days; write a number and s, m, h or d, such as 5m',
  );
}

function aliasesOf(value: unknown, problems: Problems): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const result = new Map<string, ReadonlyMap<string, string>>();
  if (value === undefined) return result;
  const path = [...PATH, 'aliases'];
  const parts = mapOf(value);
  if (parts === undefined) problems.error(path, 'is no mapping; write alias: { rule: field }');
  for (const [alias, fields] of parts ?? []) {
    const entries = new Map<string, string>();
    const map = mapOf(fields);
    if (map === undefined) problems.error([...path, alias], 'is no mapping; write rule: field for each rule');
    for (const [rule, field] of map ?? []) {
      const place = [...path, alias, rule];
      if (typeof field !== 'string') problems.error(place, 'is no text; write the name of a field');
      else if (singleField(field, place, problems) !== undefined) entries.set(rule, field);
    }
    result.set(alias, entries);
  }
  return result;
}

function singleField(name: string, path: Path, problems: Problems): Field | undefined {
  const field = fieldNamed(name);
  if (field === undefined) return problems.error(path, unknownField(name));
  if (field.kind === 'texts')
    return problems.error(path, `${name} has several values in one record; write a field that has one`);
  return field;
}

function countOf(
  type: CorrelationType,
  rules: number,
  value: unknown,
  problems: Problems,
): Pick<CorrelationPlan, 'bounds' | 'field'> {
  const path = [...PATH, 'condition'];
  if (type === 'temporal_ordered' && value !== undefined)
    problems.error(
      path,
      'is not for temporal_ordered, which asks for all rules; leave it out, or write temporal',
    );
  if (type === 'temporal' || type === 'temporal_ordered') {
    if (rules < 2 && problems.errors === 0)
      problems.error(
        [...PATH, 'rules'],
        `is one rule, but ${type} is about several; write them, or event_count`,
      );
    if (value === undefined) return {};
  }
  const parts = mapOf(value);
  if (parts === undefined) {
    problems.error(
      path,
      typeof value === 'string'
        ? 'is a text, which is of later versions of Sigma; write a mapping, such as { gte: 2 }'
        : 'is no mapping; write one, such as { gte: 10 }',
    );
    return {};
  }
  let least = 0;
  let most = Infinity;
  for (const [key, number] of parts) {
    if (key === 'field') continue;
    if (!['gt', 'gte', 'lt', 'lte', 'eq'].includes(key)) {
      problems.error(
        [...path, key],
        `is none of gt, gte, lt, lte, eq${type === 'value_count' ? ', field' : ''}; write one`,
      );
    } else if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > MOST_COUNT) {
      problems.error([...path, key], `is no whole number from 0 to ${MOST_COUNT}; write one`);
    } else {
      if (key === 'gt' || key === 'gte' || key === 'eq')
        least = Math.max(least, key === 'gt' ? number + 1 : number);
      if (key === 'lt' || key === 'lte' || key === 'eq')
        most = Math.min(most, key === 'lt' ? number - 1 : number);
    }
  }
  if (least < 1)
    problems.error(
      path,
      'has no lower end, and few of something is no event that a stream could show; write gte with at least 1',
    );
  if (most < least) problems.error(path, 'is never true; write a smaller number below than above');
  if (type === 'temporal' && least > rules)
    problems.error(path, `asks for more rules than the ${rules} that are named; write a smaller number`);
  const field = fieldOf(type, parts.get('field'), problems);
  return { bounds: { least, most }, ...(field !== undefined && { field }) };
}

function fieldOf(type: CorrelationType, value: unknown, problems: Problems): Field | undefined {
  const path = [...PATH, 'condition', 'field'];
  if (type !== 'value_count') {
    if (value !== undefined) problems.error(path, `is for value_count only; leave it out of ${shown(type)}`);
    return undefined;
  }
  if (typeof value !== 'string')
    return problems.error(path, 'is missing, or no text; write the one field whose values are counted');
  const field = fieldNamed(value);
  return field ?? problems.error(path, unknownField(value));
}
