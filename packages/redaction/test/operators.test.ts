import { createDetector } from '@sallyport/detection';
import { OPERATORS, type RedactionRule } from '@sallyport/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deliver, FakeVault, is, keysAre, NOW } from './rig.ts';

type Choice = Pick<RedactionRule, 'operator' | 'keepLast' | 'maxDays'>;

/** Finds next to nothing, so that only keys speak. */
const NOTHING = createDetector({ entities: ['BTC'] });

/** What stands for a value, or a number, that its key calls an entity. */
async function standIn<T extends string | number>(
  choice: Choice,
  entity: Uppercase<string>,
  value: T,
  more: { readonly about?: string; readonly tenant?: string } = {},
): Promise<T> {
  const { structuredContent } = await deliver(
    {
      detector: NOTHING,
      keyReader: keysAre({ value: is(entity) }),
      rules: [{ direction: 'results', entities: '*', ...choice }],
      aboutOf: () => more.about,
      tenantOf: () => more.tenant ?? '',
      vault: new FakeVault(),
      clock: () => NOW,
    },
    { content: [], structuredContent: { value } },
  );
  return (structuredContent as { value: T }).value;
}

describe('every operator but keep and block', () => {
  it.each(OPERATORS.filter((operator) => operator !== 'keep' && operator !== 'block'))(
    '%s never delivers the value, whatever it is',
    async (operator) => {
      const value = fc.oneof(
        fc.string({ minLength: 4, unit: 'grapheme' }).filter((text) => /[\p{L}\p{N}]{4}/u.test(text)),
        fc.emailAddress(),
        fc
          .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
          .map((date) => date.toISOString()),
        fc.stringMatching(/^\d{3}-\d{2}-\d{4}$/),
      );
      const entity = fc.constantFrom(
        'EMAIL',
        'SSN',
        'DATE',
        'ZIP',
        'GEO',
        'PERSON',
        'URL',
        'CREDIT_CARD',
        'MAC',
      );
      await fc.assert(
        fc.asyncProperty(value, entity, async (text, name) => {
          expect(await standIn({ operator }, name as Uppercase<string>, text)).not.toContain(text);
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(OPERATORS.filter((operator) => operator !== 'keep' && operator !== 'block'))(
    '%s answers a number with another number',
    async (operator) => {
      const value = fc.integer({ min: 10_000_000, max: 999_999_999 });
      await fc.assert(
        fc.asyncProperty(value, fc.constantFrom('SSN', 'PHONE', 'DATE', 'ZIP'), async (number, entity) => {
          const fake = await standIn({ operator }, entity as Uppercase<string>, number);
          expect(typeof fake).toBe('number');
          expect(Number.isFinite(fake)).toBe(true);
          expect(fake).not.toBe(number);
        }),
        { numRuns: 60 },
      );
    },
  );
});

describe('mask', () => {
  it.each([
    ['4111 1111 1111 1234', 4, '**** **** **** 1234'],
    ['219-09-9999', 4, '***-**-*999'],
    ['12345', 4, '****5'],
    ['ab', 4, '**'],
    ['jane@x.org', 0, '****@*.***'],
    ['Ærø 𝔛', 0, '*** *'],
  ])('of %j keeps at most the last %i, and a third', async (value, keepLast, masked) => {
    expect(await standIn({ operator: 'mask', keepLast }, 'ACCOUNT', value)).toBe(masked);
  });
});

describe('generalize', () => {
  it.each([
    ['DATE', '2024-03-05', '2024'],
    ['DATE', 'March 5, 2024', '2024'],
    ['DATE', '5 March', '[DATE]'],
    ['DOB', '03/05/1985', '1985'],
    ['DOB', '1931-02-03', '1936 or earlier'],
    ['ZIP', '02139-4307', '021'],
    ['ZIP', '03602', '000'],
    ['ZIP', '20252', '000'],
    ['AGE_OVER_89', '97 years old', '90+'],
    ['GEO', '42.36012, -71.09421', '42, -71'],
    ['SSN', '219-09-9999', '[SSN]'],
  ])('of %s %j is %j', async (entity, value, general) => {
    expect(await standIn({ operator: 'generalize' }, entity as Uppercase<string>, value)).toBe(general);
  });

  it.each([
    ['DOB', 19_850_305, 1985],
    ['DOB', 1931, 1936],
    ['ZIP', 2139, 21],
    ['ZIP', 3602, 0],
    ['AGE_OVER_89', 97, 90],
    ['GEO', 42.36012, 42],
  ])('of %s %d is the number %d', async (entity, value, general) => {
    expect(await standIn({ operator: 'generalize' }, entity as Uppercase<string>, value)).toBe(general);
  });
});

describe('shift', () => {
  const shifted = (value: string, about: string): Promise<string> =>
    standIn({ operator: 'shift' }, 'DATE', value, { about });
  const days = (a: string, b: string): number => (Date.parse(a) - Date.parse(b)) / 86_400_000;

  it('keeps the time between two dates of one patient, and moves them for another', async () => {
    const [first, second] = await Promise.all([shifted('2024-01-30', 'p1'), shifted('2024-03-02', 'p1')]);
    expect(days(second, first)).toBe(days('2024-03-02', '2024-01-30'));
    expect(await shifted('2024-01-30', 'p2')).not.toBe(first);
  });

  it.each([
    ['2024-01-30', /^\d{4}-\d\d-\d\d$/],
    ['2024-01-30T08:15:00Z', /^\d{4}-\d\d-\d\dT08:15:00Z$/],
    ['20240130', /^\d{8}$/],
    ['1/30/24', /^\d{1,2}\/\d{1,2}\/\d\d$/],
    ['30.01.2024', /^\d\d\.\d\d\.\d{4}$/],
    ['January 30, 2024', /^[A-Z][a-z]+ \d{1,2}, \d{4}$/],
    ['30-JAN-2024', /^\d\d-[A-Z]{3}-\d{4}$/],
  ])('writes %s in its own format', async (value, format) => {
    const moved = await shifted(value, 'p1');
    expect(moved).toMatch(format);
    expect(moved).not.toBe(value);
  });

  it('stays within its days, and labels what is no date', async () => {
    const moved = await standIn({ operator: 'shift', maxDays: 3 }, 'DATE', '2024-06-15', { about: 'x' });
    expect(Math.abs(days(moved, '2024-06-15'))).toBeLessThanOrEqual(3);
    expect(await shifted('next Tuesday', 'p1')).toBe('[DATE]');
  });
});

describe('surrogate and hash', () => {
  const surrogate = (entity: Uppercase<string>, value: string, tenant?: string): Promise<string> =>
    standIn({ operator: 'surrogate' }, entity, value, tenant === undefined ? {} : { tenant });

  it.each([
    ['EMAIL', 'jane.roe@clinic.com', /^[a-z]{4}\.[a-z]{3}@example\.org$/],
    ['SSN', '219-09-9999', /^9\d\d-1\d-\d{4}$/],
    ['PHONE', '+1 (212) 555-0142', /^\+\d \(\d{3}\) \d{3}-\d{4}$/],
    ['PERSON', 'Jane Roe', /^[A-Z][a-z]{3} [A-Z][a-z]{2}$/],
    ['IPV4', '10.1.2.3', /^198\.51\.100\.\d+$/],
    ['IPV6', 'fe80::1', /^2001:db8::/],
    ['MAC', '3c:22:fb:00:11:22', /^00:00:5e:00:53:[0-9a-f]{2}$/],
    ['URL', 'https://clinic.com/jane', /^https:\/\/example\.org\//],
    ['DATE', '2024-01-30', /^20\d\d-\d\d-\d\d$/],
    ['MRN', 'MRN-00123', /^[A-Z]{3}-\d{5}$/],
  ])('of %s %j has the same shape', async (entity, value, shape) => {
    expect(await surrogate(entity as Uppercase<string>, value)).toMatch(shape);
  });

  it('of a card passes the check of cards', async () => {
    const fake = await surrogate('CREDIT_CARD', '4111 1111 1111 1111');
    expect(createDetector({ entities: ['CREDIT_CARD'] }).scan(fake)).toHaveLength(1);
  });

  it('are the same for the same value, and others in another tenant', async () => {
    for (const operator of ['surrogate', 'hash'] as const) {
      const of = (value: string, tenant: string): Promise<string> =>
        standIn({ operator }, 'PERSON', value, { tenant });
      expect(await of('Jane Roe', 'north')).toBe(await of('Jane Roe', 'north'));
      expect(await of('Jane Roe', 'north')).not.toBe(await of('Jane Roe', 'south'));
      expect(await of('Jane Roe', 'north')).not.toBe(await of('Jane Row', 'north'));
    }
    expect(await standIn({ operator: 'hash' }, 'PERSON', 'Jane Roe')).toMatch(/^\[PERSON#[0-9a-f]{16}\]$/);
  });
});
