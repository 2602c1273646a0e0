import { describe, expect, test } from 'vitest';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import {
  type Attribute,
  classOf,
  type Entity,
  isFree,
  isObject,
  OCSF,
  ocsfProblems,
  type Values,
} from './ocsf-validator.ts';
import { ALERTS, SAMPLES } from './some-records.ts';

type Mutable = Record<string, unknown>;

/** One place of an event: what holds the attribute, what the attribute is, and how to name it. */
interface Place {
  readonly holder: Mutable;
  readonly entity: Entity;
  readonly name: string;
  readonly attribute: Attribute;
  readonly path: string;
}

const ocsf = createFormatter('ocsf', { productVersion: '1.2.3' });

function events(): Mutable[] {
  return [...SAMPLES.map((record) => ocsf.record(record)), ...ALERTS.map((facts) => ocsf.alert(facts))].map(
    (line) => JSON.parse(line) as Mutable,
  );
}

function placesOf(event: Mutable): Place[] {
  return placesIn(event, classOf(event) as Entity, '');
}

function placesIn(holder: Mutable, entity: Entity, path: string): Place[] {
  return Object.entries(holder).flatMap(([name, value]) => {
    const attribute = entity.attributes[name];
    if (attribute === undefined) throw new Error(`unknown: ${path}${name}`);
    const place = { holder, entity, name, attribute, path: `${path}${name}` };
    const inner = attribute.type === 'object_t' ? OCSF.objects[attribute.object_type ?? ''] : undefined;
    if (inner === undefined || isFree(inner)) return [place];
    const nested = Array.isArray(value)
      ? value.flatMap((item, index) => placesIn(item as Mutable, inner, `${path}${name}[${index}].`))
      : placesIn(value as Mutable, inner, `${path}${name}.`);
    return [place, ...nested];
  });
}

/** Changes each place of each event in turn, and returns those whose change the validator did not find. */
function unfound(
  change: (place: Place) => (() => void) | undefined,
  found: (problem: string, path: string) => boolean = (problem, path) => problem.startsWith(path),
): { tried: number; missed: string[] } {
  let tried = 0;
  const missed: string[] = [];
  for (const event of events()) {
    for (const place of placesOf(event)) {
      const { holder, name, path } = place;
      const before = holder[name];
      const apply = change(place);
      if (apply === undefined) continue;
      apply();
      tried += 1;
      // A changed class is a class that is not known, and reported as that.
      if (!ocsfProblems(event).some((problem) => found(problem, path) || path === 'class_uid')) {
        missed.push(`${String(event['class_uid'])} ${path}`);
      }
      holder[name] = before;
    }
  }
  return { tried, missed };
}

describe('the OCSF validator', () => {
  test('the samples hold every class and every object of the copied schema', () => {
    const seen = new Set<string>();
    for (const event of events()) {
      seen.add(classOf(event)?.caption ?? '');
      for (const { attribute } of placesOf(event)) seen.add(attribute.object_type ?? '');
    }
    const copied = [
      ...Object.values(OCSF.classes).map(({ caption }) => caption),
      ...Object.keys(OCSF.objects),
    ];
    expect(copied.filter((name) => !seen.has(name))).toEqual([]);
  });

  test('finds every required attribute that is removed', () => {
    const { tried, missed } = unfound(
      ({ holder, name, attribute }) =>
        attribute.requirement === 'required' ? () => delete holder[name] : undefined,
      (problem, path) => problem === `${path}: required`,
    );
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(300);
  });

  test('finds every enum that has a wrong value', () => {
    const { tried, missed } = unfound(({ holder, name, attribute }) =>
      attribute.enum === undefined ? undefined : () => (holder[name] = 12_345),
    );
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(300);
  });

  test('finds every type that is changed', () => {
    const { tried, missed } = unfound(({ holder, name, attribute }) =>
      attribute.type === 'json_t' ? undefined : () => (holder[name] = otherType(holder[name])),
    );
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(1000);
  });

  test('finds every value that became a list, and every list that became a value', () => {
    const { tried, missed } = unfound(({ holder, name, attribute }) => {
      if (attribute.type === 'json_t') return undefined;
      const value = holder[name];
      return () => (holder[name] = Array.isArray(value) ? 'not a list' : [value]);
    });
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(1000);
  });

  test('finds every attribute that is not of its object', () => {
    const { missed } = unfound(({ holder, name, attribute, path }) => {
      const value = holder[name];
      if (attribute.type !== 'object_t' || path === 'unmapped') return undefined;
      const changed = (item: unknown): unknown => ({ ...(item as Values), not_of_ocsf: 1 });
      if (Array.isArray(value) && value.length === 0) return undefined;
      return () => (holder[name] = Array.isArray(value) ? value.map(changed) : changed(value));
    });
    expect(missed).toEqual([]);
    const [event = {}] = events();
    expect(ocsfProblems({ ...event, not_of_ocsf: 1 })).toEqual(['not_of_ocsf: unknown']);
  });

  test('finds every caption that is not that of its number, and every 99 without a word', () => {
    const { tried, missed } = unfound(({ holder, name, attribute }) => {
      if (attribute.sibling === undefined || holder[attribute.sibling] === undefined) return undefined;
      const { sibling } = attribute;
      const other = Object.keys(attribute.enum ?? {}).find(
        (id) => Number(id) !== holder[name] && id !== '99',
      );
      return holder[name] === 99 || sibling === undefined ? undefined : () => (holder[name] = Number(other));
    });
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(100);
    const [{ activity_name: _, ...event } = {}] = events();
    expect(ocsfProblems(event)).toEqual(['activity_id: 99 without activity_name']);
  });

  test('finds every broken constraint', () => {
    const broken: string[] = [];
    for (const event of events()) {
      const holders = new Map(placesOf(event).map(({ holder, entity }) => [holder, entity]));
      for (const [holder, { constraints }] of holders) {
        const names = constraints?.at_least_one ?? constraints?.just_one ?? [];
        if (names.length === 0) continue;
        const kept = { ...holder };
        for (const name of names) delete holder[name];
        if (
          !ocsfProblems(event).some(
            (problem) => problem.includes(': at least one of') || problem.includes(': just one of'),
          )
        ) {
          broken.push(names.join());
        }
        Object.assign(holder, kept);
      }
    }
    expect(broken).toEqual([]);
    const session = events().find((event) => event['class_uid'] === 3003);
    expect(ocsfProblems({ ...session, group: { name: 'a' } })).toEqual([': just one of privileges, group']);
  });

  test('finds every profile that is not named, although its attributes are there', () => {
    for (const event of events()) {
      const metadata = event['metadata'] as Values;
      const needed = new Set(placesOf(event).flatMap(({ attribute }) => attribute.profiles ?? []));
      for (const profile of metadata['profiles'] as string[]) {
        if (!needed.has(profile)) continue;
        const profiles = (metadata['profiles'] as string[]).filter((name) => name !== profile);
        expect(ocsfProblems({ ...event, metadata: { ...metadata, profiles } })).not.toEqual([]);
      }
    }
  });

  test('finds what a named profile requires, a profile of no such class, and another version', () => {
    const [event = {}] = events();
    const metadata = event['metadata'] as Values;
    const problemsWith = (over: Values): string[] =>
      ocsfProblems({ ...event, metadata: { ...metadata, ...over } });
    expect(problemsWith({ profiles: [...(metadata['profiles'] as string[]), 'cloud'] })).toEqual([
      'cloud: required',
    ]);
    expect(problemsWith({ profiles: [...(metadata['profiles'] as string[]), 'no_such'] })).toEqual([
      'metadata.profiles: not one of the class',
    ]);
    expect(problemsWith({ version: '1.7.0' })).toEqual(['metadata.version: not 1.8.0']);
  });

  test('finds a deprecated attribute', () => {
    const [event = {}] = events();
    expect(ocsfProblems({ ...event, actor: { ...(event['actor'] as Values), invoked_by: 'a' } })).toEqual([
      'actor.invoked_by: deprecated since 1.2.0',
    ]);
  });
});

function otherType(value: unknown): unknown {
  if (typeof value === 'string') return 7;
  if (Array.isArray(value)) return value.length === 0 ? [null] : value.map(otherType);
  return isObject(value) || typeof value === 'boolean' ? 'another type' : String(value);
}
