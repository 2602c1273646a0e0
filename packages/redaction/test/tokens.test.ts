import { randomBytes } from 'node:crypto';

import type { Call, JsonObject } from '@sallyport/core';
import { findTokens, isToken, newToken, type RedactOptions, TOKEN_BYTES } from '@sallyport/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deliver, FakeVault, is, keysAre, run } from './rig.ts';
import { FakeClock } from './vault/fake-clock.ts';

const MAIL = 'jane.roe@clinic.com';
const TOKEN_ALL: RedactOptions['rules'] = [{ direction: 'both', entities: '*', operator: 'token' }];

function rig(vault = new FakeVault()): {
  readonly vault: FakeVault;
  readonly options: Partial<RedactOptions>;
  readonly tokenOf: (value: string) => Promise<string>;
  readonly sent: (args: JsonObject, over?: Partial<Call>) => Promise<unknown>;
} {
  const options: Partial<RedactOptions> = { vault, rules: TOKEN_ALL, restoreFor: [{ tools: ['send_*'] }] };
  return {
    vault,
    options,
    tokenOf: async (value) => {
      const { content } = await deliver(options, { content: [{ type: 'text', text: value }] });
      return (content as { text: string }[])[0]?.text ?? '';
    },
    sent: async (args, over) => {
      const ran = await run(options, { params: { name: 'send_mail', arguments: args }, ...over });
      return ran.refusal ?? ran.given?.['arguments'];
    },
  };
}

describe('tokens', () => {
  it('stand for the same value alike in all of a result, in one question to the vault', async () => {
    const { vault, options } = rig();
    const result = await deliver(options, {
      content: [
        { type: 'text', text: `write to ${MAIL}` },
        { type: 'text', text: JSON.stringify({ to: [MAIL] }) },
        { type: 'text', text: btoa(`once more ${MAIL}`) },
      ],
      structuredContent: { [MAIL]: { to: MAIL } },
    });
    expect(vault.asked).toEqual(['tokens 1']);
    const token = /\[EMAIL_\w{15}\]/.exec(JSON.stringify(result))?.[0] ?? '';
    expect(isToken(token)).toBe(true);
    expect(result).toEqual({
      content: [
        { type: 'text', text: `write to ${token}` },
        { type: 'text', text: JSON.stringify({ to: [token] }) },
        { type: 'text', text: btoa(`once more ${token}`) },
      ],
      structuredContent: { [token]: { to: token } },
    });
  });

  it('become values again for the tools that the policy names', async () => {
    const { tokenOf, sent } = rig();
    const token = await tokenOf(MAIL);
    expect(await sent({ to: [token], body: `Dear ${token},` })).toEqual({
      to: [MAIL],
      body: `Dear ${MAIL},`,
    });
  });

  it('survive a model that loses their brackets', async () => {
    const { tokenOf, sent } = rig();
    const token = await tokenOf(MAIL);
    expect(await sent({ to: token.slice(1, -1) })).toEqual({ to: MAIL });
  });

  it('become values again also where a key says that the text is to be kept', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const keyReader = keysAre({ code: 'keep' });
    const ran = await run(
      { ...options, keyReader },
      { params: { name: 'send_x', arguments: { code: token } } },
    );
    expect(ran.given?.['arguments']).toEqual({ code: MAIL });
  });

  it('are put into JSON as JSON, so that a value cannot break out of it', async () => {
    const { vault, sent } = rig();
    const [token = ''] = await vault.tokensFor({ tenant: '', subject: 'anonymous' }, [
      { entity: 'PERSON', value: 'x","admin":true,"y":"' },
    ]);
    expect(await sent({ body: JSON.stringify({ who: token }) })).toEqual({
      body: JSON.stringify({ who: 'x","admin":true,"y":"' }),
    });
  });

  it('stay tokens for every other tool, for other methods, and for other principals', async () => {
    const { tokenOf, sent, options } = rig();
    const token = await tokenOf(MAIL);
    expect(await sent({}, { params: { name: 'search', arguments: { q: token } } })).toEqual({ q: token });
    const prompt = await run(options, {
      method: 'prompts/get',
      params: { name: 'send_x', arguments: { q: token } },
    });
    expect(prompt.given?.['arguments']).toEqual({ q: token });
    const principal = { subject: 'mallory', roles: [], claims: {}, method: 'custom' } as const;
    expect(await sent({ q: token }, { principal })).toEqual({ q: token });
  });

  it('stay tokens in another tenant', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const params = { name: 'send_mail', arguments: { q: token } };
    expect((await run({ ...options, tenantOf: () => 'other' }, { params })).given).toEqual(params);
  });

  it('stay tokens where the rule is for other roles or entities', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const params = { name: 'send_mail', arguments: { q: token } };
    for (const rule of [
      { tools: ['*'], roles: ['x'] },
      { tools: ['*'], entities: ['SSN'] },
      { tools: ['*'], servers: ['x'] },
    ]) {
      expect((await run({ ...options, restoreFor: [rule] }, { params })).given).toEqual(params);
    }
  });

  it('of a restored value do not come back to the model', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const params = { name: 'send_mail', arguments: { to: token } };
    const ran = await run(
      options,
      { params },
      { result: { content: [{ type: 'text', text: `sent to ${MAIL}` }] } },
    );
    expect(ran.result?.result).toEqual({ content: [{ type: 'text', text: `sent to ${token}` }] });
  });

  it('of a value that nothing finds do not let it come back in what the tool says', async () => {
    const { vault, options } = rig();
    const named = { ...options, keyReader: keysAre({ surname: is('PERSON') }) };
    const { structuredContent } = await deliver(named, {
      content: [],
      structuredContent: { surname: 'Okonkwo' },
    });
    const token = (structuredContent as { surname: string }).surname;
    const params = { name: 'send_mail', arguments: { to: token } };
    const said = await run(
      named,
      { params },
      { result: { content: [{ type: 'text', text: 'Sent to Okonkwo.' }] } },
    );
    expect(said.given?.['arguments']).toEqual({ to: 'Okonkwo' });
    expect(said.result?.result?.['content']).toEqual([{ type: 'text', text: `Sent to ${token}.` }]);
    const failed = await run(named, { params }, { error: { code: 1, message: 'No box of Okonkwo.' } });
    expect(failed.result?.error?.message).toBe(`No box of ${token}.`);
    expect(vault.asked.filter((asked) => asked.startsWith('values'))).toHaveLength(2);
  });

  it('are counted when they become values, and only then', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const unknown = newToken('EMAIL', randomBytes(TOKEN_BYTES));
    const ran = await run(options, { params: { name: 'send_x', arguments: { a: token, b: unknown } } });
    expect(ran.given?.['arguments']).toEqual({ a: MAIL, b: unknown });
    expect(ran.call.trail.entries).toEqual([
      {
        layer: 'redaction',
        kind: 'redacted',
        direction: 'arguments',
        entity: 'EMAIL',
        operator: 'restore',
        count: 1,
      },
    ]);
  });

  it('are left alone in results, also where a key says what the value is', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const keyReader = keysAre({ email: is('EMAIL') });
    const result = { content: [{ type: 'text', text: `was ${token}` }], structuredContent: { email: token } };
    expect(await deliver({ ...options, keyReader }, result)).toBe(result);
  });

  it('do not shield what stands beside them', async () => {
    const { tokenOf, options } = rig();
    const token = await tokenOf(MAIL);
    const keyReader = keysAre({ name: is('PERSON') });
    const label: RedactOptions['rules'] = [{ direction: 'both', entities: '*', operator: 'label' }];
    const result = { content: [], structuredContent: { name: `Jane ${token} Roe` } };
    expect(await deliver({ ...options, rules: label, keyReader }, result)).toEqual({
      content: [],
      structuredContent: { name: `[PERSON]${token}[PERSON]` },
    });
  });

  it('that cannot be made or read refuse the call, and nothing leaves', async () => {
    const { vault, options, tokenOf } = rig();
    const token = await tokenOf(MAIL);
    vault.broken = true;
    const out = await run(options, {}, { result: { content: [{ type: 'text', text: 'a@b.org' }] } });
    expect(out.refusal?.code).toBe('unavailable');
    expect(out.text).not.toContain('a@b.org');
    const into = await run(options, { params: { name: 'send_x', arguments: { a: token } } });
    expect(into.refusal?.code).toBe('unavailable');
    expect(into.given).toBeUndefined();
  });

  it.each(['tokensFor', 'valuesOf'] as const)(
    'are not waited for without end: a vault whose %s hangs refuses the call, and what it says later is nobody’s',
    async (method) => {
      const { vault, options, tokenOf } = rig();
      const token = await tokenOf(MAIL);
      const answers: ((answer: string[]) => void)[] = [];
      vault[method] = () => new Promise<string[]>((resolve) => answers.push(resolve));
      const clock = new FakeClock();
      const ran = run(
        { ...options, vaultTimeoutMs: 2000, after: (ms, action) => clock.after(ms, action) },
        { params: { name: 'send_x', arguments: { a: method === 'tokensFor' ? 'a@b.org' : token } } },
      );
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1999);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      const { refusal, given, text } = await ran;
      expect(refusal?.code).toBe('unavailable');
      expect(given).toBeUndefined();
      expect(text).not.toContain('@');
      for (const answer of answers) answer([token]);
      expect(clock.waiting).toBe(0);
    },
  );

  it('leave no timer behind when the vault has answered', async () => {
    const clock = new FakeClock();
    const { options } = rig();
    const result = { content: [{ type: 'text', text: MAIL }] };
    await deliver({ ...options, after: (ms, action) => clock.after(ms, action) }, result);
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['no answer at all', []],
    ['the value itself', [MAIL]],
    ['something else', [undefined]],
  ])('are refused where the vault answers with %s', async (_, answer) => {
    const vault = new FakeVault();
    vault.tokensFor = () => Promise.resolve(answer as string[]);
    const ran = await run(
      { vault, rules: TOKEN_ALL },
      {},
      { result: { content: [{ type: 'text', text: MAIL }] } },
    );
    expect(ran.refusal?.code).toBe('unavailable');
    expect(ran.text).not.toContain(MAIL);
  });

  it('are bounded in number', async () => {
    const text = Array.from({ length: 20 }, (_, at) => `u${at}@example.com`).join(' ');
    const ran = await run(
      { ...rig().options, maxTokens: 10 },
      {},
      { result: { content: [{ type: 'text', text }] } },
    );
    expect(ran.refusal?.code).toBe('too_large');
  });

  it('say to the vault whom the value is about', async () => {
    const vault = new FakeVault();
    const asked: unknown[] = [];
    const original = vault.tokensFor.bind(vault);
    vault.tokensFor = (scope, values) => {
      asked.push(scope, ...values);
      return original(scope, values);
    };
    const options = { vault, rules: TOKEN_ALL, tenantOf: () => 'north', aboutOf: () => 'patient-7' };
    await deliver(options, { content: [{ type: 'text', text: MAIL }] });
    expect(asked).toEqual([
      { tenant: 'north', subject: 'anonymous' },
      { entity: 'EMAIL', value: MAIL, about: 'patient-7' },
    ]);
  });
});

describe('the shape of a token', () => {
  const entity = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/);
  const random = fc.uint8Array({ minLength: TOKEN_BYTES, maxLength: TOKEN_BYTES });

  it('is found again in any text, with or without its brackets', () => {
    fc.assert(
      fc.property(
        entity,
        random,
        fc.string(),
        fc.string(),
        fc.boolean(),
        (name, bytes, before, after, isBare) => {
          const token = newToken(name, bytes);
          const text = `${before} ${isBare ? token.slice(1, -1) : token} ${after}`;
          expect(findTokens(text).map((place) => place.token)).toContain(token);
        },
      ),
    );
  });

  it('tells lookalikes apart: one wrong character makes it none', () => {
    const others = '0123456789abcdefghjkmnpqrstvwxyz';
    let taken = 0;
    let tried = 0;
    fc.assert(
      fc.property(random, fc.nat(14), fc.nat(31), (bytes, at, other) => {
        const token = newToken('EMAIL', bytes);
        const place = '[EMAIL_'.length + at;
        const wrong = `${token.slice(0, place)}${others[other]}${token.slice(place + 1)}`;
        if (wrong === token) return;
        tried += 1;
        if (isToken(wrong)) taken += 1;
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(tried).toBeGreaterThan(1000);
    // Fifteen bits let one in 32,768 through.
    expect(taken).toBeLessThanOrEqual(1);
  });

  it('is none for names of variables, hashes and half tokens', () => {
    const token = newToken('EMAIL', new Uint8Array(TOKEN_BYTES));
    for (const text of [
      'MAX_CONNECTIONS_per_host_limit',
      'EMAIL_',
      `x${token.slice(1)}`,
      `${token.slice(0, -1)}9]`,
      token.toLowerCase(),
    ]) {
      expect(findTokens(text)).toEqual([]);
    }
  });

  it('needs an entity in capitals, and enough randomness', () => {
    expect(() => newToken('email', new Uint8Array(12))).toThrow('capitals');
    expect(() => newToken('EMAIL', new Uint8Array(4))).toThrow('12 random bytes');
  });
});
