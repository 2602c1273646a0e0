import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frameOf, HEAD } from '../../src/journal/frame.ts';
import { verify } from '../../src/journal/verify.ts';
import { forge } from './forge.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, record } from './support.ts';

const SCRIPT = new URL('../../../../scripts/verify-journal.py', import.meta.url).pathname;
const PYTHON = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

function secondOpinion(): string {
  const { stdout } = spawnSync('python3', [SCRIPT, 'journal', bench.folder, ...bench.keys], {
    encoding: 'utf8',
  });
  return (JSON.parse(stdout) as { verdict: string }).verdict;
}

/** The files of a journal as a crash would leave them: copied while it is written. */
async function crashed(write: (append: (id: string) => Promise<void>) => Promise<void>): Promise<Bench> {
  const copy = new Bench();
  const journal = await bench.open({ checkpointMs: 60_000, checkpointRecords: 1_000_000 });
  await write((id) => journal.append(record(id), { durable: true }));
  mkdirSync(copy.folder);
  for (const path of [...bench.files('.journal'), ...bench.files('.checkpoints')])
    copyFileSync(path, join(copy.folder, path.split('/').at(-1) ?? ''));
  await journal.close();
  return copy;
}

describe('a journal without a signature', () => {
  test('is not sound, whatever it holds, and not written on', async () => {
    await bench.write(ids(20));
    await forge(bench, { records: (values) => values.filter((_, index) => index % 2 === 0) });
    const found = await verify(bench.folder, bench.keys);
    expect(found).toMatchObject({ verdict: 'unsigned', sequence: 0, until: found.size, checkpoints: 0 });
    if (PYTHON) expect(secondOpinion()).toBe('unsigned');
    await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
    expect((await verify(bench.folder, bench.keys)).checkpoints).toBe(0);
  });

  test('is not sound when its only segment has no head, half of one, or a head alone', async () => {
    await bench.write(ids(2));
    const [path = ''] = bench.files('.journal');
    const whole = readFileSync(path);
    rmSync(bench.files('.checkpoints')[0] ?? '');
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 100), Buffer.alloc(64)]) {
      writeFileSync(path, bytes);
      expect((await verify(bench.folder, bench.keys)).verdict).toBe('unsigned');
      if (PYTHON) expect(secondOpinion()).not.toBe('ok');
    }
    const head = whole.subarray(0, 8 + whole.readUInt32LE(0));
    for (const bytes of [head, Buffer.concat([head, Buffer.alloc(9)])]) {
      writeFileSync(path, bytes);
      expect((await verify(bench.folder, bench.keys)).verdict).toBe('unsigned');
      if (PYTHON) expect(secondOpinion()).not.toBe('ok');
    }
    writeFileSync(path, frameOf(HEAD, JSON.stringify({ v: 2, text: 'x'.repeat(500) })));
    appendFileSync(path, whole);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'tampered', why: 'head' });
  });

  test('acknowledged nothing: opening signs the first entry, and fails when the signer does', async () => {
    const journal = await bench.open({ checkpointMs: 60_000 });
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 1, signed: 1 });
    await journal.close();
    bench.dispose();
    bench = new Bench();
    const away = {
      ...bench.signer,
      sign: () => {
        throw new Error('away');
      },
    };
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(bench.open({ signer: away })).rejects.toMatchObject({ code: 'unwritable' });
    expect(bench.files('.lock')).toEqual([]);
    // What a writer left that died before its first signature is one entry, however often that happens.
    expect(await readIds(bench.folder)).toEqual(['#open']);
    await bench.write(['a']);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 3, signed: 3 });
  });

  test('that holds one record which no writer begins with is not written on', async () => {
    await bench.write(ids(1));
    await forge(bench, { records: (values) => values.slice(1, 2) });
    await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('records behind the last checkpoint', () => {
  test('of a crash are told, adopted by the next writer, and the chain says how many', async () => {
    const copy = await crashed(async (append) => {
      for (const id of ids(5)) await append(id);
    });
    expect(await verify(copy.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 6, signed: 1 });
    const journal = await copy.open({ signer: bench.signer });
    expect(journal.adopted).toBe(5);
    await journal.close();
    const [path = ''] = copy.files('.journal');
    expect(readFileSync(path, 'utf8')).toContain('"torn":0,"adopted":5}');
    expect(await verify(copy.folder, bench.keys)).toMatchObject({ verdict: 'ok', size: 7, signed: 7 });
    const again = await copy.open({ signer: bench.signer });
    expect(again.adopted).toBe(0);
    await again.close();
    copy.dispose();
  });

  test('are adopted from several segments, and each is checked', async () => {
    await bench.write(ids(30), { segmentBytes: 2000, checkpointRecords: 1_000_000 });
    const paths = bench.files('.checkpoints');
    for (const path of paths.slice(-3)) truncateSync(path, 0);
    const found = await verify(bench.folder, bench.keys);
    expect(found.verdict).toBe('ok');
    expect(found.signed).toBeLessThan(found.size);
    const segments = bench.files('.journal');
    const before = readFileSync(segments.at(-2) ?? '');
    const changed = Buffer.from(before);
    changed.write('2027-', changed.lastIndexOf('2026-'));
    writeFileSync(segments.at(-2) ?? '', changed);
    await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
    writeFileSync(segments.at(-2) ?? '', before);
    const journal = await bench.open();
    expect(journal.adopted).toBe(found.size - found.signed);
    await journal.close();
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: found.size + 1 });
  });

  test('are more than a crash leaves when they are more than 8,192: not sound, and not written on', async () => {
    await bench.write(ids(1), { checkpointRecords: 1 });
    const [notes = ''] = bench.files('.checkpoints');
    const [first = ''] = readFileSync(notes, 'utf8').split('\n');
    for (const [more, verdict] of [
      [8192, 'ok'],
      [8193, 'unsigned'],
    ] as const) {
      await forge(bench, {
        records: ([open, ...rest]) => [
          ...(open === undefined ? [] : [open]),
          ...rest.slice(0, 1),
          ...ids(more - 1).map((id) => ({ member: 'record' as const, json: JSON.stringify(record(id)) })),
        ],
      });
      writeFileSync(notes, `${first}\n`);
      expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict, signed: 1, size: more + 1 });
      if (PYTHON) expect(secondOpinion()).toBe(verdict);
    }
    await expect(bench.open()).rejects.toMatchObject({ code: 'damaged' });
  });

  test('are never more than that, however many callers come at once and however slow the signer is', async () => {
    let answer = (): void => undefined;
    let hanging: Promise<void> | undefined;
    const signer = {
      ...bench.signer,
      sign: async (bytes: Uint8Array) => {
        await hanging;
        return bench.signer.sign(bytes);
      },
    };
    const journal = await bench.open({ signer, unsignedMs: 60_000 });
    hanging = new Promise((resolve) => {
      answer = resolve;
    });
    let done = 0;
    const all = ids(20_000).map((id) =>
      journal.append(record(id), { durable: true }).then(() => (done += 1)),
    );
    while (done === 0) await new Promise((turn) => setTimeout(turn, 5));
    await new Promise((turn) => setTimeout(turn, 100));
    const found = await verify(bench.folder, bench.keys);
    expect(found.size - found.signed).toBeGreaterThan(4096);
    expect(found.size - found.signed).toBeLessThanOrEqual(8192);
    answer();
    await Promise.all(all);
    await journal.close();
    expect(await readIds(bench.folder)).toEqual(['#open', ...ids(20_000)]);
    expect(await verify(bench.folder, bench.keys)).toMatchObject({ verdict: 'ok', signed: 20_001 });
  });

  test('do not hide behind a torn end that a checkpoint from elsewhere covers more', async () => {
    await bench.write(ids(3));
    const copy = new Bench();
    mkdirSync(copy.folder);
    for (const path of [...bench.files('.journal'), ...bench.files('.checkpoints')])
      copyFileSync(path, join(copy.folder, path.split('/').at(-1) ?? ''));
    await bench.write(ids(3, 'b'));
    appendFileSync(copy.files('.journal')[0] ?? '', Buffer.from([9, 0, 0, 0, 1]));
    expect((await verify(copy.folder, bench.keys)).verdict).toBe('torn');
    const found = await verify(copy.folder, bench.keys, { checkpoint: bench.notes.at(-1) ?? '' });
    expect(found).toMatchObject({ verdict: 'truncated', sequence: 4, by: 'given' });
    copy.dispose();
  });
});
