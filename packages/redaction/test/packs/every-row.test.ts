import { describe, expect, it } from 'vitest';

import { expandPack, PACKS } from '../../src/packs/index.ts';
import { exampleOf, passData, passText } from './rig.ts';

/** Of the values in the rig. */
const FORMS: Readonly<Record<string, string>> = {
  'generalize DATE': '1989',
  'generalize DOB': '1989',
  'generalize AGE_OVER_89': '90+',
  'generalize ZIP': '941',
  'generalize GEO': '38, -122',
  'mask CREDIT_CARD': '************1111',
};

describe.each([...PACKS.values()])('$name', (pack) => {
  const rules = expandPack(pack, { direction: 'results' });
  const cases = pack.rows.flatMap((row) =>
    row.entities.map((entity) => ({ row, entity, about: `${row.clause ?? ''} ${row.identifier}` })),
  );

  it.each(cases.filter(({ row, entity }) => row.operator !== 'keep' && entity !== 'PERSON'))(
    'takes out $entity:$about',
    async ({ row, entity }) => {
      const { before, value, after } = exampleOf(entity);
      const form =
        row.operator === 'label'
          ? `[${entity}]`
          : row.operator === 'drop'
            ? ''
            : FORMS[`${row.operator} ${entity}`];
      if (form === undefined) throw new Error(`add a form for ${row.operator} ${entity}`);
      const text = await passText(rules, `${before}${value}${after}`);
      expect(text).toBe(`${before}${form}${after}`);
      expect(text).not.toContain(value);
    },
  );

  it.each(cases.filter(({ entity }) => entity === 'PERSON'))('takes out $entity:$about', async () => {
    const data = { patientName: 'Jane Roe', remark: 'seen by Jane Roe, E11.9' };
    expect(await passData(rules, data)).toEqual({
      patientName: '[PERSON]',
      remark: 'seen by [PERSON], E11.9',
    });
  });

  const kept = cases.filter(({ row }) => row.operator === 'keep');
  it(`keeps what may stay (${kept.length} entities)`, async () => {
    for (const { entity } of kept) {
      const { before, value, after } = exampleOf(entity);
      const text = `${before}${value}${after}`;
      expect(await passText(rules, text)).toBe(text);
    }
    expect(kept.map(({ entity }) => entity)).toEqual(
      pack.name === 'hipaa-limited-data-set' ? ['CITY', 'ZIP', 'DATE', 'DOB', 'AGE_OVER_89', 'FACILITY'] : [],
    );
  });

  it('says of every row without entities that nothing finds it', () => {
    for (const row of pack.rows.filter(({ entities }) => entities.length === 0))
      expect(row.note).toMatch(/^Not found: .+ .*(?:Do not give|Write detector rules)/);
  });

  it('names an entity once, and says where it comes from and what it does not do', () => {
    const names = pack.rows.flatMap(({ entities }) => entities);
    expect(new Set(names).size).toBe(names.length);
    expect(pack.source).toMatch(/^https:\/\/\S+$/);
    expect(pack.limits.length).toBeGreaterThan(0);
  });
});
