import type { JsonObject } from '@sallyport/core';
import { createDetector, createKeyReader } from '@sallyport/detection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RedactOptions } from '@sallyport/redaction';
import { deliver } from './rig.ts';

const keyReader = createKeyReader();
const OPTIONS: Partial<RedactOptions> = {
  detector: createDetector({ entities: ['EMAIL', 'SSN', 'DATE'] }),
  keyReader,
};

/** Dates are not looked for elsewhere in the message, and so each object stands for itself. */
const DATES: Partial<RedactOptions> = {
  ...OPTIONS,
  rules: [{ direction: 'both', entities: ['DATE', 'DOB'], operator: 'label' }],
};

const KEYS = [
  'id',
  'name',
  'email',
  'ssn',
  'status',
  'dob',
  'birthDate',
  'created_at',
  'patient',
  'data',
  'contentType',
  'rows',
  'columns',
  'value',
  'type',
  'resourceType',
  'system',
  'display',
  'valueString',
  'jane@example.org',
  '__proto__',
];
const scalar = fc.oneof(
  fc.constantFrom(
    'jane@example.org',
    'shipped',
    '219-09-9999',
    'Patient',
    'Observation',
    'text/plain',
    '1980-02-03',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6 }),
}));

async function structured(content: JsonObject, options = OPTIONS): Promise<unknown> {
  const result = await deliver(options, { content: [], structuredContent: content });
  return result['structuredContent'];
}

describe('what was learned of one object', () => {
  it('never changes what is found in the next one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 5 }), async (list) => {
        const alone = await Promise.all(list.map((item) => structured({ list: [item] }, DATES)));
        const together = await structured({ list }, DATES);
        expect((together as { list: unknown[] }).list).toEqual(
          alone.map((item) => (item as { list: unknown[] }).list[0]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('holds for members beyond the first ones, in another order, and under names that are data', async () => {
    const wide = (shift: number): JsonObject =>
      Object.fromEntries(
        Array.from({ length: 90 }, (_, index) => {
          const at = (index + shift) % 90;
          return at === 77 ? ['email', `u${shift}@example.org`] : [`field_${at}`, 'plain'];
        }),
      );
    const list = [wide(0), wide(0), wide(13), { 'jane@example.org': 'plain', email: 'x' }, wide(0)];
    const { list: after } = (await structured({ list })) as { list: Record<string, unknown>[] };
    expect(after.map((item) => item['email'])).toEqual([
      '[EMAIL]',
      '[EMAIL]',
      '[EMAIL]',
      '[EMAIL]',
      '[EMAIL]',
    ]);
    expect(Object.keys(after[3] ?? {})).toEqual(['[EMAIL]', 'email']);
    expect(Object.keys(after[2] ?? {})).toEqual(Object.keys(wide(13)));
  });
});

describe('what a name alone says of a member', () => {
  it('is what the reader says of the member', () => {
    const { byName } = keyReader;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...KEYS), value, { minKeys: 1 }),
        fc.array(value),
        (object, more) => {
          const containers = [object, ...more.filter((one) => typeof one === 'object' && one !== null)];
          const places = [keyReader.start];
          for (const one of containers as Record<string, unknown>[]) {
            for (const key of Object.keys(one)) {
              const place = places[places.length >> 1] ?? keyReader.start;
              const step = keyReader.step(place, key, one, one[key]);
              const kind = byName?.kindOf(place, one) ?? -1;
              const alone =
                typeof one[key] === 'number' ? byName?.placeOfNumber(kind, key) : byName?.placeOf(kind, key);
              expect([-1, step]).toContain(alone);
              places.push(step);
            }
          }
          keyReader.forget();
        },
      ),
    );
  });
});

describe('a value that is learned late', () => {
  const filler = Array.from({ length: 400 }, (_, index) => ({
    note: `Remark ${index} about nothing, ${'word '.repeat(12)}`,
  }));

  it.each([
    ['among few texts', []],
    ['among many texts', filler],
    ['before a text that is very long', [{ note: 'nothing '.repeat(4_000) }]],
    ['among texts beyond ASCII', filler.map(({ note }) => ({ note: `${note} – né à Łódź` }))],
  ])('is found in the texts before it: %s', async (_, between) => {
    const options = { detector: createDetector(), keyReader };
    const list = [
      { note: 'we spoke with Zybiskie' },
      { note: 'Zybiskie' },
      ...between,
      { note: 'and Zybiskie again' },
      { patient: { last_name: 'Zybiskie' } },
    ];
    const result = await deliver(options, { content: [], structuredContent: { list } });
    expect(JSON.stringify(result)).not.toContain('Zybiskie');
    expect(JSON.stringify(result).match(/\[PERSON\]/g)).toHaveLength(4);
  });
});
