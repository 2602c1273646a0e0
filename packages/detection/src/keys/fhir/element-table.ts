import { contextOf, placeOf, verdictOf } from '../place.ts';
import { VERDICT, type VerdictName } from '../verdicts.ts';
import {
  CHOICE_TYPES,
  type Context,
  type ContextName,
  CONTEXTS,
  type Look,
  LOOKS,
  type Slot,
  TYPED,
} from './contexts.ts';
import {
  CHOICES,
  CLINICAL_REFERENCES,
  DATES,
  IDENTIFIERS,
  KEPT,
  OPEN,
  PARTY_REFERENCES,
  PERSON_REFERENCES,
  PLACE_REFERENCES,
} from './elements.ts';
import { DEFINITIONS, OTHER_RESOURCE_TYPES, RESOURCE_TYPES } from './resource-types.ts';

const NAMES = Object.keys(CONTEXTS) as ContextName[];

/** One row for each context, one column for each element; made once for each reader. */
export interface ElementTable {
  /** The column of an element. */
  readonly columns: ReadonlyMap<string, number>;
  readonly width: number;
  /** A place, or, below zero, a way to look: see `lookOf`. The row is the context, from `firstContext` on. */
  readonly cells: Int32Array;
  /** How a resource is read, by its type. */
  readonly types: ReadonlyMap<string, number>;
  context(name: ContextName): number;
  /** The column of an element of type [x], or -1. */
  choice(key: string): number;
}

/** Contexts of FHIR are numbered from here, those of other keys below. */
export const FIRST_FHIR_CONTEXT = 64;

export function createElementTable(): ElementTable {
  const defaults = defaultSlots();
  const columns = new Map([...defaults.keys()].map((name, index) => [name, index]));
  const width = columns.size;
  const cells = new Int32Array(NAMES.length * width);
  for (const [row, name] of NAMES.entries()) {
    const context: Context = CONTEXTS[name];
    const members = expand(context.members ?? {});
    for (const [element, column] of columns) {
      const slot = members.get(element) ?? inherited(context, name, element, defaults.get(element) as Slot);
      cells[row * width + column] = encode(slot);
    }
  }
  return {
    columns,
    width,
    cells,
    types: resourceTypes(),
    context: contextNumber,
    choice: (key) => choice(columns, key),
  };
}

/** A cell below zero is the complement of a place whose verdict is yet to be looked for; this is the way to look. */
export function lookOf(cell: number): number {
  return verdictOf(~cell);
}

/** The place of such a cell, once the verdict is found. */
export function lookedPlace(cell: number, verdict: number): number {
  return placeOf(contextOf(~cell), verdict);
}

function encode([leaf, object]: Slot): number {
  const context = contextNumber(object);
  const look = LOOKS.indexOf(leaf as Look);
  return look < 0 ? placeOf(context, VERDICT[leaf as VerdictName]) : ~placeOf(context, look);
}

function contextNumber(name: ContextName): number {
  return FIRST_FHIR_CONTEXT + NAMES.indexOf(name);
}

function inherited(context: Context, name: ContextName, element: string, slot: Slot): Slot {
  switch (context.base) {
    case 'element':
      return slot;
    case 'kept':
      return element.includes('xtension') ? slot : ['keep', 'coded'];
    case 'definition':
      return [slot[0] === 'fhir-date' ? 'keep' : slot[0], slot[1] === 'element' ? name : slot[1]];
    case 'foreign':
      return foreign(slot);
    default:
      return context.base satisfies never;
  }
}

/** Of a type that is not known: what a datatype holds, and nothing that follows from the name of an element. */
function foreign([leaf, object]: Slot): Slot {
  const isShape = !UNSHAPED.has(object);
  return [SHAPED.has(leaf) ? leaf : 'text', isShape ? object : 'foreign'];
}
const UNSHAPED: ReadonlySet<ContextName> = new Set<ContextName>(['element', 'coded', 'meta']);
const SHAPED: ReadonlySet<Slot[0]> = new Set<Slot[0]>([
  'display',
  'value',
  'coded-text',
  'fhir-dob',
  'fhir-person',
  'line',
  'fhir-city',
  'fhir-zip',
]);

function defaultSlots(): ReadonlyMap<string, Slot> {
  return new Map<string, Slot>([
    ...all(KEPT, ['keep', 'coded']),
    ...all(DATES, ['fhir-date', 'element']),
    ...all(OPEN, ['text', 'element']),
    ...all(PERSON_REFERENCES, ['text', 'to-person']),
    ...all(PARTY_REFERENCES, ['text', 'to-party']),
    ...all(PLACE_REFERENCES, ['text', 'to-place']),
    ...all(CLINICAL_REFERENCES, ['text', 'to-clinical']),
    ...all(IDENTIFIERS, ['text', 'identifier']),
    ...expand(TYPED),
    ...[...expand(CHOICE_TYPES)].map(([type, slot]) => [`[x]${type}`, slot] as const),
    ...Object.values<Context>(CONTEXTS).flatMap((context) => named(context.members)),
  ]);
}

/** Elements that only one context knows: elsewhere what their type says, or texts. */
function named(members: Context['members'] = {}): readonly (readonly [string, Slot])[] {
  return [...expand(members).keys()]
    .filter((name) => !KNOWN_ELSEWHERE.has(name))
    .map((name) => [name, CHOSEN.get(CHOICE.exec(name)?.[1] ?? '') ?? ['text', 'element']] as const);
}

const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set(
  [KEPT, DATES, OPEN, PERSON_REFERENCES, PARTY_REFERENCES, PLACE_REFERENCES, CLINICAL_REFERENCES, IDENTIFIERS]
    .flatMap(words)
    .concat([...expand(TYPED).keys()]),
);

function all(names: string, slot: Slot): readonly (readonly [string, Slot])[] {
  return words(names).map((name) => [name, slot]);
}

function expand(slots: Readonly<Record<string, Slot>>): ReadonlyMap<string, Slot> {
  return new Map(Object.entries(slots).flatMap(([names, slot]) => all(names, slot)));
}

function words(names: string): readonly string[] {
  return names.trim().split(/\s+/);
}

const CHOSEN = expand(CHOICE_TYPES);
const CHOICE = new RegExp(`^(?:${words(CHOICES).join('|')})(${[...CHOSEN.keys()].join('|')})$`);

function resourceTypes(): ReadonlyMap<string, number> {
  const types = new Map(
    words(`${RESOURCE_TYPES} ${OTHER_RESOURCE_TYPES}`).map((type) => [type, contextNumber('element')]),
  );
  for (const type of words(DEFINITIONS)) types.set(type, contextNumber('definition'));
  for (const name of NAMES) {
    const context: Context = CONTEXTS[name];
    if (context.types !== undefined)
      for (const type of words(context.types)) types.set(type, contextNumber(name));
  }
  return types;
}

function choice(columns: ReadonlyMap<string, number>, key: string): number {
  const type = CHOICE.exec(key)?.[1];
  return type === undefined ? -1 : (columns.get(`[x]${type}`) ?? -1);
}
