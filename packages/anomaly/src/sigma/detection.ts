import { compileCondition, type Selections } from './condition.ts';
import { compileItem, type Setting } from './item.ts';
import { allOf, anyOf, type Predicate } from './predicate.ts';
import type { Path, Problems } from './problem.ts';
import { mapOf } from './words.ts';

const MOST_SELECTIONS = 200;
const NEVER: Predicate = { holds: () => false };
const KEYWORDS =
  'is a word to look for in the whole record, but records hold no text of calls; write a mapping with fields, such as target|contains: word';

/** Compiles `detection:` with its selections and its condition. */
export function compileDetection(value: unknown, problems: Problems, setting: Setting): Predicate {
  const path = ['detection'];
  const parts = mapOf(value);
  if (parts === undefined) {
    problems.error(path, 'is no mapping; write selections, and a condition');
    return NEVER;
  }
  if (parts.has('timeframe'))
    problems.error(
      [...path, 'timeframe'],
      'is of Sigma 1; write a second document with "correlation:" and a timespan',
    );
  const compiled = new Map<string, Predicate>();
  for (const [name, selection] of parts) {
    if (name === 'condition' || name === 'timeframe') continue;
    if (compiled.size >= MOST_SELECTIONS) {
      problems.error(path, `has more than ${MOST_SELECTIONS} selections; write several rules`);
      break;
    }
    compiled.set(name, compileSelection(selection, [...path, name], problems, setting));
  }
  if (compiled.size === 0)
    problems.error(path, 'has no selection; write one, such as selection: { type: outcome }');
  const selections: Selections = { compiled, used: new Set() };
  const before = problems.errors;
  const predicate = conditions(parts.get('condition'), [...path, 'condition'], problems, selections);
  if (problems.errors === before) {
    for (const name of compiled.keys())
      if (!selections.used.has(name))
        problems.warning([...path, name], 'is not used by the condition; name it there, or leave it out');
  }
  return predicate;
}

function conditions(value: unknown, path: Path, problems: Problems, selections: Selections): Predicate {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (value === undefined || list.length === 0) {
    problems.error(path.slice(0, -1), 'has no condition; write one, such as condition: selection');
    return NEVER;
  }
  return anyOf(
    list.map((one, at) => {
      const place = Array.isArray(value) ? [...path, at] : path;
      if (typeof one === 'string') return compileCondition(one, place, problems, selections) ?? NEVER;
      problems.error(place, 'is no text; write one, such as condition: selection');
      return NEVER;
    }),
  );
}

function compileSelection(value: unknown, path: Path, problems: Problems, setting: Setting): Predicate {
  if (!Array.isArray(value)) return compileMap(value, path, problems, setting);
  if (value.length === 0) {
    problems.error(path, 'is an empty list; write mappings with fields');
    return NEVER;
  }
  return anyOf(value.map((one: unknown, at) => compileMap(one, [...path, at], problems, setting)));
}

function compileMap(value: unknown, path: Path, problems: Problems, setting: Setting): Predicate {
  const items = mapOf(value);
  if (items === undefined || items.size === 0) {
    const isWord = typeof value === 'string' || typeof value === 'number';
    problems.error(
      path,
      isWord ? KEYWORDS : 'is no mapping with fields; write one, such as { type: outcome }',
    );
    return NEVER;
  }
  return allOf([...items].map(([key, one]) => compileItem(key, one, [...path, key], problems, setting)));
}
