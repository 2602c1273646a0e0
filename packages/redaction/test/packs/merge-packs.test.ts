import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { OPERATORS } from '../../src/operators/operator.ts';
import { mergePacks, type Pack, type PackRow, PACKS } from '../../src/packs/index.ts';
import { isStricter } from '../../src/packs/strictness.ts';

function packOf(name: string, ...rows: readonly PackRow[]): Pack {
  return { name, title: name, source: `https://example.org/${name}`, rows, limits: [`${name} is short.`] };
}

function operatorsOf(pack: Pack): Map<string, PackRow> {
  return new Map(pack.rows.flatMap((row) => row.entities.map((entity) => [entity, row] as const)));
}

describe('of two rows that name an entity', () => {
  const order = ['keep', 'generalize', 'mask', 'label', 'drop', 'block'] as const;
  const pairs = order.flatMap((weaker, index) =>
    order.slice(index + 1).map((stricter) => [weaker, stricter] as const),
  );

  it.each(pairs)('%s gives way to %s, wherever it stands', (weaker, stricter) => {
    const weak = packOf('weak', { identifier: 'a', entities: ['DOB'], operator: weaker });
    const strict = packOf('strict', { identifier: 'b', entities: ['DOB'], operator: stricter });
    for (const packs of [
      [weak, strict],
      [strict, weak],
    ])
      expect(mergePacks(packs).rows).toEqual(strict.rows);
  });

  it.each([
    ['label', 'token'],
    ['hash', 'label'],
    ['generalize', 'shift'],
    ['surrogate', 'generalize'],
  ] as const)('the first has it when they are as strict: %s and %s', (first, second) => {
    const one = packOf('one', { identifier: 'a', entities: ['DOB'], operator: first });
    const other = packOf('other', { identifier: 'b', entities: ['DOB'], operator: second });
    expect(mergePacks([one, other]).rows).toEqual(one.rows);
    expect(mergePacks([other, one]).rows).toEqual(other.rows);
  });

  it('of two masks, the one that shows fewer characters has it', () => {
    const four = packOf('four', { identifier: 'a', entities: ['SSN'], operator: 'mask', keepLast: 4 });
    const none = packOf('none', { identifier: 'b', entities: ['SSN'], operator: 'mask' });
    expect(mergePacks([four, none]).rows).toEqual(none.rows);
    expect(mergePacks([none, four]).rows).toEqual(none.rows);
  });
});

describe('packs that are put together', () => {
  it('keep what only one of them names, and what neither can find', () => {
    const one = packOf(
      'one',
      { identifier: 'a', entities: ['DOB', 'DATE'], operator: 'generalize' },
      { identifier: 'b', entities: [], operator: 'label', note: 'Not found' },
    );
    const other = packOf('other', { identifier: 'c', entities: ['DOB', 'SSN'], operator: 'label' });
    expect(mergePacks([one, other])).toEqual({
      name: 'one+other',
      title: 'one; other',
      source: 'https://example.org/one https://example.org/other',
      rows: [{ ...one.rows[0], entities: ['DATE'] }, one.rows[1], other.rows[0]],
      limits: ['one is short.', 'other is short.'],
    });
  });

  it('bring the rules that their detector needs, each once', () => {
    const pci = PACKS.get('pci') as Pack;
    const rule = { id: 'badge', entity: 'BADGE', words: ['badge'] } as const;
    const badge = { ...packOf('badge'), detectorRules: [rule] };
    expect(mergePacks([pci, badge, pci]).detectorRules).toEqual([...(pci.detectorRules ?? []), rule]);
  });

  it('have to be some', () => {
    expect(() => mergePacks([])).toThrow('mergePacks needs a pack at least.');
  });

  const entity = fc.constantFrom('DOB', 'DATE', 'SSN', 'EMAIL', 'BADGE' as const);
  const row = fc.record({
    identifier: fc.string(),
    entities: fc.array(entity, { maxLength: 4 }),
    operator: fc.constantFrom(...OPERATORS),
  });
  const somePack = fc.array(row, { maxLength: 5 }).map((rows) => packOf('any', ...rows));
  const packs = fc.array(fc.oneof(somePack, fc.constantFrom(...PACKS.values())), {
    minLength: 1,
    maxLength: 4,
  });

  it('are as strict with everything as the strictest of them, and name nothing twice', () => {
    fc.assert(
      fc.property(packs, (some) => {
        const merged = mergePacks(some);
        const names = merged.rows.flatMap(({ entities }) => entities);
        expect(new Set(names).size).toBe(names.length);
        const operators = operatorsOf(merged);
        const given = some.flatMap(({ rows }) => rows);
        for (const one of given)
          for (const name of one.entities) {
            const winner = operators.get(name);
            expect(winner !== undefined && !isStricter(one, winner)).toBe(true);
          }
        expect(mergePacks([merged]).rows).toEqual(merged.rows);
      }),
    );
  });
});
