import { createFhirReader } from './fhir/fhir-reader.ts';
import { FIRST_FHIR_CONTEXT } from './fhir/element-table.ts';
import { createKeyClassifier, type KeyClass } from './generic/key-class.ts';
import { evidenceIn } from './generic/evidence.ts';
import { lookAround } from './generic/look-around.ts';
import { LONGEST_KEY } from './generic/split-key.ts';
import { createKeyMemory } from './key-memory.ts';
import type { KeyReader, KeyReaderOptions } from './key-reader.ts';
import { contextOf, placeOf, verdictOf } from './place.ts';
import { VERDICT, VERDICTS } from './verdicts.ts';

type Container = Readonly<Record<string, unknown>>;

const DEFAULT_MEMORY = 4096;
/** What is remembered stays: a longer key is judged again each time. */
const LONGEST_REMEMBERED = 512;
/** How the name of a resource type is written. */
const TYPE_NAME = /^(?:[A-Z][a-z]+){1,8}$/;
/** The kind of all containers that are not of FHIR: by their names alone, members of all of them are read alike. */
const GENERIC = 0;
const NO_CONTAINER: Container = Object.freeze({});

/**
 * Reads resources of FHIR R4 by the types of their elements and any other JSON by the words of its keys.
 * @throws RangeError when `memory` is not a power of two from 1 to 1048576
 */
export function createKeyReader(options: KeyReaderOptions = {}): KeyReader {
  const memory = options.memory ?? DEFAULT_MEMORY;
  if (!Number.isInteger(memory) || memory < 1 || memory > 1 << 20 || (memory & (memory - 1)) !== 0) {
    throw new RangeError('memory: write a power of two from 1 to 1048576');
  }
  const split = createKeyClassifier();
  const fhir = createFhirReader((key) => classify(key));
  const { cells, types, width } = fhir.table;
  const columns = createKeyMemory<number>(memory);
  const classes = createKeyMemory<KeyClass>(memory);
  const atResource = fhir.table.context('resource');
  const atElement = fhir.table.context('element');
  const atForeign = fhir.table.context('foreign');
  const atDefinition = fhir.table.context('definition');

  let last = NO_CONTAINER;
  /** How `last` is read when it is a resource, or 0. */
  let lastType = 0;
  let lastEvidence = -1;
  const evidence = (): number =>
    lastEvidence < 0 ? (lastEvidence = evidenceIn(last, classify)) : lastEvidence;

  return {
    start: 0,
    step(place, key, container, value) {
      let context = contextOf(place);
      if (context < FIRST_FHIR_CONTEXT || context === atResource) {
        if (container !== last) meet(container);
        if (lastType !== 0) context = lastType;
        else if (context === atResource) context = atElement;
        else return other(place, key, container, value);
      }
      return ofResource(context, place, key, container, value);
    },
    byName: {
      kindOf(place, container) {
        const context = contextOf(place);
        if (context >= FIRST_FHIR_CONTEXT && context !== atResource) return context;
        if (container !== last) meet(container);
        if (lastType !== 0) return lastType;
        return context === atResource ? atElement : GENERIC;
      },
      placeOf(kind, key) {
        if (kind !== GENERIC) return cellOf(kind, key);
        const found = classify(key);
        return found.look === 'nothing' ? found.place : -1;
      },
      placeOfNumber(kind, key) {
        if (kind !== GENERIC) return cellOf(kind, key);
        const { look, place } = classify(key);
        if (look === 'kept') return placeOf(contextOf(place), VERDICT.keep);
        return look === 'nothing' ? place : -1;
      },
    },
    verdict: (place) => VERDICTS[verdictOf(place)],
    forget() {
      meet(NO_CONTAINER);
    },
  };

  function ofResource(
    context: number,
    place: number,
    key: string,
    container: Container,
    value: unknown,
  ): number {
    const column = columns.get(key) ?? findColumn(key);
    if (column < 0) {
      if (container !== last) meet(container);
      const found = other(0, key, container, value);
      // Whatever is under a name that FHIR does not know may be a resource again.
      if (found !== 0) return found;
      return placeOf(context === atDefinition || context === atForeign ? context : atResource, VERDICT.text);
    }
    if (context === atForeign) return ofForeign(column, key, container, value ?? member(container, key));
    const cell = cells[(context - FIRST_FHIR_CONTEXT) * width + column] as number;
    return cell >= 0
      ? cell
      : fhir.look(cell, key, container, value ?? member(container, key), verdictOf(place));
  }

  function cellOf(context: number, key: string): number {
    const column = context === atForeign ? -1 : (columns.get(key) ?? findColumn(key));
    return column < 0 ? -1 : Math.max(-1, cells[(context - FIRST_FHIR_CONTEXT) * width + column] as number);
  }

  /** The shape of an object tells its datatype; where it has none, the words of the name tell. */
  function ofForeign(column: number, key: string, container: Container, value: unknown): number {
    if (container !== last) meet(container);
    const cell = cells[(atForeign - FIRST_FHIR_CONTEXT) * width + column] as number;
    const shaped = cell >= 0 ? cell : fhir.look(cell, key, container, value, VERDICT.text);
    if (verdictOf(shaped) !== VERDICT.text || (contextOf(shaped) !== atForeign && hasShape(value)))
      return shaped;
    const found = other(0, key, container, value);
    return contextOf(found) === 0 ? placeOf(atForeign, verdictOf(found)) : found;
  }

  function other(place: number, key: string, container: Container, value: unknown): number {
    const found = classify(key);
    if (found.look === 'nothing') return found.place;
    return lookAround(found, place, key, container, value ?? member(container, key), evidence, classify);
  }

  function meet(container: Container): void {
    last = container;
    lastEvidence = -1;
    const type = container['resourceType'];
    lastType = typeof type === 'string' ? (types.get(type) ?? (TYPE_NAME.test(type) ? atForeign : 0)) : 0;
  }

  function classify(key: string): KeyClass {
    const known = classes.get(key);
    if (known !== undefined) return known;
    const found = split(key);
    if (key.length <= LONGEST_REMEMBERED) classes.set(key, found);
    return found;
  }

  function findColumn(key: string): number {
    if (key.length > LONGEST_KEY) return -1;
    const column = fhir.table.columns.get(key) ?? fhir.column(key);
    columns.set(key, column);
    return column;
  }
}

/** The members by which the datatypes of FHIR are known in a resource of a type that is not. */
const SHAPES = ['reference', 'display', 'family', 'given', 'line', 'postalCode', 'system', 'resourceType'];

function hasShape(value: unknown): boolean {
  const object: unknown = Array.isArray(value) ? value[0] : value;
  return typeof object === 'object' && object !== null && SHAPES.some((name) => Object.hasOwn(object, name));
}

/** Never what a prototype has. */
function member(container: Container, key: string): unknown {
  return Object.hasOwn(container, key) ? container[key] : undefined;
}
