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
    ['12345678', 4, '******78'],
    ['1234567', 4, '*******'],
    ['123', 3, '***'],
    ['1980', 4, '****'],
    ['12-34-567', 9, '**-**-***'],
    ['ab', 4, '**'],
    ['-/.', 3, '***'],
    ['jane@x.org', 0, '****@*.***'],
    ['Ærø 𝔛', 0, '*** *'],
  ])('of %j keeps at most the last %i, and a third', async (value, keepLast, masked) => {
    expect(await standIn({ operator: 'mask', keepLast }, 'ACCOUNT', value)).toBe(masked);
  });
});

describe('mask of a number', () => {
  it.each([
    [123, 0],
    [1980, 0],
    [1_234_567, 0],
    [123_456_789, 789],
  ])('%d is %d: nothing of a short one, a third of a long one', async (value, masked) => {
    expect(await standIn({ operator: 'mask', keepLast: 4 }, 'ACCOUNT', value)).toBe(masked);
  });
});

describe('mask, whatever the value', () => {
  it('shows a third at most, and nothing of fewer than eight characters', async () => {
    const value = fc.string({ unit: fc.constantFrom(...'abc123-. @') }).filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(value, fc.nat(20), async (text, keepLast) => {
        const masked = await standIn({ operator: 'mask', keepLast }, 'ACCOUNT', text);
        const shown = masked.replaceAll(/[^abc123]/g, '').length;
        const size = text.replaceAll(/[^abc123]/g, '').length;
        expect(masked).toHaveLength(text.length);
        expect(shown).toBeLessThanOrEqual(size < 8 ? 0 : size / 3);
      }),
    );
  });
});

describe('an operator that keeps a form keeps nothing else', () => {
  it.each([
    ['shift', 'DATE', '2024-01-30 Jane Roe', '[DATE]'],
    ['shift', 'DATE', 'Roe, January 30, 2024', '[DATE]'],
    ['shift', 'DATE', '30 January 2024, MRN 7', '[DATE]'],
    ['generalize', 'GEO', '40.5, 74°0\'21"', '[GEO]'],
    ['generalize', 'GEO', '42.36 5th Avenue', '[GEO]'],
    ['generalize', 'GEO', '42.36.01.22', '[GEO]'],
    ['generalize', 'GEO', 'dr5regw3pp', '[GEO]'],
    ['generalize', 'GEO', 'POINT(-71.09421 42.36012)', 'POINT(-71 42)'],
    ['generalize', 'GEO', '42.36012° N, 71.09421° W', '42° N, 71° W'],
    ['generalize', 'ZIP', '902', '[ZIP]'],
  ] as const)('%s of %s %j is %j', async (operator, entity, value, general) => {
    expect(await standIn({ operator }, entity, value)).toBe(general);
  });

  it.each([
    ['GEO', 423_601_200, 0],
    ['ZIP', 1e21, 0],
    ['ZIP', -2139, 0],
  ] as const)('generalize of the number %s %d is %d', async (entity, value, general) => {
    expect(await standIn({ operator: 'generalize' }, entity, value)).toBe(general);
  });

  it('the weekday of a date that is shifted is not written: it would tell how far', async () => {
    const shifted = await standIn({ operator: 'shift' }, 'DATE', 'Tuesday, January 30, 2024 08:15 AM');
    expect(shifted).toMatch(/^[A-Z][a-z]+ \d{1,2}, \d{4} 08:15 AM$/);
  });

  it('a surrogate of a card keeps the first digit of no security code', async () => {
    const first = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        standIn({ operator: 'surrogate' }, 'CREDIT_CARD', `7${String(index).padStart(2, '0')}`),
      ),
    );
    expect(new Set(first.map((fake) => fake[0])).size).toBeGreaterThan(1);
  });
});

describe('generalize', () => {
  it.each([
    ['DATE', '2024-03-05', '2024'],
    ['DATE', 'March 5, 2024', '2024'],
    ['DATE', '5 March', '[DATE]'],
    ['DOB', '03/05/1985', '1985'],
    ['DOB', '1931-02-03', '1936 or earlier'],
    ['DOB', '03/15/36', '1936 or earlier'],
    ['DOB', '03/15/52', '1952'],
    ['DATE', '03/15/1930', '1936 or earlier'],
    ['DATE', '03/15/52', '1952'],
    ['DATE', '03/15/29', '2029'],
    ['DATE', '2048-03-15', '2048'],
    ['AGE_OVER_89', '12', '12'],
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
    ['ZIP', 21_391_234, 21],
    ['ZIP', 606_011_234, 606],
    ['AGE_OVER_89', 12, 12],
    ['DATE', 1931, 1936],
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
