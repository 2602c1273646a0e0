import { type Call, Secret } from '@sallyport/core';
import { redact, type RedactionRule } from '@sallyport/redaction';
import { describe, expect, it } from 'vitest';

import { deliver, DETECTOR, FakeVault, is, keysAre, run, withDefaults } from './rig.ts';

const MAIL = 'jane.roe@clinic.com';
const RESULT = { result: { content: [{ type: 'text', text: `${MAIL} 219-09-9999` }] } };

function as(...roles: string[]): Partial<Call> {
  return { principal: { subject: 'ann', roles, claims: {}, method: 'custom' } };
}

async function texts(rules: readonly RedactionRule[], over: Partial<Call> = {}): Promise<string> {
  const { text, refusal } = await run({ rules }, over, RESULT);
  return refusal === undefined ? (/"text":"([^"]*)"/.exec(text)?.[1] ?? '') : refusal.code;
}

describe('rules', () => {
  it('leave everything as it is where none fits', async () => {
    expect(await texts([])).toBe(`${MAIL} 219-09-9999`);
    expect(await texts([{ direction: 'arguments', entities: '*', operator: 'drop' }])).toBe(
      `${MAIL} 219-09-9999`,
    );
  });

  it('are read in order, and the first that fits an entity decides', async () => {
    expect(
      await texts([
        { direction: 'results', entities: ['EMAIL'], operator: 'mask' },
        { direction: 'both', entities: '*', operator: 'label' },
      ]),
    ).toBe('****.***@******.*** [SSN]');
  });

  it('exempt with keep', async () => {
    const rules: RedactionRule[] = [
      { direction: 'both', entities: ['EMAIL'], roles: ['clinician'], operator: 'keep' },
      { direction: 'both', entities: '*', operator: 'label' },
    ];
    expect(await texts(rules, as('clinician'))).toBe(`${MAIL} [SSN]`);
    expect(await texts(rules, as('billing'))).toBe('[EMAIL] [SSN]');
  });

  it('hold for roles, except for roles, for tools and for servers', async () => {
    const label = { direction: 'both', entities: '*', operator: 'label' } as const;
    expect(await texts([{ ...label, roles: ['guest'] }], as('guest', 'x'))).toContain('[EMAIL]');
    expect(await texts([{ ...label, roles: ['guest'] }], as('x'))).toContain(MAIL);
    expect(await texts([{ ...label, exceptRoles: ['admin'] }], as('guest', 'admin'))).toContain(MAIL);
    expect(await texts([{ ...label, exceptRoles: ['admin'] }], as('guest'))).toContain('[EMAIL]');
    expect(await texts([{ ...label, tools: ['ec*'] }])).toContain('[EMAIL]');
    expect(await texts([{ ...label, tools: ['ech'] }])).toContain(MAIL);
    expect(await texts([{ ...label, servers: ['ehr', 'def*'] }])).toContain('[EMAIL]');
    expect(await texts([{ ...label, servers: ['ehr'] }])).toContain(MAIL);
  });

  it('that name tools do not hold for anything but tool calls', async () => {
    const rules: RedactionRule[] = [{ direction: 'both', entities: '*', operator: 'label', tools: ['*'] }];
    expect(await texts(rules, { method: 'resources/read', params: { uri: 'x:/y' } })).toContain(MAIL);
  });

  it('that block refuse, and name the entity only', async () => {
    const rules: RedactionRule[] = [{ direction: 'both', entities: ['SSN'], operator: 'block' }];
    const onTheWayOut = await run({ rules }, {}, RESULT);
    expect(onTheWayOut.refusal?.code).toBe('permission_denied');
    expect(onTheWayOut.refusal?.message).toBe('Policy does not let SSN pass in results.');
    const onTheWayIn = await run(
      { rules },
      { params: { name: 'x', arguments: { q: '219-09-9999' } } },
      RESULT,
    );
    expect(onTheWayIn.refusal?.message).toBe('Policy does not let SSN pass in arguments.');
    expect(onTheWayIn.given).toBeUndefined();
    const number = { result: { content: [], structuredContent: { ssn: 219099999 } } };
    const ran = await run({ rules, keyReader: keysAre({ ssn: is('SSN') }) }, {}, number);
    expect(ran.refusal?.code).toBe('permission_denied');
  });
});

describe('evidence', () => {
  it('counts what was rewritten, by direction, entity and operator', async () => {
    const { call } = await run(
      {},
      { params: { name: 'x', arguments: { a: MAIL } } },
      {
        result: { content: [{ type: 'text', text: `${MAIL} ${MAIL} 219-09-9999` }] },
      },
    );
    const common = { layer: 'redaction', kind: 'redacted', operator: 'label' };
    expect(call.trail.entries).toEqual([
      { ...common, direction: 'arguments', entity: 'EMAIL', count: 1 },
      { ...common, direction: 'results', entity: 'EMAIL', count: 2 },
      { ...common, direction: 'results', entity: 'SSN', count: 1 },
    ]);
  });

  it('in audit mode says what would have been done, changes nothing and asks no vault', async () => {
    const vault = new FakeVault();
    const rules: RedactionRule[] = [
      { direction: 'both', entities: ['SSN'], operator: 'block' },
      { direction: 'both', entities: ['EMAIL'], operator: 'token' },
    ];
    const ran = await run({ mode: 'audit', vault, rules }, {}, RESULT);
    expect(ran.result).toBe(RESULT);
    expect(vault.asked).toEqual([]);
    expect(ran.call.trail.entries).toEqual([
      {
        layer: 'redaction',
        kind: 'would_refuse',
        code: 'permission_denied',
        message: 'Policy does not let SSN pass in results.',
      },
      {
        layer: 'redaction',
        kind: 'would_redact',
        direction: 'results',
        entity: 'EMAIL',
        operator: 'token',
        count: 1,
      },
      {
        layer: 'redaction',
        kind: 'would_redact',
        direction: 'results',
        entity: 'SSN',
        operator: 'block',
        count: 1,
      },
    ]);
  });

  it('in audit mode lets pass what it cannot read, and says so', async () => {
    const result = { content: [], structuredContent: [[[[MAIL]]]] };
    const ran = await run({ mode: 'audit', maxDepth: 2 }, {}, { result });
    expect(ran.result?.result).toBe(result);
    expect(ran.call.trail.entries).toMatchObject([{ kind: 'would_refuse', code: 'too_large' }]);
  });
});

describe('options', () => {
  const rule: RedactionRule = { direction: 'both', entities: '*', operator: 'label' };

  it.each([
    ['an unknown option', { rulez: [] }, 'redact knows no option "rulez"'],
    ['no detector', { detector: undefined }, 'detector is missing'],
    ['rules that are no list', { rules: {} }, 'rules has to be a list'],
    ['an unknown member of a rule', { rules: [{ ...rule, tool: 'x' }] }, 'rules[0] knows no "tool"'],
    ['an unknown direction', { rules: [{ ...rule, direction: 'in' }] }, 'rules[0].direction has to be'],
    [
      'an unknown operator',
      { rules: [{ ...rule, operator: 'redact' }] },
      'rules[0].operator has to be one of keep',
    ],
    ['no entities', { rules: [{ ...rule, entities: [] }] }, 'rules[0].entities has to be a list'],
    ['an entity in small letters', { rules: [{ ...rule, entities: ['email'] }] }, 'in capitals'],
    ['an empty list of roles', { rules: [{ ...rule, roles: [] }] }, 'rules[0].roles is empty'],
    ['a star in the middle', { rules: [{ ...rule, tools: ['a*b'] }] }, 'has a * that is not its end'],
    ['keepLast for another operator', { rules: [{ ...rule, keepLast: 4 }] }, 'rules[0]: keepLast belongs to'],
    ['half a day', { rules: [{ ...rule, operator: 'shift', maxDays: 0.5 }] }, 'rules[0]: maxDays belongs to'],
    [
      'hash without a key',
      { hmacKey: undefined, rules: [{ ...rule, operator: 'hash' }] },
      'hash needs a key',
    ],
    ['a key that could be guessed', { hmacKey: new Secret('short') }, 'at least 16 bytes'],
    ['token without a vault', { rules: [{ ...rule, operator: 'token' }] }, 'token needs a vault'],
    ['restoring without a vault', { restoreFor: [{ tools: ['x'] }] }, 'restoreFor needs a vault'],
    ['restoring for no tools', { vault: new FakeVault(), restoreFor: [{}] }, 'restoreFor[0].tools has to be'],
    ['levels without end', { maxDepth: 100_000 }, 'maxDepth has to be at most 512'],
    ['no values at all', { maxValues: 0 }, 'maxValues has to be a whole number from 1'],
    ['an unknown mode', { mode: 'shadow' }, 'mode has to be enforce or audit'],
  ])('%s is refused at construction, with what to write instead', (_, wrong, message) => {
    const options = withDefaults({ detector: DETECTOR, ...(wrong as object) });
    if ('hmacKey' in wrong && wrong.hmacKey === undefined) delete (options as { hmacKey?: unknown }).hmacKey;
    expect(() => redact(options)).toThrow(message);
  });

  it('are judged without a call', async () => {
    expect(await deliver({ rules: [] }, { content: [] })).toEqual({ content: [] });
  });
});
