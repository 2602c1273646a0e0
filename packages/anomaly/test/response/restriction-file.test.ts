import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ApprovableCall,
  approving,
  asking,
  denying,
  imposing,
  lifting,
  readShortId,
  RestrictionFile,
  RestrictionsError,
  RestrictionsUnreadable,
} from '@sallyport/anomaly';
import { MINUTE, ResponseBench, someAlert, START } from './response-bench.ts';
import { runWriter } from './run-writer.ts';

const EMPTY = { restrictions: [], requests: [], approvals: [] };
const CALL: ApprovableCall = {
  subject: 'alice',
  server: 'ehr',
  method: 'tools/call',
  target: 'export',
  sha256: 'a'.repeat(64),
};

let bench: ResponseBench;
beforeEach(() => {
  bench = new ResponseBench();
});
afterEach(() => bench.dispose());

const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const quarantine = (subject: string, minutes = 60): ReturnType<typeof imposing> =>
  imposing({ kind: 'quarantine', of: { subject }, minutes });

describe('a restriction', () => {
  test('is there for every other process, with why, and for its owner alone', async () => {
    const { result } = await bench.file().update(
      imposing({
        kind: 'approval',
        of: { server: 'ehr', target: 'export' },
        minutes: 5,
        alert: someAlert(),
        reason: 'ticket 7',
      }),
    );
    expect(result.change).toBe('began');
    const { restrictions } = await bench.file().read();
    expect(restrictions).toEqual([
      {
        id: result.restriction.id,
        kind: 'approval',
        of: { server: 'ehr', target: 'export' },
        since: at(0),
        until: at(5),
        alert: {
          id: someAlert().id,
          title: someAlert().title,
          rule: { id: 'bytes-out', name: 'Bytes out' },
        },
        reason: 'ticket 7',
      },
    ]);
    expect(readShortId(result.restriction.id)).toBe(result.restriction.id);
    const { path } = bench.file();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(bench.folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(bench.folder).sort()).toEqual(['restrictions.json', 'restrictions.json.lock']);
  });

  test('of the same thing is prolonged, and never shortened', async () => {
    const file = bench.file();
    const first = (await file.update(quarantine('alice', 60))).result;
    const shorter = (await file.update(quarantine('alice', 10))).result;
    expect(shorter).toEqual({ restriction: first.restriction, change: 'stood' });
    const longer = (await file.update(quarantine('alice', 90))).result;
    expect(longer).toEqual({ restriction: { ...first.restriction, until: at(90) }, change: 'prolonged' });
    expect((await file.read()).restrictions).toEqual([longer.restriction]);
  });

  test('of another kind, or of something else, stands beside it', async () => {
    const file = bench.file();
    const wishes = [
      { kind: 'quarantine', of: { subject: 'ehr' } },
      { kind: 'quarantine', of: { server: 'ehr' } },
      { kind: 'quarantine', of: { server: 'ehr', target: 'export' } },
      { kind: 'quarantine', of: { server: 'ehr', target: 'read' } },
      { kind: 'approval', of: { server: 'ehr' } },
    ] as const;
    for (const wish of wishes)
      expect((await file.update(imposing({ ...wish, minutes: 60 }))).result.change).toBe('began');
    const { restrictions } = await file.read();
    expect(restrictions.map(({ kind, of }) => ({ kind, of }))).toEqual(wishes);
    expect(new Set(restrictions.map(({ id }) => id)).size).toBe(5);
  });

  test('that is over is removed by the next write, and begins anew', async () => {
    const file = bench.file();
    const first = (await file.update(quarantine('alice', 1))).result.restriction;
    bench.now += MINUTE;
    expect((await file.read()).restrictions).toEqual([first]);
    const next = (await file.update(quarantine('alice', 1))).result;
    expect(next.change).toBe('began');
    expect((await file.read()).restrictions).toEqual([next.restriction]);
  });

  test('is lifted by its id, or with all others', async () => {
    const file = bench.file();
    const [one, two] = [
      (await file.update(quarantine('alice'))).result.restriction,
      (await file.update(quarantine('bob'))).result.restriction,
    ];
    expect((await file.update(lifting(new Set(['00000000'])))).result).toEqual([]);
    expect((await file.update(lifting(new Set([one.id])))).result).toEqual([one]);
    expect((await file.update(lifting('all'))).result).toEqual([two]);
    expect(await file.read()).toEqual(EMPTY);
  });

  test('beyond ten thousand is refused in words, and those that are there stay', async () => {
    const file = bench.file();
    const { restriction } = (await file.update(quarantine('alice'))).result;
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      ...restriction,
      of: { subject: `s${index}` },
    }));
    writeFileSync(file.path, JSON.stringify({ v: 1, ...EMPTY, restrictions: many }));
    await expect(file.update(quarantine('eve'))).rejects.toThrow(RestrictionsError);
    await expect(file.update(quarantine('eve'))).rejects.toThrow('sallyport quarantine lift');
    expect((await file.update(quarantine('s1', 90))).result.change).toBe('prolonged');
    expect((await file.read()).restrictions).toHaveLength(10_000);
  });
});

describe('an approval', () => {
  const asked = async (call = CALL): Promise<string> => {
    const { result } = await bench.file().update(asking(call));
    return result === 'approved' ? result : result.id;
  };

  test('is asked for once, under one id', async () => {
    const id = await asked();
    expect(await asked()).toBe(id);
    expect(await asked({ ...CALL, sha256: 'b'.repeat(64) })).not.toBe(id);
    expect((await bench.file().read()).requests).toHaveLength(2);
  });

  test('lets exactly that call through, once', async () => {
    await bench.file().update(approving(await asked(), { minutes: 15, any: false }));
    for (const other of [
      { sha256: 'b'.repeat(64) },
      { subject: 'bob' },
      { target: 'read' },
      { server: 'lab' },
      { method: 'prompts/get' },
    ])
      expect(await asked({ ...CALL, ...other })).not.toBe('approved');
    expect(await asked()).toBe('approved');
    expect(await asked()).not.toBe('approved');
  });

  test('for any call lets each call of this subject to this tool through, until it is over', async () => {
    await bench.file().update(approving(await asked(), { minutes: 15, any: true }));
    for (const sha256 of ['a', 'b', 'c'])
      expect(await asked({ ...CALL, sha256: sha256.repeat(64) })).toBe('approved');
    expect(await asked({ ...CALL, subject: 'bob' })).not.toBe('approved');
    expect(await asked({ ...CALL, target: 'read' })).not.toBe('approved');
    bench.now += 15 * MINUTE;
    expect(await asked()).not.toBe('approved');
  });

  test('that nobody used in its time is over', async () => {
    await bench.file().update(approving(await asked(), { minutes: 15, any: false }));
    bench.now += 15 * MINUTE;
    expect(await asked()).not.toBe('approved');
  });

  test('is denied, before and after it was given', async () => {
    const file = bench.file();
    const id = await asked();
    expect((await file.update(denying(id))).result).toMatchObject(CALL);
    expect((await file.update(approving(id, { minutes: 15, any: false }))).result).toBeUndefined();
    const next = await asked();
    await file.update(approving(next, { minutes: 15, any: true }));
    expect((await file.update(denying(next))).result).toMatchObject(CALL);
    expect(await asked()).not.toBe('approved');
  });

  test('waits for a day, and of more than a thousand the oldest goes first', async () => {
    const file = bench.file();
    const first = await asked();
    const [request] = (await file.read()).requests;
    const many = Array.from({ length: 1000 }, (_, index) => ({
      ...request,
      id: String(index).padStart(8, '0'),
      subject: `s${index}`,
      sha256: String(index).padStart(64, '0'),
    }));
    writeFileSync(file.path, JSON.stringify({ v: 1, ...EMPTY, requests: many }));
    const last = await asked();
    expect(last).not.toBe(first);
    const { requests } = await file.read();
    expect(requests).toHaveLength(1000);
    expect(requests[0]?.id).toBe('00000001');
    expect(requests.at(-1)?.id).toBe(last);
    bench.now += 24 * 60 * MINUTE;
    await file.update(quarantine('bob'));
    expect((await file.read()).requests).toEqual([]);
  });
});

describe('requests for approval', () => {
  test('of one subject are twenty at most, its oldest goes first, and those of others stay', async () => {
    const file = bench.file();
    await file.update(asking({ ...CALL, subject: 'bob' }));
    for (let n = 0; n < 1100; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          file.update(asking({ ...CALL, sha256: String(n + at).padStart(64, '0') })),
        ),
      );
    const { requests } = await file.read();
    expect(requests.map(({ subject, sha256 }) => (subject === 'alice' ? Number(sha256) : subject))).toEqual([
      'bob',
      ...Array.from({ length: 20 }, (_, at) => 1080 + at),
    ]);
  });

  test.each(['subscriptions/listen', 'vendor/own'])(
    'about no single thing are not approved for any call, which is said: %s',
    async (method) => {
      const file = bench.file();
      const { target: _, ...call } = { ...CALL, method };
      const { result } = await file.update(asking(call));
      if (result === 'approved') throw new Error('It should wait.');
      await expect(file.update(approving(result.id, { minutes: 15, any: true }))).rejects.toMatchObject({
        code: 'no_target',
        message: expect.stringContaining('without --any') as string,
      });
      expect((await file.update(approving(result.id, { minutes: 15, any: false }))).result?.any).toBe(false);
      expect((await file.update(asking({ ...call, sha256: 'b'.repeat(64) }))).result).not.toBe('approved');
      expect((await file.update(asking(call))).result).toBe('approved');
    },
  );

  test('that were approved for any call of no single thing by an older version let nothing through', async () => {
    const file = bench.file();
    const { target: _, ...call } = CALL;
    const { result } = await file.update(asking(call));
    if (result === 'approved') throw new Error('It should wait.');
    const { time: _time, ...request } = result;
    const approval = { ...request, any: true, until: at(15) };
    writeFileSync(file.path, JSON.stringify({ v: 1, ...EMPTY, approvals: [approval] }));
    expect((await file.update(asking({ ...call, sha256: 'b'.repeat(64) }))).result).not.toBe('approved');
  });
});

describe('changes at the same time', () => {
  test('are written together, and one that cannot be made harms no other', async () => {
    const file = bench.file();
    const answers = await Promise.allSettled([
      file.update(quarantine('alice')),
      file.update(() => {
        throw new RestrictionsError('full', 'There is no room.');
      }),
      file.update(quarantine('alice', 90)),
      file.update(quarantine('bob')),
    ]);
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value.result : 'no'))).toMatchObject([
      { change: 'began' },
      'no',
      { change: 'prolonged' },
      { change: 'began' },
    ]);
    const { restrictions } = await file.read();
    expect(restrictions.map(({ of }) => of)).toEqual([{ subject: 'alice' }, { subject: 'bob' }]);
    expect(new Set(restrictions.map(({ id }) => id)).size).toBe(2);
  });

  test('of a file that cannot be written fail together, and the next ones are made when it can', async () => {
    const file = bench.file();
    mkdirSync(file.path, { recursive: true });
    const answers = await Promise.allSettled([
      file.update(quarantine('alice')),
      file.update(quarantine('bob')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    rmSync(file.path, { recursive: true });
    expect((await file.update(quarantine('bob'))).result.change).toBe('began');
  });

  test('see what somebody else wrote between two of them', async () => {
    const [one, other] = [bench.file(), bench.file()];
    await one.update(quarantine('alice'));
    await other.update(quarantine('bob'));
    expect((await one.update(quarantine('bob'))).result.change).toBe('stood');
    rmSync(one.path);
    expect((await one.update(quarantine('alice'))).result.change).toBe('began');
    expect((await other.read()).restrictions).toHaveLength(1);
  });

  test('that would make a file which nobody could read again are refused', async () => {
    const file = bench.file();
    const long = (letter: string): ReturnType<typeof imposing> =>
      imposing({ kind: 'quarantine', of: { server: 'ehr', target: letter.repeat(40_000_000) }, minutes: 1 });
    await file.update(long('x'));
    await expect(file.update(long('y'))).rejects.toMatchObject({ code: 'full' });
    expect((await file.read()).restrictions).toHaveLength(1);
  });
});

describe('a file', () => {
  test('that is missing holds nothing', async () => {
    expect(await bench.file().read()).toEqual(EMPTY);
    mkdirSync(bench.folder);
    expect(await bench.file().read()).toEqual(EMPTY);
  });

  test.each([
    ['', 'not JSON'],
    ['{"v":1,"restrictions":[', 'not JSON'],
    ['[]', 'no object'],
    ['{"v":2,"restrictions":[],"requests":[],"approvals":[]}', 'version'],
    ['{"v":1,"restrictions":[],"requests":[]}', 'approvals is no list'],
    ['{"v":1,"restrictions":[7],"requests":[],"approvals":[]}', 'restrictions[0] is no object'],
  ])('that is damaged is told, with what to do, and never overwritten: %s', async (text, what) => {
    const file = bench.file();
    mkdirSync(bench.folder);
    writeFileSync(file.path, text);
    await expect(file.read()).rejects.toThrow(RestrictionsUnreadable);
    await expect(file.read()).rejects.toThrow(what);
    await expect(file.read()).rejects.toThrow('Put back a copy of it, or remove it');
    await expect(file.update(quarantine('alice'))).rejects.toThrow(RestrictionsUnreadable);
    expect(readFileSync(file.path, 'utf8')).toBe(text);
  });

  test.each([
    [{ id: 'short' }, 'restrictions[0].id'],
    [{ kind: 'ban' }, 'restrictions[0].kind'],
    [{ until: 'tomorrow' }, 'restrictions[0].until'],
    [{ until: '2026-99-21T10:00:00.000Z' }, 'restrictions[0].until'],
    [{ of: {} }, 'restrictions[0].of'],
    [{ of: { subject: 'alice', server: 'ehr' } }, 'restrictions[0].of'],
    [{ of: { target: 'export' } }, 'restrictions[0].of'],
    [{ of: { subject: 7 } }, 'restrictions[0].of.subject'],
    [{ alert: { id: 'x', title: 'y' } }, 'restrictions[0].alert.rule'],
    [{ reason: 7 }, 'restrictions[0].reason'],
  ])('with a restriction that nobody understands is damaged: %j', async (over, where) => {
    const file = bench.file();
    const { restriction } = (await file.update(quarantine('alice'))).result;
    writeFileSync(file.path, JSON.stringify({ v: 1, ...EMPTY, restrictions: [{ ...restriction, ...over }] }));
    await expect(file.read()).rejects.toThrow(where);
    await expect(file.read()).rejects.not.toThrow('alice');
  });

  test('that is a link, or a folder, is not followed', async () => {
    const file = bench.file();
    mkdirSync(file.path, { recursive: true });
    await expect(file.read()).rejects.toThrow(RestrictionsUnreadable);
    rmSync(file.path, { recursive: true });
    writeFileSync(`${file.path}.other`, JSON.stringify({ v: 1, ...EMPTY }));
    symlinkSync(`${file.path}.other`, file.path);
    await expect(file.read()).rejects.toThrow(RestrictionsUnreadable);
  });

  test('that a crash left half written beside it is no reason not to write', async () => {
    const file = bench.file();
    await file.update(quarantine('alice'));
    writeFileSync(`${file.path}.next`, '{"v":');
    await file.update(quarantine('bob'));
    expect((await file.read()).restrictions).toHaveLength(2);
  });

  test.runIf(process.getuid?.() === 0)('that root writes belongs to whoever has the folder', async () => {
    const file = bench.file();
    mkdirSync(bench.folder);
    chownSync(bench.folder, 1234, 1234);
    await file.update(quarantine('alice'));
    for (const path of [file.path, `${file.path}.lock`])
      expect(statSync(path)).toMatchObject({ uid: 1234, gid: 1234 });
  });

  test('of any text is read or told to be unreadable, and nothing else', async () => {
    const file = bench.file();
    mkdirSync(bench.folder);
    const entry = fc.record(
      {
        id: fc.constantFrom('7KQ2M9XA', 'x'),
        kind: fc.constantFrom('quarantine', 'approval', 'x'),
        of: fc.constantFrom({ subject: 'a' }, { server: 's' }, {}, null),
        since: fc.constantFrom(at(0), ''),
        until: fc.constantFrom(at(0), 7),
      },
      { requiredKeys: [] },
    );
    const all = fc.record({
      v: fc.constant(1),
      restrictions: fc.oneof(fc.array(entry), fc.jsonValue()),
      requests: fc.constant([]),
      approvals: fc.constant([]),
    });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      all.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        writeFileSync(file.path, written);
        await file.read().catch((error: unknown) => {
          expect(error).toBeInstanceOf(RestrictionsUnreadable);
        });
      }),
    );
  });
});

describe('several processes', () => {
  test('that restrict at the same time lose nothing of each other', async () => {
    const names = ['one', 'two', 'three'];
    const writers = names.map((name) => runWriter(bench.folder, name, 'impose', '25'));
    const said = (await Promise.all(writers.map(async (writer) => writer.said))).flat();
    expect(said).toHaveLength(75);
    const { restrictions } = await new RestrictionFile({ folder: bench.folder }).read();
    const inFile = restrictions.map(({ id, of }) => `imposed ${id} ${'subject' in of ? of.subject : ''}`);
    expect(inFile.sort()).toEqual([...said].sort());
    expect(new Set(restrictions.map(({ id }) => id)).size).toBe(75);
    expect(readdirSync(`${bench.file().path}.lock`)).toEqual([]);
  }, 120_000);

  test('take a one-time approval once', async () => {
    const file = new RestrictionFile({ folder: bench.folder });
    for (let round = 0; round < 20; round += 1) {
      const { result } = await file.update(asking({ ...CALL, sha256: String(round).padStart(64, '0') }));
      if (result !== 'approved') await file.update(approving(result.id, { minutes: 15, any: false }));
    }
    const writers = ['one', 'two', 'three'].map((name) => runWriter(bench.folder, name, 'take', '20'));
    const said = (await Promise.all(writers.map(async (writer) => writer.said))).flat();
    const digests = Array.from({ length: 20 }, (_, round) => `taken ${String(round).padStart(64, '0')}`);
    expect([...said].sort()).toEqual(digests.sort());
  }, 120_000);

  test('go on when one of them is killed while it writes', async () => {
    const said: string[] = [];
    for (let kill = 0; kill < 6; kill += 1) {
      const writer = runWriter(bench.folder, `k${kill}`, 'impose');
      await writer.reached(1 + kill * 4);
      writer.process.kill('SIGKILL');
      said.push(...(await writer.said));
      const subjects = (await bench.file().read()).restrictions.map(
        ({ id, of }) => `imposed ${id} ${'subject' in of ? of.subject : ''}`,
      );
      expect(subjects).toEqual(expect.arrayContaining(said));
    }
    expect(said.length).toBeGreaterThan(5);
    expect((await bench.file().update(quarantine('alice'))).result.change).toBe('began');
  }, 120_000);

  test('wait for one that holds the lock, say so, and take over when it is killed', async () => {
    const holder = runWriter(bench.folder, 'holder', 'hold');
    await holder.reached(1);
    const hasty = new RestrictionFile({ folder: bench.folder, lockWaitMs: 50 });
    await expect(hasty.update(quarantine('alice'))).rejects.toMatchObject({ code: 'locked' });
    await expect(hasty.update(quarantine('alice'))).rejects.toThrow(dirname(hasty.path));
    holder.process.kill('SIGKILL');
    await holder.said;
    expect((await hasty.update(quarantine('alice'))).result.change).toBe('began');
  }, 60_000);
});
