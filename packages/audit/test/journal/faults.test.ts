import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { verify } from '../../src/journal/verify.ts';
import { FaultyFs, type Operation } from './faulty-fs.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, newSigner, record } from './support.ts';

let bench: Bench;
let fs: FaultyFs;
beforeEach(() => {
  bench = new Bench();
  fs = new FaultyFs();
});
afterEach(() => bench.dispose());

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((turn) => setTimeout(turn, 2));
};
const failing =
  (operation: Operation, code: string, name = '.journal') =>
  (done: Operation, path: string): string | undefined =>
    done === operation && path.endsWith(name) ? code : undefined;

async function appended(journal: Journal, id: string, durable = true): Promise<boolean> {
  return journal.append(record(id), { durable }).then(
    () => true,
    () => false,
  );
}

describe.each([
  ['a disk that is full', 'write', 'ENOSPC'],
  ['a disk that fails to sync', 'sync', 'EIO'],
  ['a folder that became read-only', 'write', 'EROFS'],
] as const)('%s', (_, operation, code) => {
  it('refuses records, says why, and takes them again in a new segment when it is back', async () => {
    const journal = await bench.open({ fs, retryMs: 5 });
    await journal.append(record('before'), { durable: true });
    fs.fails = failing(operation, code);
    await expect(journal.append(record('lost'), { durable: true })).rejects.toThrow(code);
    expect(journal.broken?.message).toBe(`The audit journal cannot be written (${code}).`);
    await journal.append(record('outcome of what ran'), { durable: false });
    await expect(journal.append(record('lost too'), { durable: true })).rejects.toThrow(code);
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await journal.append(record('after'), { durable: true });
    await until(() => bench.events.some(({ type }) => type === 'recovered'));
    await journal.close();
    expect(await readIds(bench.folder)).toEqual([
      '#open',
      'before',
      '#recovered',
      'outcome of what ran',
      'after',
    ]);
    expect(bench.events).toContainEqual({ type: 'recovered', refused: 2, lost: 0 });
    expect(bench.files('.journal')).toHaveLength(2);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 5, signed: 5 });
  });
});

describe('a failure', () => {
  it('never has the same descriptor written or synced again', async () => {
    const journal = await bench.open({ fs, retryMs: 5 });
    fs.fails = failing('sync', 'EIO');
    expect(await appended(journal, 'a')).toBe(false);
    const failed = fs.done.length;
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await appended(journal, 'b');
    const after = fs.done.slice(failed);
    const old = after.filter((line) => line.endsWith(' 0000000000000000.journal'));
    // Opened anew, cut to what is known to be durable, and left alone.
    expect(old).toEqual([
      'open 0000000000000000.journal',
      'truncate 0000000000000000.journal',
      'sync 0000000000000000.journal',
    ]);
    await journal.close();
  });

  it('keeps what was accepted without being awaited and writes it when the disk is back', async () => {
    const journal = await bench.open({ fs, retryMs: 5, lazyMs: 60_000 });
    await journal.append(record('accepted'), { durable: false });
    fs.fails = failing('write', 'ENOSPC');
    expect(await appended(journal, 'refused')).toBe(false);
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', 'accepted']);
  });

  it('refuses what need not be durable only when there is no more room for it, and says so', async () => {
    const journal = await bench.open({ fs, retryMs: 5, pendingBytes: 400 });
    fs.fails = failing('write', 'ENOSPC');
    expect(await appended(journal, 'refused')).toBe(false);
    const taken = await Promise.all(ids(6).map((id) => appended(journal, id, false)));
    expect(new Set(taken)).toEqual(new Set([true, false]));
    const large = record('large', 'y'.repeat(4_200_000));
    await expect(journal.append(large, { durable: false })).rejects.toMatchObject({ code: 'bad_record' });
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await journal.close();
    const kept = ids(6).filter((_, index) => taken[index]);
    expect(await readIds(bench.folder)).toEqual(['#open', '#recovered', ...kept]);
    expect(bench.events).toContainEqual({ type: 'recovered', refused: 7 - kept.length, lost: 0 });
  });

  it('of the disk until the end makes close say that accepted records are lost, and lets go of the folder', async () => {
    const journal = await bench.open({ fs, retryMs: 60_000, lazyMs: 60_000 });
    await journal.append(record('accepted'), { durable: false });
    fs.fails = (operation) => (operation === 'write' ? 'EIO' : undefined);
    expect(await appended(journal, 'refused')).toBe(false);
    await expect(journal.close()).rejects.toThrow('EIO');
    fs.fails = () => undefined;
    await bench.write(['next']);
    expect(await readIds(bench.folder)).toEqual(['#open', '#open', 'next']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('to store a checkpoint breaks the journal too, and it recovers', async () => {
    const journal = await bench.open({ fs, retryMs: 5, checkpointRecords: 1 });
    fs.fails = failing('sync', 'EIO', '.checkpoints');
    await appended(journal, 'a');
    await until(() => journal.broken !== undefined);
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await journal.append(record('b'), { durable: true });
    await journal.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 4 });
  });

  it('of the signer is told, and stops the journal only when too much is unsigned for too long', async () => {
    let works = true;
    const signer = {
      ...bench.signer,
      sign: (bytes: Uint8Array) => {
        if (!works) throw new Error('away');
        return bench.signer.sign(bytes);
      },
    };
    const journal = await bench.open({ signer, retryMs: 5, unsignedMs: 50, checkpointRecords: 100 });
    works = false;
    const first = await Promise.all(ids(5000).map((id) => appended(journal, id)));
    expect(first).not.toContain(false);
    expect(bench.events.some(({ type }) => type === 'sign_failed')).toBe(true);
    expect(await appended(journal, 'too much')).toBe(false);
    expect(journal.broken?.message).toContain('no signature');
    works = true;
    await until(() => journal.broken === undefined);
    expect(await appended(journal, 'again')).toBe(true);
    await journal.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 5003, signed: 5003 });
  });

  it('of the signer that is over soon makes appends wait, and refuses none', async () => {
    let works = true;
    const signer = {
      ...bench.signer,
      sign: (bytes: Uint8Array) => {
        if (!works) throw new Error('away');
        return bench.signer.sign(bytes);
      },
    };
    const journal = await bench.open({ signer, retryMs: 5, unsignedMs: 60_000 });
    works = false;
    await Promise.all(ids(5000).map((id) => journal.append(record(id), { durable: true })));
    const waiting = journal.append(record('late'), { durable: true });
    const told = bench.events.length;
    await until(() => bench.events.length > told + 2);
    expect(journal.broken).toBeUndefined();
    works = true;
    await waiting;
    await journal.close();
    expect(new Set(bench.events.map(({ type }) => type))).toEqual(new Set(['sign_failed']));
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 5002, signed: 5002 });
  });

  it('of the signer to be quick makes appends wait for it, however many come', async () => {
    const signer = {
      ...bench.signer,
      sign: async (bytes: Uint8Array) => {
        await new Promise((signed) => setTimeout(signed, 30));
        return bench.signer.sign(bytes);
      },
    };
    const journal = await bench.open({ signer, unsignedMs: 60_000 });
    for (let wave = 0; wave < 5; wave += 1)
      await Promise.all(ids(3000, `w${wave}-`).map((id) => journal.append(record(id), { durable: true })));
    await journal.close();
    expect(bench.events).toEqual([]);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 15_001 });
  });

  it('of the signer to answer at all refuses appends in the end', async () => {
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let hangs = false;
    const signer = {
      ...bench.signer,
      sign: async (bytes: Uint8Array) => {
        if (hangs) await hanging;
        return bench.signer.sign(bytes);
      },
    };
    const journal = await bench.open({ signer, retryMs: 5, unsignedMs: 50, checkpointRecords: 100 });
    hangs = true;
    await Promise.all(ids(5000).map((id) => journal.append(record(id), { durable: true })));
    await expect(journal.append(record('late'), { durable: true })).rejects.toThrow('no signature');
    answer();
    await until(() => journal.broken === undefined);
    expect(await appended(journal, 'again')).toBe(true);
    await journal.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('to make a new segment loses nothing', async () => {
    const journal = await bench.open({ fs, retryMs: 5, segmentBytes: 2000 });
    fs.fails = failing('create', 'ENOSPC');
    const kept: string[] = [];
    for (const id of ids(30)) if (await appended(journal, id)) kept.push(id);
    expect(journal.broken?.message).toContain('ENOSPC');
    fs.fails = () => undefined;
    await until(() => journal.broken === undefined);
    await journal.append(record('after'), { durable: true });
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', ...kept, '#recovered', 'after']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('of any operation, at any time, loses nothing that was acknowledged and verifies afterwards', async () => {
    const operations = fc.constantFrom<Operation>(
      'write',
      'sync',
      'create',
      'open',
      'syncFolder',
      'truncate',
      'remove',
    );
    const faults = fc.array(
      fc.record({ at: fc.nat(60), lasts: fc.integer({ min: 1, max: 6 }), operation: operations }),
      {
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 7, max: 5000 }), async (planned, shortBytes) => {
        const own = new Bench();
        const faulty = new FaultyFs();
        const journal = await own.open({ fs: faulty, retryMs: 1, segmentBytes: 1500, checkpointRecords: 5 });
        faulty.shortBytes = shortBytes;
        const start = faulty.done.length;
        faulty.fails = (operation) => {
          const now = faulty.done.length - start;
          const hit = planned.some(
            ({ at, lasts, operation: wanted }) => wanted === operation && now >= at && now < at + lasts * 3,
          );
          return hit ? 'EIO' : undefined;
        };
        const kept: string[] = [];
        for (const id of ids(25)) {
          if (await appended(journal, id)) kept.push(id);
          else await new Promise((turn) => setTimeout(turn, 1));
        }
        faulty.fails = () => undefined;
        await until(() => journal.broken === undefined);
        await journal.close();
        const found = await readIds(own.folder);
        expect(found.filter((id) => !id.startsWith('#'))).toEqual(expect.arrayContaining(kept));
        expect(await verify(own.folder, own.keys)).toMatchObject({ verdict: 'ok' });
        own.dispose();
      }),
      { numRuns: 40 },
    );
  });
});

describe('a crash', () => {
  it('that tore the last record has it cut off, kept aside, told, and recorded', async () => {
    await bench.write(ids(5));
    const [path = ''] = bench.files('.journal');
    appendFileSync(path, Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 0, 123]));
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'torn', bytes: 10, size: 6 });
    await bench.write(['after']);
    const told = bench.events.find(({ type }) => type === 'torn_tail');
    expect(told).toMatchObject({ bytes: 10 });
    expect(bench.files('').filter((file) => file.includes('.torn-'))).toHaveLength(1);
    expect(await readIds(bench.folder)).toEqual(['#open', ...ids(5), '#open', 'after']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });

  it('at any byte behind the last checkpoint leaves a journal that opens with every whole record', async () => {
    await bench.write(ids(3));
    const [path = ''] = bench.files('.journal');
    const [checkpoints = ''] = bench.files('.checkpoints');
    const [signed, notes] = [statSync(path).size, readFileSync(checkpoints)];
    const journal = await bench.open({ checkpointMs: 60_000 });
    for (const id of ids(3, 'tail')) await journal.append(record(id), { durable: true });
    const whole = readFileSync(path);
    await journal.close();
    for (let size = signed; size <= whole.length; size += 7) {
      writeFileSync(path, whole.subarray(0, size));
      writeFileSync(checkpoints, notes);
      expect(['ok', 'torn']).toContain((await verify(bench.folder, bench.keys)).verdict);
      await bench.write(['after']);
      expect((await readIds(bench.folder)).slice(0, 4)).toEqual(['#open', ...ids(3)]);
      expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
    }
  });

  it('while a segment is begun is forgotten', async () => {
    await bench.write(ids(20), { segmentBytes: 2000 });
    const paths = bench.files('.journal');
    const last = paths.at(-1) ?? '';
    const size = (await verify(bench.folder, bench.keys)).size;
    const begun = last.replace(/[0-9]{16}\.journal$/, `${String(size).padStart(16, '0')}.journal`);
    writeFileSync(begun, readFileSync(last).subarray(0, 100));
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'torn' });
    await bench.write(['after']);
    expect(await readIds(bench.folder)).toEqual(['#open', ...ids(20), '#open', 'after']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok' });
  });
});

describe('a journal that is not what was written', () => {
  it('is not written on: cut behind its last checkpoint', async () => {
    await bench.write(ids(5));
    truncateSync(bench.files('.journal')[0] ?? '', 700);
    await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
    expect(bench.files('.lock')).toEqual([]);
  });

  it('is not written on: signed by a key that was not given; with the former key it is, in a new segment', async () => {
    await bench.write(ids(2));
    const signer = newSigner('new.example/audit');
    await expect(bench.open({ signer })).rejects.toMatchObject({ code: 'unknown_key' });
    await bench.write(['new'], { signer, formerKeys: bench.keys });
    expect(bench.files('.journal')).toHaveLength(2);
    const both = [...bench.keys, signer.verifierKey];
    expect(await verify(bench.folder, both)).toMatchObject({ verdict: 'ok', size: 5 });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'unknown_key' });
  });

  it('whose folder is removed while it is written refuses records', async () => {
    const journal = await bench.open();
    rmSync(bench.folder, { recursive: true });
    await expect(journal.append(record('a'), { durable: true })).rejects.toThrow('ENOLCK');
    await journal.close();
  });
});
