import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/journal/verify.ts';
import { FaultyFs } from './faulty-fs.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, record } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

const journalSyncs = (fs: FaultyFs): number =>
  fs.done.filter((line) => /^sync .*\.journal$/.test(line)).length;
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((turn) => setTimeout(turn, 2));
};

describe('a journal', () => {
  it('keeps the order of callers that arrive together, durable or not, and loses none', async () => {
    const journal = await bench.open();
    const wanted = ids(700);
    await Promise.all(wanted.map((id, index) => journal.append(record(id), { durable: index % 3 === 0 })));
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', ...wanted]);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 701, signed: 701 });
  });

  it('goes on where it stopped: numbers, chain and tree run through restarts', async () => {
    await bench.write(ids(3, 'a'));
    await bench.write(ids(3, 'b'));
    expect(await readIds(bench.folder)).toEqual(['#open', 'a0', 'a1', 'a2', '#open', 'b0', 'b1', 'b2']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({
      verdict: 'ok',
      size: 8,
      signed: 8,
      segments: 1,
    });
  });

  it('shares one fdatasync among all who arrive while another one runs', async () => {
    const fs = new FaultyFs();
    const journal = await bench.open({ fs });
    let release = (): void => undefined;
    fs.duringSync = () =>
      new Promise((go) => {
        release = go;
      });
    const before = journalSyncs(fs);
    const first = journal.append(record('first'), { durable: true });
    await until(() => fs.done.at(-1) === 'write 0000000000000000.journal');
    const others = ids(50).map((id) => journal.append(record(id), { durable: true }));
    fs.duringSync = () => Promise.resolve();
    release();
    await Promise.all([first, ...others]);
    expect(journalSyncs(fs) - before).toBe(2);
    await journal.close();
  });

  it('makes a record that nobody waits for durable by itself', async () => {
    const fs = new FaultyFs();
    const journal = await bench.open({ fs, lazyMs: 5 });
    const before = journalSyncs(fs);
    await journal.append(record('a'), { durable: false });
    expect(journalSyncs(fs)).toBe(before);
    await until(() => journalSyncs(fs) > before);
    expect(await readIds(bench.folder)).toContain('a');
    await journal.close();
  });

  it('signs without being asked when there is a record, and not when there is none', async () => {
    const journal = await bench.open({ checkpointMs: 10 });
    await journal.append(record('a'), { durable: true });
    await until(() => bench.notes.at(-1)?.split('\n')[1] === '2');
    const notes = bench.notes.length;
    await new Promise((wait) => setTimeout(wait, 40));
    expect(bench.notes.length).toBe(notes);
    await journal.close();
    expect(bench.notes.length).toBe(notes);
  });

  it('signs, rotates and verifies although the clock goes back', async () => {
    let now = Date.parse('2026-06-01T00:00:00Z');
    const journal = await bench.open({ segmentBytes: 3000, checkpointMs: 10, now: () => now });
    for (const id of ids(40)) {
      now -= 3_600_000;
      await journal.append(record(id), { durable: true });
    }
    await until(() => bench.notes.at(-1)?.split('\n')[1] === '41');
    await journal.close();
    expect(bench.files('.journal').length).toBeGreaterThan(3);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 41 });
  });

  it('goes on when whoever is told of checkpoints throws, and says so', async () => {
    const onCheckpoint = (): never => {
      throw new Error('away');
    };
    await bench.write(ids(3), { onCheckpoint, checkpointRecords: 1 });
    expect(bench.events.map(({ type }) => type)).toContain('push_failed');
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 4 });
  });

  it('is for its owner only, also when the folder was open to others', async () => {
    mkdirSync(bench.folder, { mode: 0o755 });
    await bench.write(ids(2));
    expect(statSync(bench.folder).mode & 0o777).toBe(0o700);
    for (const file of [...bench.files('.journal'), ...bench.files('.checkpoints')])
      expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('makes the name of each new segment durable before a record goes there', async () => {
    const fs = new FaultyFs();
    await bench.write(ids(40), { fs, segmentBytes: 2000 });
    const second = fs.done.indexOf(`create ${bench.files('.journal')[1]?.split('/').at(-1)}`);
    const steps = fs.done.slice(second, second + 12).map((line) => line.split(' ')[0]);
    expect(steps.slice(0, 4)).toEqual(['create', 'write', 'sync', 'create']);
    expect(steps.indexOf('syncFolder')).toBeGreaterThan(3);
    expect(steps.slice(4, steps.indexOf('syncFolder'))).not.toContain('write');
  });

  it('begins a new segment when one is full or old, and the whole still verifies', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const journal = await bench.open({ segmentBytes: 3000, segmentAgeMs: 60_000, monotonic: () => now });
    for (const id of ids(60)) await journal.append(record(id), { durable: true });
    const full = bench.files('.journal').length;
    expect(full).toBeGreaterThan(4);
    now += 60_000;
    await journal.append(record('late'), { durable: true });
    await journal.append(record('later'), { durable: true });
    await journal.close();
    expect(bench.files('.journal').length).toBeGreaterThan(full);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 63 });
  });

  it('removes what is too much, says so in the chain, signed, and still verifies', async () => {
    const options = { segmentBytes: 3000, keepBytes: 12_000 };
    const journal = await bench.open(options);
    for (const id of ids(120)) await journal.append(record(id), { durable: true });
    await until(() => bench.events.some(({ type }) => type === 'pruned'));
    await journal.close();
    await bench.write(ids(20, 'b'), options);
    const found = await verify(bench.folder, bench.keys);
    expect(found).toMatchObject({ verdict: 'ok', size: found.signed });
    expect(found.first).toBeGreaterThan(0);
    expect(await readIds(bench.folder)).toContain('#prune');
    rmSync(bench.files('.journal')[0] ?? '');
    rmSync(bench.files('.checkpoints')[0] ?? '');
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'gap', sequence: 0 });
  });

  it('removes what is too old', async () => {
    let now = Date.now();
    const options = { segmentBytes: 3000, keepMs: 3_600_000, now: () => now };
    await bench.write(ids(60), options);
    const before = bench.files('.journal').length;
    now += 7_200_000;
    const journal = await bench.open(options);
    await until(() => bench.events.some(({ type }) => type === 'pruned'));
    await journal.close();
    expect(bench.files('.journal').length).toBeLessThan(before);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('refuses what cannot be a record and goes on', async () => {
    const journal = await bench.open();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    await expect(journal.append(circle as never, { durable: true })).rejects.toMatchObject({
      code: 'bad_record',
    });
    await expect(journal.append(undefined as never, { durable: true })).rejects.toMatchObject({
      code: 'bad_record',
    });
    await expect(journal.append(record('x', 'y'.repeat(4_200_000)), { durable: true })).rejects.toMatchObject(
      {
        code: 'bad_record',
      },
    );
    await journal.append(record('large', 'é'.repeat(1_000_000)), { durable: true });
    await journal.append(record('after'), { durable: true });
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', 'large', 'after']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('refuses records when the disk does not keep up, and takes them again when it does', async () => {
    const fs = new FaultyFs();
    const journal = await bench.open({ fs, pendingBytes: 4000 });
    const stopped = new Promise<void>((go) => {
      fs.duringSync = () => {
        go();
        return new Promise((end) => setTimeout(end, 20));
      };
    });
    const first = journal.append(record('first'), { durable: true });
    await stopped;
    const settled = await Promise.allSettled(
      ids(60).map((id) => journal.append(record(id), { durable: true })),
    );
    const refused = settled.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'overloaded' } });
    await first;
    await journal.append(record('after'), { durable: true });
    await journal.close();
    expect((await readIds(bench.folder)).length).toBe(63 - refused.length);
  });

  it('refuses records after close, and closes twice', async () => {
    const journal = await bench.open();
    await journal.close();
    await journal.close();
    await expect(journal.append(record('late'), { durable: true })).rejects.toMatchObject({ code: 'closed' });
  });

  it('has every option checked before anything is made', async () => {
    for (const name of ['segmentBytes', 'checkpointRecords', 'checkpointMs', 'retryMs', 'keepMs'])
      await expect(bench.open({ [name]: 0 })).rejects.toThrow(
        `${name} of the audit journal must be more than 0.`,
      );
    await expect(bench.open({ formerKeys: ['x'] })).rejects.toMatchObject({ code: 'malformed' });
    expect(() => statSync(bench.folder)).toThrow();
  });

  it('says why a folder that cannot be written cannot be opened', async () => {
    const fs = new FaultyFs();
    fs.fails = (operation) => (operation === 'create' ? 'EROFS' : undefined);
    await expect(bench.open({ fs })).rejects.toMatchObject({ code: 'EROFS' });
    await bench.write(ids(1));
    chmodSync(bench.folder, 0o700);
    expect(readFileSync(bench.files('.journal')[0] ?? '').length).toBeGreaterThan(0);
  });
});
