import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/index.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { callMark, OpenCalls, parseCarried, type UnmatchedAttempt } from '../../src/journal/open-calls.ts';
import { verify } from '../../src/journal/verify.ts';
import { FaultyFs } from './faulty-fs.ts';
import { type Fields, forge, rewriteHead } from './forge.ts';
import { Bench, ids, ofCall, record } from './support.ts';

const SCRIPT = new URL('../../../../scripts/verify-journal.py', import.meta.url).pathname;
const PYTHON = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

const calls = (journal: Journal): string[] => journal.unmatched.map(({ call }) => call);

async function write(records: readonly AuditRecord[], segmentBytes = 16_000_000): Promise<void> {
  const journal = await bench.open({ segmentBytes });
  for (const one of records) await journal.append(one, { durable: one.type !== 'outcome' });
  await journal.close();
}

async function found(): Promise<string[]> {
  const journal = await bench.open();
  await journal.close();
  return calls(journal);
}

function unmatchedEvent(call: string): AuditRecord {
  const event = { ...record(`told ${call}`), type: 'event', event: 'attempt_unmatched', detail: { call } };
  return event as unknown as AuditRecord;
}

function secondOpinion(): string {
  const { stdout } = spawnSync('python3', [SCRIPT, 'journal', bench.folder, ...bench.keys], {
    encoding: 'utf8',
  });
  return (JSON.parse(stdout) as { verdict: string }).verdict;
}

describe('attempts that have no outcome', () => {
  test('are found at the next start, oldest first, with what an operator needs to look for them', async () => {
    await write([ofCall('a'), ofCall('b'), ofCall('c'), ofCall('b', 'outcome')]);
    const journal = await bench.open();
    expect(calls(journal)).toEqual(['a', 'c']);
    expect(journal.unmatched[0]).toEqual({
      call: 'a',
      time: '2026-01-01T00:00:00.000Z',
      server: 'default',
      method: 'tools/call',
      target: 'read',
      subject: 'alice',
    });
    expect(journal.unmatchedMore).toBe(0);
    await journal.close();
  });

  test('are found however many segments ago they were', async () => {
    const noise = ids(60).map((id) => record(id));
    await write([ofCall('a'), ...noise, ofCall('b'), ...noise, ofCall('a', 'outcome'), ...noise], 2000);
    expect(bench.files('.journal').length).toBeGreaterThan(5);
    expect(await found()).toEqual(['b']);
  });

  test('are found although the disk failed in between, without those that were refused', async () => {
    const fs = new FaultyFs();
    const journal = await bench.open({ fs, retryMs: 5 });
    await journal.append(ofCall('a'), { durable: true });
    fs.fails = (operation, path) => (operation === 'sync' && path.endsWith('.journal') ? 'EIO' : undefined);
    await journal.append(ofCall('a', 'outcome'), { durable: false });
    await expect(journal.append(ofCall('refused'), { durable: true })).rejects.toThrow('EIO');
    fs.fails = () => undefined;
    while (journal.broken !== undefined) await new Promise((turn) => setTimeout(turn, 2));
    await journal.append(ofCall('b'), { durable: true });
    await journal.close();
    expect(await found()).toEqual(['b']);
  });

  test('are found again until they are recorded as unmatched', async () => {
    await write([ofCall('a'), ofCall('b')]);
    expect(await found()).toEqual(['a', 'b']);
    await write([unmatchedEvent('a')]);
    expect(await found()).toEqual(['b']);
    await write([unmatchedEvent('b')]);
    expect(await found()).toEqual([]);
  });

  test('are only counted where more than 10,000 are open, and that is told once', async () => {
    const journal = await bench.open();
    await Promise.all(ids(10_005).map((id) => journal.append(ofCall(id), { durable: false })));
    await journal.close();
    const next = await bench.open();
    expect([next.unmatched.length, next.unmatchedMore]).toEqual([10_000, 5]);
    await next.close();
    const last = await bench.open();
    expect([last.unmatched.length, last.unmatchedMore]).toEqual([10_000, 0]);
    await last.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('are those that the records tell of, whatever was written and rotated, and both verifiers agree', async () => {
    const step = fc.record({
      do: fc.constantFrom('attempt', 'outcome', 'told', 'noise', 'reopen'),
      call: fc.constantFrom(...ids(6, 'call')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        bench.dispose();
        bench = new Bench();
        const open = new Set<string>();
        let journal = await bench.open({ segmentBytes: 900, checkpointRecords: 3 });
        for (const { do: what, call } of steps) {
          if (what === 'reopen') {
            await journal.close();
            journal = await bench.open({ segmentBytes: 900, checkpointRecords: 3 });
            expect(calls(journal)).toEqual([...open]);
            continue;
          }
          if (what === 'attempt') open.add(call);
          else if (what !== 'noise') open.delete(call);
          const records = {
            attempt: ofCall(call),
            outcome: ofCall(call, 'outcome'),
            told: unmatchedEvent(call),
            noise: record(call),
          };
          await journal.append(records[what], { durable: true });
        }
        await journal.close();
        expect(await found()).toEqual([...open]);
        expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
        if (PYTHON && steps.length > 30) expect(secondOpinion()).toBe('ok');
      }),
      { numRuns: 30 },
    );
  });
});

describe('the head of a segment', () => {
  test.each([
    ['an open call left out', (open: { calls: unknown[] }) => ({ ...open, calls: open.calls.slice(1) })],
    ['another call', (open: { calls: object[] }) => ({ ...open, calls: [{ ...open.calls[0], call: 'x' }] })],
    ['another count', (open: object) => ({ ...open, more: 7 })],
    ['nothing told', () => undefined],
  ])('with %s is found to be tampered with', async (_, change) => {
    await write([ofCall('a'), ...ids(40).map((id) => record(id)), ofCall('b')], 2000);
    const path = bench.files('.journal')[1] ?? '';
    rewriteHead(path, (head) => ({ ...head, open: change(head['open'] as { calls: object[] }) }));
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
    if (PYTHON) expect(secondOpinion()).toBe('head');
  });

  test('of an old journal, which tells nothing, can be read and written on', async () => {
    await write([ofCall('a'), ...ids(40).map((id) => record(id))], 4000);
    await forge(bench, { head: (head) => ({ ...head, open: undefined }), binds: () => false, signs: true });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    await write([ofCall('b'), ...ids(40, 'n').map((id) => record(id))], 4000);
    expect(await found()).toEqual(['b']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    if (PYTHON) expect(secondOpinion()).toBe('ok');
  });

  test('is not believed about its time or anything else that the records do not tell', async () => {
    await write([ofCall('a'), ...ids(40).map((id) => record(id))], 2000);
    const changes: readonly ((head: Fields) => unknown)[] = [
      (head) => ({ ...head, time: '9026-01-01T00:00:00.000Z' }),
      (head) => ({ ...head, key: `${bench.signer.verifierKey}=` }),
      (head) => ({ ...head, extra: true }),
    ];
    for (const path of bench.files('.journal')) {
      const before = readFileSync(path);
      for (const change of changes) {
        rewriteHead(path, change);
        expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
        if (PYTHON && path === bench.files('.journal')[1]) expect(secondOpinion()).toBe('head');
        writeFileSync(path, before);
      }
    }
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  test('of the first segment cannot make up a call, nor can that of the segment that is written on', async () => {
    await write(
      ids(40).map((id) => record(id)),
      2000,
    );
    const { call, time, server, method } = ofCall('made up') as UnmatchedAttempt & AuditRecord;
    const open = { calls: [{ call, time, server, method }], more: 0 };
    for (const path of [bench.files('.journal')[0] ?? '', bench.files('.journal').at(-1) ?? '']) {
      const before = readFileSync(path);
      rewriteHead(path, (head) => ({ ...head, open }));
      expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
      if (path === bench.files('.journal').at(-1))
        await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
      writeFileSync(path, before);
    }
    // Not by a journal of before heads were vouched for either.
    await forge(bench, { head: (head) => ({ ...head, open }), binds: () => false, signs: true });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
    if (PYTHON) expect(secondOpinion()).toBe('head');
  });

  test('is vouched for in every segment after one that was', async () => {
    await write(
      ids(40).map((id) => record(id)),
      2000,
    );
    expect(bench.files('.journal').length).toBeGreaterThan(4);
    await forge(bench, { binds: (segment) => segment > 1, signs: true });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    if (PYTHON) expect(secondOpinion()).toBe('ok');
    await forge(bench, { binds: (segment) => segment !== 2, signs: true });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
    if (PYTHON) expect(secondOpinion()).toBe('head');
  });
});

test('what has no room in a head is counted there, and the head still agrees with the records', () => {
  const open = new OpenCalls();
  for (const call of ids(9000)) {
    const attempt = { ...ofCall(call), target: '\u0001'.repeat(80) };
    open.apply(callMark(attempt));
  }
  const carried = open.carried();
  expect(carried.calls.length).toBeLessThan(9000);
  expect(carried.calls.length + carried.more).toBe(9000);
  expect(Buffer.byteLength(JSON.stringify(carried))).toBeLessThan(4 * 1024 * 1024);
  expect(open.agrees(carried)).toBe(true);
  expect(open.agrees({ ...carried, more: 0 })).toBe(false);
});

test('no JSON makes a call out of what is none, or makes the reader throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const mark = callMark(value);
      if (mark === undefined || mark === 'start') return;
      expect(typeof ('ends' in mark ? mark.ends : mark.opens.call)).toBe('string');
    }),
  );
  for (const rubbish of [
    undefined,
    null,
    3,
    {},
    { calls: {}, more: 0 },
    { calls: [{}], more: 0 },
    { calls: [] },
  ])
    expect(parseCarried(rubbish)).toBeUndefined();
});
