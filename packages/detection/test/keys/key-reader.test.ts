import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/entity.ts';
import { createKeyReader } from '../../src/keys/create-key-reader.ts';
import type { KeyReader } from '../../src/keys/key-reader.ts';
import { KEPT } from '../../src/keys/fhir/elements.ts';
import { RESOURCE_TYPES } from '../../src/keys/fhir/resource-types.ts';

const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  '_',
  '__',
  '\u0000',
  '💊',
  'ﬁrst name',
  'İd',
  'ß',
];
const CODED = KEPT.trim()
  .split(/\s+/)
  .filter((name) => name !== 'resourceType');
const TYPES = RESOURCE_TYPES.trim().split(/\s+/);

/** Walks all of a value; answers what was said of each leaf. */
function walk(
  reader: KeyReader,
  value: unknown,
  place: number = reader.start,
  said: unknown[] = [],
): unknown[] {
  if (typeof value !== 'object' || value === null) {
    said.push(reader.verdict(place));
  } else if (Array.isArray(value)) {
    for (const item of value) walk(reader, item, place, said);
  } else {
    for (const [key, member] of Object.entries(value)) {
      walk(reader, member, reader.step(place, key, value as Readonly<Record<string, unknown>>, member), said);
    }
  }
  return said;
}

const key = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.constantFrom(
    'name',
    'value',
    'system',
    'type',
    'coding',
    'identifier',
    'extension',
    'url',
    'address',
    'age',
    'id',
    'patient',
    'entry',
    'resource',
    'contained',
    'valueString',
    'valueAge',
    'reference',
    'display',
    'text',
    'telecom',
    'card',
    'phone',
    'city',
    'item',
    'answer',
    'parameter',
    'part',
    'code',
    'component',
    'valueQuantity',
    'valueInteger',
    'label',
    'date',
    'unit',
  ),
  fc.string({ unit: 'binary' }),
);
const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.constantFrom('ssn', 'Patient', '90', 'a@b'),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 6 }).map((members) => {
      const object = {};
      for (const [name, value] of members)
        Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
      return object;
    }),
    fc
      .tuple(
        fc.constantFrom(...TYPES, 'Transport', 'SomethingNew'),
        fc.dictionary(key, tie('json'), { maxKeys: 6 }),
      )
      .map(([resourceType, rest]) => ({ ...rest, resourceType })),
  ),
}));

describe('createKeyReader', () => {
  it('never throws, and says only what it may, on any JSON', () => {
    const reader = createKeyReader({ memory: 64 });
    fc.assert(
      fc.property(json, (value) => {
        for (const verdict of walk(reader, value)) {
          if (verdict === undefined || verdict === 'keep') continue;
          expect(ENTITIES).toContain((verdict as { entity: string }).entity);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('never takes a code, a quantity or a unit of a resource for anything', () => {
    const reader = createKeyReader();
    const word = fc.string({ maxLength: 30 });
    const coding = fc.record({
      system: word,
      version: word,
      code: word,
      display: word,
      userSelected: fc.boolean(),
    });
    const quantity = fc.record({
      value: fc.double(),
      comparator: word,
      unit: word,
      system: word,
      code: word,
    });
    const concept = fc.record({ coding: fc.array(coding, { minLength: 1, maxLength: 3 }), text: word });
    const kept = fc.constantFrom(
      ...CODED,
      'valueQuantity',
      'valueCodeableConcept',
      'medicationCodeableConcept',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        kept,
        fc.oneof(concept, quantity, coding),
        (resourceType, name, value) => {
          expect(new Set(walk(reader, { resourceType, [name]: value, nested: { [name]: [value] } }))).toEqual(
            new Set(['keep']),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says the same of the same JSON, whatever it read before and however little it remembers', () => {
    const warm = createKeyReader();
    fc.assert(
      fc.property(json, json, (before, value) => {
        walk(warm, before);
        const said = walk(warm, value);
        expect(said).toEqual(walk(createKeyReader({ memory: 1 }), value));
        warm.forget();
        expect(walk(warm, value)).toEqual(said);
      }),
      { numRuns: 60 },
    );
  });

  it('gives small whole numbers that stay small at any depth', () => {
    const reader = createKeyReader();
    let place = reader.start;
    for (let depth = 0; depth < 100_000; depth++) {
      place = reader.step(place, HOSTILE[depth % HOSTILE.length] as string, { patient: {}, name: {} });
      place = reader.step(place, ['patient', 'name', 'extension', 'phone'][depth % 4] as string, {
        resourceType: 'Patient',
      });
      if (!Number.isInteger(place) || place < 0 || place >= 1 << 20) expect.unreachable(`place ${place}`);
    }
    expect(place).toBeLessThan(1 << 20);
  });

  it('makes nothing for a leaf: a verdict is one of a fixed set of objects', () => {
    const reader = createKeyReader();
    const first = reader.verdict(reader.step(reader.start, 'email', { email: 'a' }));
    expect(reader.verdict(reader.step(reader.start, 'customerEmail', { customerEmail: 'b' }))).toBe(first);
  });

  it('is not told anything by a prototype, nor by a key that is named like one', () => {
    const reader = createKeyReader();
    const posing = JSON.parse('{"__proto__":{"resourceType":"Patient"},"status":"called Ms. Doe"}') as Record<
      string,
      unknown
    >;
    expect(walk(reader, posing)).toEqual(['keep', undefined]);
    for (const hostile of ['__proto__', 'constructor', 'toString', 'valueOf', '', ' ', '_', '\u0000']) {
      expect(reader.verdict(reader.step(reader.start, hostile, {}))).toBeUndefined();
    }
  });

  it('reads keys in their compatibility forms', () => {
    const reader = createKeyReader();
    expect(walk(reader, { 'ﬁrst name': 'Jo', Ｅｍａｉｌ: 'x' })).toMatchObject([
      { entity: 'PERSON' },
      { entity: 'EMAIL' },
    ]);
  });

  it('says nothing of a place that it did not give', () => {
    const reader = createKeyReader();
    expect(reader.verdict(255)).toBeUndefined();
    expect(reader.verdict(-1)).toBeUndefined();
  });

  it('reads the end of a key that is longer than a name can be', () => {
    const reader = createKeyReader();
    for (const begin of ['x', 'x1', 'X', '_']) {
      const long = `${begin.repeat(100_000)}Email`;
      expect(reader.verdict(reader.step(reader.start, long, { [long]: 'a' }))).toMatchObject({
        entity: 'EMAIL',
      });
    }
  });

  it('finds the evidence in an object of very many members', () => {
    const reader = createKeyReader();
    const wide: Record<string, unknown> = { name: 'Jo Doe', birthDate: 'x' };
    for (let i = 0; i < 50_000; i++) wide[`k${i}`] = i;
    expect(walk(reader, wide)[0]).toMatchObject({ entity: 'PERSON' });
  });

  it.each([0, 3, -1, 1.5, Number.NaN, 1 << 21])('refuses a memory of %s and says what to write', (memory) => {
    expect(() => createKeyReader({ memory })).toThrow('memory: write a power of two from 1 to 1048576');
  });
});
