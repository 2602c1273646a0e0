import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type EventRecord, findJournals, parseCheckpoint } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sightingsIn } from '../../src/audit/sightings.ts';
import { at, count, event, JournalBench, outcome } from './journal-bench.ts';

/** Two journals of a server, of which the second one saw the first, and the first an older state of the second. */
describe('journals of one folder that saw each other', () => {
  let bench: JournalBench;
  beforeEach(async () => {
    bench = new JournalBench();
    await bench.write('root/files/2', count(3));
    await bench.write('root/files/1', [seen('files/2'), ...count(3)]);
    await bench.write('root/files/2', [seen('files/1'), ...count(3)]);
  });
  afterEach(() => bench.dispose());

  /** What a process records of a journal whose checkpoint was the last one that was pushed. */
  function seen(journal: string, over: EventRecord['detail'] = {}): EventRecord {
    const { origin, size, root } = lastCheckpoint();
    return event('seen', 'journal_seen', { detail: { journal, origin, size, root, ...over } });
  }

  function lastCheckpoint(): { readonly origin: string; readonly size: number; readonly root: string } {
    const last = parseCheckpoint(bench.notes.at(-1) ?? '');
    if (last === undefined) throw new Error('No checkpoint was pushed.');
    return last;
  }

  async function verify(...args: string[]): Promise<{ code: number | null; out: string }> {
    const { code, out, err } = await bench.run('verify', ...args, '-k', 'key.txt');
    expect(err).toBe('');
    return { code, out };
  }

  test('are sound while they are what was seen, and also when they have grown', async () => {
    await bench.write('root/files/1', count(20), { segmentBytes: 2000 });
    const { code, out } = await verify('root');
    expect(out.match(/^\S+: .*$/gm)).toEqual(['files/1: sound', 'files/2: sound']);
    expect(code).toBe(0);
  });

  test('tell of one that is gone, with 4', async () => {
    rmSync(bench.path('root/files/2'), { recursive: true });
    const { code, out } = await verify('root');
    expect(out).toMatch(
      /^files\/2: MISSING\n {2}files\/2 with at least 4 records was seen by files\/1 at 2026-03-01T10:00:00\.000Z\./m,
    );
    expect(code).toBe(4);
    const told = JSON.parse((await verify('root', '--json')).out) as object;
    expect(told).toMatchObject({
      verdict: 'truncated',
      journals: [{ journal: 'files/1', verdict: 'ok' }],
      notAsSeen: [{ journal: 'files/2', verdict: 'truncated', why: 'missing', size: 4, by: 'files/1' }],
    });
  });

  test('tell of one of which no segment is left', async () => {
    for (const path of bench.files('root/files/2')) rmSync(path);
    const { code, out } = await verify('root');
    expect(out).toContain('files/2: MISSING');
    expect(code).toBe(4);
  });

  test('tell of one whose place another one has, with 1, whatever was seen there since', async () => {
    rmSync(bench.path('root/files/2'), { recursive: true });
    await bench.write('root/files/2', count(30));
    await bench.write('root/files/1', [seen('files/2')]);
    const { code, out } = await verify('root');
    expect(out).toContain('files/2: TAMPERED');
    expect(out).toContain('Another journal stands in its place.');
    expect(code).toBe(1);
  });

  test('tell of one that was put back to an older state, with 4', async () => {
    cpSync(bench.path('root/files/1'), bench.path('older'), { recursive: true });
    await bench.write('root/files/1', count(5));
    await bench.write('root/files/2', [seen('files/1')]);
    rmSync(bench.path('root/files/1'), { recursive: true });
    renameSync(bench.path('older'), bench.path('root/files/1'));
    const { code, out } = await verify('root');
    expect(out).toMatch(
      /^files\/1: TRUNCATED\n {2}files\/1 with at least 11 records was .* It holds 5 now\.$/m,
    );
    expect(code).toBe(4);
    await bench.write('root/files/1', count(9, 'other'));
    const grown = await verify('root');
    expect(grown.out).toContain('Those records are not the ones that stand here.');
    expect(grown.code).toBe(1);
  });

  test('say nothing of records that were pruned, as the journal allows', async () => {
    await bench.write('root/files/1', count(40), { segmentBytes: 2000 });
    await bench.write('root/files/1', count(1), { segmentBytes: 2000, keepBytes: 4000 });
    expect(await verify('root')).toMatchObject({
      code: 0,
      out: expect.stringContaining('were pruned') as string,
    });
  });

  test('say nothing when one of them is verified alone', async () => {
    rmSync(bench.path('root/files/2'), { recursive: true });
    expect((await verify('root/files/1')).code).toBe(0);
  });

  test('are told of in addition to one that is damaged', async () => {
    await bench.write('root/mail/1', count(2));
    bench.rewrite(bench.files('root/mail/1')[0] ?? '', (bytes) => bytes.fill(0, bytes.length - 9));
    rmSync(bench.path('root/files/2'), { recursive: true });
    const { code, out } = await verify('root');
    expect(out).toMatch(/^mail\/1: TAMPERED/m);
    expect(out).toMatch(/^files\/2: MISSING/m);
    expect(code).toBe(1);
  });

  test('are remembered once each, by the most that was seen', async () => {
    for (let round = 0; round < 3; round += 1) {
      await bench.write('root/files/1', count(5));
      await bench.write('root/files/2', [seen('files/1')]);
    }
    const sightings = await sightingsIn(await findJournals(bench.path('root')));
    expect(sightings.map(({ journal, size, by }) => [journal, size, by])).toEqual([
      ['files/2', 4, 'files/1'],
      ['files/1', 23, 'files/2'],
    ]);
  });

  test('name only journals of the folder, and what is no sighting is none', async () => {
    for (const journal of ['../files/9', '..', './1', '/etc/1', 'a/b/1', 'files/x', ''])
      await bench.write('root/files/1', [seen(journal)]);
    for (const over of [{ size: -0.5 }, { size: '5' }, { origin: 1 }, { root: true }])
      await bench.write('root/files/1', [seen('files/8', over)]);
    await bench.write('root/files/1', [
      event('bare', 'journal_seen'),
      event('other', 'start', at('11:00:00')),
    ]);
    expect(await verify('root')).toMatchObject({ code: 0 });
  });
});

describe('a copy of a journal in a folder above others', () => {
  let bench: JournalBench;
  beforeEach(async () => {
    bench = new JournalBench();
    await bench.write('root/files/0', count(3));
    await bench.write('root/files/1', [outcome('s1', { target: 'write_file' })]);
    const from = bench.path('root/files/0');
    for (const name of readdirSync(from).filter((each) => /^[0-9]{16}\./.test(each)))
      cpSync(`${from}/${name}`, bench.path(`root/${name}`));
  });
  afterEach(() => bench.dispose());

  const TOLD = 'The folder itself holds a journal, and other journals below it';

  test('hides none from verify, and is told of', async () => {
    const sound = await bench.run('verify', 'root', '-k', 'key.txt');
    expect(sound.out).toContain(TOLD);
    expect(sound.out).toMatch(/^files\/1: sound$/m);
    bench.rewrite(bench.files('root/files/1')[0] ?? '', (bytes) => bytes.fill(0, bytes.length - 9));
    const { code, out } = await bench.run('verify', 'root', '-k', 'key.txt', '--json');
    expect(JSON.parse(out)).toMatchObject({ journalsAroundOthers: ['.'] });
    expect(code).toBe(1);
  });

  test.each([['search'], ['tail', '--no-follow'], ['export', '--format', 'json']])(
    'hides none from %s, and is told of',
    async (command, ...options) => {
      const { code, out, err } = await bench.run(command, 'root', ...options);
      expect(out).toContain('write_file');
      expect(err).toContain(TOLD);
      expect(code).toBe(0);
    },
  );
});
