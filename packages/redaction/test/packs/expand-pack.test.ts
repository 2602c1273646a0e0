import { describe, expect, it } from 'vitest';

import { expandPack, findPack, mergePacks, type Pack, type PackChoice } from '../../src/packs/index.ts';
import { run } from '../rig.ts';
import { DETECTOR, passData, passText } from './rig.ts';

const SOME: Pack = {
  name: 'some',
  title: 'Some',
  source: 'https://example.org',
  limits: [],
  rows: [
    { identifier: 'addresses', entities: ['EMAIL', 'PHONE'], operator: 'label' },
    { identifier: 'numbers', clause: '(b)', entities: ['SSN'], operator: 'label', note: 'all' },
    { identifier: 'dates', entities: ['DATE'], operator: 'generalize' },
    { identifier: 'cards', entities: ['CREDIT_CARD'], operator: 'mask', keepLast: 4 },
    { identifier: 'codes', entities: ['CARD_PIN'], operator: 'drop' },
    { identifier: 'towns', entities: ['CITY'], operator: 'keep' },
    { identifier: 'pictures', entities: [], operator: 'label', note: 'Not found' },
  ],
};

const REST = [
  { direction: 'results', entities: ['DATE'], operator: 'generalize' },
  { direction: 'results', entities: ['CREDIT_CARD'], operator: 'mask', keepLast: 4 },
  { direction: 'results', entities: ['CARD_PIN'], operator: 'drop' },
];

describe('a pack that is expanded', () => {
  it('has one rule for each operator, and none for what it keeps or cannot find', () => {
    expect(expandPack(SOME, { direction: 'results' })).toEqual([
      { direction: 'results', entities: ['EMAIL', 'PHONE', 'SSN'], operator: 'label' },
      ...REST,
    ]);
  });

  it('takes another operator in place of label only', () => {
    expect(expandPack(SOME, { direction: 'results', operator: 'token' })).toEqual([
      { direction: 'results', entities: ['EMAIL', 'PHONE', 'SSN'], operator: 'token' },
      ...REST,
    ]);
  });

  it('takes block in place of everything but keep', () => {
    expect(expandPack(SOME, { direction: 'arguments', operator: 'block' })).toEqual([
      {
        direction: 'arguments',
        entities: ['EMAIL', 'PHONE', 'SSN', 'DATE', 'CREDIT_CARD', 'CARD_PIN'],
        operator: 'block',
      },
    ]);
  });

  it('takes the operators of single entities before both, with what belongs to them', () => {
    const operators = {
      SSN: { operator: 'mask', keepLast: 4 },
      DATE: { operator: 'shift', maxDays: 30 },
      PHONE: 'keep',
      CITY: 'label',
      BADGE: 'hash',
    } as const;
    expect(expandPack(SOME, { direction: 'both', operator: 'block', operators })).toEqual([
      { direction: 'both', entities: ['EMAIL', 'CREDIT_CARD', 'CARD_PIN'], operator: 'block' },
      { direction: 'both', entities: ['PHONE'], operator: 'keep' },
      { direction: 'both', entities: ['SSN'], operator: 'mask', keepLast: 4 },
      { direction: 'both', entities: ['DATE'], operator: 'shift', maxDays: 30 },
      { direction: 'both', entities: ['CITY'], operator: 'label' },
      { direction: 'both', entities: ['BADGE'], operator: 'hash' },
    ]);
  });

  it('holds for the roles, tools and servers that are chosen, and has their exceptions', () => {
    const scope = {
      roles: ['nurse'],
      exceptRoles: ['admin'],
      tools: ['get_*'],
      servers: ['ehr'],
      except: [{ roles: ['lead'] }],
    };
    const rules = expandPack(SOME, { direction: 'results', ...scope });
    expect(rules.length).toBe(4);
    for (const rule of rules) expect(rule).toMatchObject(scope);
  });

  it('lets the stricter of two rows of one pack have an entity, wherever they stand', () => {
    const rows = [
      { identifier: 'years', entities: ['DOB'], operator: 'generalize' },
      { identifier: 'birth', entities: ['DOB'], operator: 'label' },
    ] as const;
    const expected = [{ direction: 'results', entities: ['DOB'], operator: 'label' }];
    expect(expandPack({ ...SOME, rows }, { direction: 'results' })).toEqual(expected);
    expect(expandPack({ ...SOME, rows: rows.toReversed() }, { direction: 'results' })).toEqual(expected);
  });

  it.each([
    ['an operator that leaves values', { operator: 'keep' }, 'has to be one of label, drop, mask'],
    ['an operator for some values only', { operator: 'generalize' }, 'write others for single entities'],
    ['an operator that does not exist', { operator: 'redact' }, 'has to be one of label'],
    ['an unknown member', { tool: ['x'] }, 'A pack knows no "tool"; write direction, operator, operators'],
  ])('refuses %s', (_, wrong, message) => {
    const choice = { direction: 'results', ...wrong } as unknown as PackChoice;
    expect(() => expandPack(SOME, choice)).toThrow(message);
  });
});

describe('packs at work', () => {
  it('give tokens for what they take out, and still say less of dates and ZIP codes', async () => {
    const rules = expandPack(findPack('hipaa-safe-harbor'), { direction: 'results', operator: 'token' });
    const data = await passData(rules, {
      patientName: 'Jane Roe',
      birthDate: '1989-03-15',
      zip: '94105',
      ssn: 'none',
    });
    expect(data).toEqual({
      patientName: expect.stringMatching(/^\[PERSON_[a-z0-9]{15}\]$/) as string,
      birthDate: '1989',
      zip: '941',
      ssn: expect.stringMatching(/^\[SSN_[a-z0-9]{15}\]$/) as string,
    });
  });

  it('never make a token of what must not be kept', async () => {
    const rules = expandPack(findPack('pci'), { direction: 'results', operator: 'token' });
    expect(await passText(rules, 'card 4111 1111 1111 1111 CVV: 123 PIN: 4711')).toBe(
      'card **** **** **** 1111  ',
    );
    expect(await passText(rules, '%B4111111111111111^ROE/JANE ^2512101123456789?')).toBe('%?');
  });

  it('show no more than the last four digits of a card number, and nothing of what is shorter than one', async () => {
    const rules = expandPack(findPack('pci'), { direction: 'results' });
    const data = {
      cardNumber: 4111111111111111,
      card_last4: '1111',
      cvv: '123',
      cvc: 123,
      note: 'amex 3400-000000-00009 ok',
    };
    expect(await passData(rules, data)).toEqual({
      cardNumber: 1111,
      card_last4: '****',
      cvv: '',
      cvc: 0,
      note: 'amex ****-******-*0009 ok',
    });
  });

  it('refuse arguments with block, and name the entity only', async () => {
    const rules = expandPack(findPack('contact'), { direction: 'arguments', operator: 'block' });
    const ran = await run(
      { rules, detector: DETECTOR },
      { params: { name: 'post', arguments: { text: 'write to jane@clinic.com' } } },
    );
    expect(ran.refusal?.message).toBe('Policy does not let EMAIL pass in arguments.');
    expect(ran.given).toBeUndefined();
  });

  it('of two that are put together, take out what either takes out', async () => {
    const both = mergePacks([
      findPack('hipaa-limited-data-set'),
      findPack('hipaa-safe-harbor'),
      findPack('pci'),
    ]);
    const rules = expandPack(both, { direction: 'results' });
    expect(
      await passText(rules, 'DOB 03/15/1989, City: Springfield; card 4111 1111 1111 1111; PIN: 4711'),
    ).toBe('DOB 1989, City: [CITY]; card [CREDIT_CARD]; ');
  });
});
