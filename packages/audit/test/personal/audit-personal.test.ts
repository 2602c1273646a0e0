import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Call,
  compose,
  type Next,
  type Principal,
  Refusal,
  type Result,
  RevealedSecrets,
} from '@sallyport/core';
import { someCall } from '../../../core/test/some-call.ts';
import { audit, type AuditOptions } from '../../src/audit.ts';
import type { AttemptRecord, AuditRecord, OutcomeRecord } from '../../src/audit-record.ts';
import { openSealed } from '../../src/personal/open-sealed.ts';
import type { PersonalOptions } from '../../src/personal/personal-options.ts';
import type { Seal } from '../../src/personal/seal.ts';
import type { SubjectKeys } from '../../src/personal/subject-keys.ts';
import { Recorder } from '../../src/recorder.ts';
import { KeyBench } from './support.ts';

type Kept = [AttemptRecord, OutcomeRecord];

const ANN: Principal = {
  subject: 'ann@example.org',
  roles: ['clinician'],
  client: 'ide',
  actor: 'planner of benjamin',
  claims: {},
  method: 'token',
};

const ok: Next = (call) => {
  const executed = (call.trail as { executed: unknown }) ?? {};
  executed.executed = call.params;
  return Promise.resolve({ result: { content: [{ type: 'text', text: 'diagnosis' }] } });
};

describe('audit with personal', () => {
  let bench: KeyBench;
  let keys: SubjectKeys;
  const revealed = new RevealedSecrets();
  const records: AuditRecord[] = [];

  beforeEach(async () => {
    bench = new KeyBench();
    keys = await bench.open();
    records.length = 0;
  });
  afterEach(() => bench.dispose());

  async function run(
    call: Call,
    {
      last = ok,
      personal = {},
      ...options
    }: { last?: Next; personal?: Partial<PersonalOptions> } & Partial<Omit<AuditOptions, 'personal'>> = {},
  ): Promise<Result | Refusal> {
    const sink = {
      broken: undefined,
      append: (record: AuditRecord) => {
        records.push(JSON.parse(JSON.stringify(record)) as AuditRecord);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const recorder = new Recorder({ sink, revealed });
    const layer = audit({ recorder, policy: 'digest', personal: { keys, ...personal }, ...options });
    return compose([layer], last)(call).catch((error: unknown) => Refusal.from(error));
  }

  const call = (over: Partial<Call> = {}): Call =>
    someCall({ principal: ANN, params: { name: 'read', arguments: { patient: 'evelyn' } }, ...over });

  test('subject and actor appear by their pseudonyms, and program and roles as they are', async () => {
    await run(call());
    const [attempt, outcome] = records as Kept;
    const { pseudonym } = await keys.keyOf(ANN.subject);
    const actor = (await keys.keyOf('planner of benjamin')).pseudonym;
    for (const { principal, about } of [attempt, outcome]) {
      expect(principal).toEqual({
        subject: pseudonym,
        actor,
        roles: ['clinician'],
        client: 'ide',
        method: 'token',
      });
      expect(about).toBe(pseudonym);
    }
    expect(JSON.stringify(records)).not.toMatch(/ann@|benjamin|evelyn/);
  });

  test('whoever has the keys reads who it was', async () => {
    await run(call());
    const { people, state } = await openSealed(records[0] as AuditRecord, keys);
    expect(state).toBe('none');
    expect(people.map((person) => person.state === 'known' && person.name)).toEqual([ANN.subject, ANN.actor]);
  });

  test('nobody in particular stays nobody', async () => {
    await run(someCall({ params: { name: 'anonymous', arguments: { a: 1 } } }), { values: 'sealed' });
    expect(records[0]).toMatchObject({ principal: { subject: 'anonymous' }, target: 'anonymous' });
    expect((await openSealed(records[0] as AuditRecord, keys)).values).toEqual({ arguments: { a: 1 } });
  });

  test('a name that stands in another text of a record is hidden there too', async () => {
    const last: Next = (inner) => {
      const rule = `p, user:${ANN.subject}, patient:Evelyn`;
      inner.trail.add({ layer: 'rbac', kind: 'decision', effect: 'permit', rule, at: 'r.csv:3' });
      return ok(inner);
    };
    const principal = { ...ANN, roles: ['staff of evelyn'], client: 'ide of ann@example.org' };
    const uri = 'https://files.example/ANN%40example.org/evelyn';
    await run(call({ method: 'resources/read', params: { uri }, principal }), {
      last,
      personal: { uris: 'plain', about: () => 'evelyn' },
    });
    expect(JSON.stringify(records)).not.toMatch(/ann@|ann%40|evelyn/i);
    const [subject, evelyn] = [await keys.keyOf(ANN.subject), await keys.keyOf('evelyn')];
    expect(records[1]).toMatchObject({
      target: `https://files.example/${subject.pseudonym}/${evelyn.pseudonym}`,
      decision: {
        effect: 'permit',
        rule: `p, user:${subject.pseudonym}, patient:${evelyn.pseudonym}`,
        at: 'r.csv:3',
      },
      principal: { roles: [`staff of ${evelyn.pseudonym}`] },
    });
  });

  test('the name of a tool stays what it is for somebody whose name is a word in it', async () => {
    const about = (): string => 'read';
    await run(call({ params: { name: 'read_file' } }), { personal: { about } });
    await run(call({ params: { name: 'read' } }), { personal: { about } });
    const { pseudonym } = await keys.keyOf('read');
    expect([records[0], records[2]]).toMatchObject([{ target: 'read_file' }, { target: pseudonym }]);
  });

  test('digests of one person are the same for the same values, and tell nothing to whoever guesses', async () => {
    await run(call());
    await run(call());
    await run(call(), { personal: { about: () => 'evelyn' } });
    const digests = records.flatMap((record) => (record.type === 'attempt' ? [record.arguments] : []));
    const { bytes } = digests[0] ?? {};
    expect(bytes).toBe(Buffer.byteLength('{"patient":"evelyn"}'));
    expect(digests[1]).toEqual(digests[0]);
    expect(digests[2]?.sha256).not.toBe(digests[0]?.sha256);
    expect(digests[0]).toEqual((await keys.keyOf(ANN.subject)).digest('{"patient":"evelyn"}'));
    expect(digests[2]).toEqual((await keys.keyOf('evelyn')).digest('{"patient":"evelyn"}'));
  });

  test('a URI shows only its scheme, and opens for whoever has the key', async () => {
    const uri = 'patient://evelyn/record?of=2026';
    await run(call({ method: 'resources/read', params: { uri } }));
    await run(call({ method: 'completion/complete', params: { ref: { type: 'ref/resource', uri } } }));
    expect(JSON.stringify(records)).not.toMatch(/evelyn/);
    const targets = records.map((record) => record.type !== 'event' && record.target);
    expect(new Set(targets).size).toBe(1);
    expect(targets[0]).toMatch(/^patient:\.\.\.\(hmac-sha256 [0-9a-f]{64}\)$/);
    for (const record of records)
      expect(await openSealed(record, keys)).toMatchObject({ state: 'open', values: { uri } });
  });

  test.each([
    ['users/ann@example.org/profile', 'an address'],
    ['charts of evelyn', 'a sentence'],
    [`x/${'y'.repeat(80)}`, 'more than a name'],
    ['charts/%65velyn', 'something encoded'],
  ])('a method that nobody knows and that holds more than a name shows its digest: %s', async (method) => {
    await run(call({ method, params: {} }));
    const about = await keys.keyOf(ANN.subject);
    expect(records[0]).toMatchObject({ method: `(hmac-sha256 ${about.digest(method).sha256})` });
    expect(await openSealed(records[0] as AuditRecord, keys)).toMatchObject({ values: { method } });
    expect(JSON.stringify(records)).not.toMatch(/ann@|evelyn|velyn|yyy/);
  });

  test('the method of an extension stays what it is, but for names of people', async () => {
    await run(call({ method: 'x.example/charts_list', params: {} }));
    await run(call({ method: 'x.example/EVELYN/chart', params: {} }), {
      personal: { about: () => 'evelyn' },
    });
    const { pseudonym } = await keys.keyOf('evelyn');
    expect(records).toMatchObject([
      { method: 'x.example/charts_list' },
      { method: `x.example/${pseudonym}/chart` },
    ]);
    for (const record of records) expect(record).not.toHaveProperty('sealed');
  });

  test.each(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update'])(
    'the id of a task shows its digest, the same for every call of it, and opens with the key: %s',
    async (method) => {
      await run(call({ method, params: { taskId: 'letter to Günther Müller' } }));
      const about = await keys.keyOf(ANN.subject);
      const target = `...(hmac-sha256 ${about.digest('letter to Günther Müller').sha256})`;
      expect(records).toMatchObject([
        { method, target },
        { method, target },
      ]);
      expect(JSON.stringify(records)).not.toMatch(/letter to|nther/);
      for (const record of records)
        expect(await openSealed(record, keys)).toMatchObject({
          values: { task: 'letter to Günther Müller' },
        });
    },
  );

  test('the id of a task is shown where URIs are, but for names of people', async () => {
    await run(call({ method: 'tasks/get', params: { taskId: '7 of Ann@Example.org' } }), {
      personal: { uris: 'plain' },
    });
    const { pseudonym } = await keys.keyOf(ANN.subject);
    expect(records[0]).toMatchObject({ target: `7 of ${pseudonym}` });
    expect(records[0]).not.toHaveProperty('sealed');
  });

  test('with `none` there are no values, sealed or not', async () => {
    await run(call(), { values: 'none' });
    for (const record of records) {
      for (const member of ['arguments', 'executed', 'result', 'sealed'])
        expect(record).not.toHaveProperty(member);
    }
  });

  describe('and sealed values', () => {
    const sealed = { values: 'sealed' } as const;

    test('arguments and result open for whoever has the key of the person they are about', async () => {
      await run(call(), { ...sealed, personal: { about: () => 'evelyn' } });
      expect(JSON.stringify(records)).not.toMatch(/evelyn|diagnosis/);
      const [attempt, outcome] = records as Kept;
      const { pseudonym } = await keys.keyOf('evelyn');
      expect(attempt.sealed?.key).toBe(pseudonym);
      expect((await openSealed(attempt, keys)).values).toEqual({ arguments: { patient: 'evelyn' } });
      expect((await openSealed(outcome, keys)).values).toEqual({
        result: { content: [{ type: 'text', text: 'diagnosis' }] },
      });
      expect(outcome.executed).toEqual(attempt.arguments);
    });

    test('arguments that were changed before they ran are sealed once more', async () => {
      await run(call(), {
        ...sealed,
        last: (inner) => ok({ ...inner, params: { name: 'read', arguments: { patient: 'hidden' } } }),
      });
      expect((await openSealed(records[1] as AuditRecord, keys)).values).toMatchObject({
        executed: { patient: 'hidden' },
      });
    });

    test('an error of the server is sealed as the result that it is', async () => {
      const error = { code: -32602, message: 'private' };
      await run(call(), { ...sealed, last: () => Promise.resolve({ error }) });
      expect(await openSealed(records[1] as AuditRecord, keys)).toMatchObject({ values: { result: error } });
    });

    test('any values come back as they were', async () => {
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), async (given) => {
          records.length = 0;
          await run(call({ params: { name: 'read', arguments: given } }), sealed);
          const { values } = await openSealed(records[0] as AuditRecord, keys);
          expect(values?.arguments).toEqual(JSON.parse(JSON.stringify(given)));
        }),
        { numRuns: 100 },
      );
    });

    test('a value that is too long is cut to its digest, and the others are not', async () => {
      await run(call({ params: { name: 'read', arguments: { text: 'x'.repeat(2000) } } }), {
        ...sealed,
        last: (inner) => ok({ ...inner, params: { name: 'read', arguments: {} } }),
        personal: { maxSealedBytes: 1000 },
      });
      const [attempt, outcome] = records as Kept;
      const { values } = await openSealed(attempt, keys);
      expect(values).toEqual({ cut: { arguments: { sha256: expect.any(String) as string, bytes: 2011 } } });
      expect(values?.cut?.arguments?.sha256).not.toBe(attempt.arguments?.sha256);
      expect((await openSealed(outcome, keys)).values).toMatchObject({ executed: {}, result: {} });
    });

    test('a seal cannot be moved to another record, and not be changed', async () => {
      await run(call(), sealed);
      await run(call(), sealed);
      const [one, , other] = records as [AttemptRecord, OutcomeRecord, AttemptRecord];
      const seal = one.sealed as Seal;
      const changed = { ...seal, data: `${seal.data.startsWith('A') ? 'B' : 'A'}${seal.data.slice(1)}` };
      for (const record of [
        { ...other, sealed: seal },
        { ...one, sealed: changed },
        { ...one, sealed: { ...seal, nonce: '' } },
      ]) {
        const opened = await openSealed(record, keys);
        expect(opened.state).toBe('altered');
        expect(opened).not.toHaveProperty('values');
      }
    });

    test('a revealed secret is not sealed either, and no seal is harmed by one', async () => {
      revealed.add('2026-secret');
      const given = { 'key 2026-secret': ['in 2026-secret'], n: 7 };
      await run(call({ params: { name: 'read', arguments: given } }), sealed);
      const first = records[0] as AttemptRecord;
      expect((await openSealed(first, keys)).values?.arguments).toEqual({
        'key [secret]': ['in [secret]'],
        n: 7,
      });
      // What stands in a seal or a pseudonym only by chance.
      const { pseudonym } = await keys.keyOf(ANN.subject);
      revealed.add(pseudonym.slice(10, 16));
      await run(call(), sealed);
      expect(records.at(-1)).toMatchObject({ about: pseudonym, principal: { subject: pseudonym } });
      expect((await openSealed(records.at(-1) as AuditRecord, keys)).state).toBe('open');
    });

    test('an erased person is gone from records, and others are not', async () => {
      await run(call(), { ...sealed, personal: { about: () => 'evelyn' } });
      const { pseudonym } = await keys.keyOf('evelyn');
      await keys.erase({ subject: 'evelyn' });
      const opened = await openSealed(records[0] as AuditRecord, keys);
      expect(opened).toMatchObject({
        state: 'erased',
        people: [{ state: 'known' }, { state: 'known' }, { state: 'erased', pseudonym }],
      });
      expect(opened).not.toHaveProperty('values');
    });

    test('it takes keys to seal', () => {
      const recorder = new Recorder({
        sink: { broken: undefined, append: () => Promise.resolve(), close: () => Promise.resolve() },
      });
      expect(() => audit({ recorder, policy: 'p', values: 'sealed' })).toThrow(/needs `personal`/);
      const personal = { keys, maxSealedBytes: 1_000_000 };
      expect(() => audit({ recorder, policy: 'p', personal })).toThrow(/maxSealedBytes/);
    });
  });

  describe('without keys', () => {
    const uri = 'patient://evelyn';

    test.each([
      ['tools/call', { name: 'read of ann@example.org' }, 'tools/call'],
      ['prompts/get', { name: 'letter to evelyn' }, 'prompts/get'],
      ['resources/read', { uri }, 'resources/read'],
      ['tasks/get', { taskId: 'evelyn' }, 'tasks/get'],
      ['tools/list', {}, 'tools/list'],
      ['charts/evelyn', {}, 'unknown'],
    ])('%s is refused, and the refusal is recorded without a name', async (method, params, shown) => {
      await keys.close();
      let ran = false;
      const last: Next = (inner) => {
        ran = true;
        return ok(inner);
      };
      const principal = { ...ANN, roles: ['nurse of evelyn'], client: 'ide of ann@example.org' };
      const end = await run(call({ method, params, principal }), { last, values: 'sealed' });
      expect(end).toMatchObject({ code: 'unavailable' });
      expect(ran).toBe(false);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        method: shown,
        status: 'refused',
        principal: { subject: 'subject:unknown', roles: [], method: 'token' },
      });
      expect(records[0]).not.toHaveProperty('target');
      expect(JSON.stringify(records)).not.toMatch(/ann@|benjamin|evelyn/);
    });

    test('a notification of the client arrives, as while the sink is broken', async () => {
      await keys.close();
      const end = await run(
        call({ kind: 'notification', method: 'notifications/cancelled', params: { requestId: 1 } }),
      );
      expect(end).toMatchObject({ result: {} });
      expect(records).toMatchObject([{ status: 'ok', principal: { subject: 'subject:unknown' } }]);
    });

    test('a call is refused when nobody can say whom it is about', async () => {
      const about = (): string => {
        throw new Error('no');
      };
      expect(await run(call(), { personal: { about } })).toMatchObject({ code: 'unavailable' });
    });
  });

  test('a call of somebody who is known goes on at once', async () => {
    await keys.keyOf(ANN.subject);
    await keys.keyOf('planner of benjamin');
    let reached = false;
    const last: Next = (inner) => {
      reached = true;
      return ok(inner);
    };
    const answer = run(call({ method: 'ping', params: {} }), { last });
    expect(reached).toBe(true);
    await answer;
  });
});
