import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { count, JournalBench, newSigner } from './journal-bench.ts';

let bench: JournalBench;
beforeEach(async () => {
  bench = new JournalBench();
  await bench.write('root/files/0', count(12), { segmentBytes: 3000 });
  await bench.write('root/mail/0', count(5, 'm'));
});
afterEach(() => bench.dispose());

describe('sallyport audit prove', () => {
  test('writes a proof that is checked without the journal', async () => {
    const made = await bench.run('prove', 'm3', 'root', '-o', 'proof.json');
    expect(made).toEqual({ code: 0, out: '', err: '' });
    expect(statSync(bench.path('proof.json')).mode & 0o777).toBe(0o600);
    rmSync(bench.path('root'), { recursive: true });
    bench.file('audit.pub', bench.publicPem);
    for (const key of ['key.txt', 'audit.pub']) {
      const { code, out } = await bench.run('prove', '--check', 'proof.json', '--key', key);
      expect(out).toMatch(/^proved: record 4 of 6, in test\.example\/audit\/\S+\n/);
      expect(JSON.parse(out.split('\n')[1] ?? '')).toMatchObject({ id: 'm3', type: 'outcome' });
      expect(code).toBe(0);
    }
  });

  test('writes it to standard output too, and for a key that is given', async () => {
    const { code, out } = await bench.run('prove', 'r7', 'root/files/0', '--key', 'key.txt');
    expect(JSON.parse(out)).toMatchObject({
      v: 1,
      index: 8,
      checkpoint: expect.stringContaining('— test') as string,
    });
    expect(code).toBe(0);
  });

  test('of a changed record does not hold, nor under another key', async () => {
    const { out } = await bench.run('prove', 'r7', 'root');
    bench.file('proof.json', out);
    const other = await bench.run('prove', '--check', 'proof.json', '-k', newSigner().signer.verifierKey);
    expect([other.code, other.out]).toEqual([5, expect.stringContaining('NOT PROVED: none of the keys')]);
    bench.file('forged.json', out.replace('alice', 'bobby'));
    const forged = await bench.run('prove', '--check', 'forged.json', '-k', 'key.txt');
    expect([forged.code, forged.out]).toEqual([1, expect.stringContaining('NOT PROVED: this record is not')]);
    bench.file('signed.json', out.replace(String.raw`\n\n— `, String.raw`\n \n\n— `));
    expect((await bench.run('prove', '--check', 'signed.json', '-k', 'key.txt')).out).toContain('signature');
  });

  test('proves that one checkpoint begins another, and that no other does', async () => {
    const notes = bench.notes.filter((note) => note.split('\n')[0] === bench.notes[0]?.split('\n')[0]);
    const older = bench.file('older.note', notes[0] ?? '');
    const newer = bench.file('newer.note', notes.at(-1) ?? '');
    const elsewhere = bench.file('mail.note', bench.notes.at(-1) ?? '');
    const made = await bench.run('prove', '--consistency', older, newer, 'root', '-o', 'proof.json');
    expect([made.code, made.err]).toEqual([0, '']);
    const check = ['prove', '--check', 'proof.json', '--consistency'];
    const holds = await bench.run(...check, older, newer, '-k', 'key.txt');
    expect([holds.code, holds.out]).toEqual([
      0,
      expect.stringMatching(/^proved: the \d+ records of the older/),
    ]);
    const swapped = await bench.run(...check, newer, older, '-k', 'key.txt');
    expect([swapped.code, swapped.out]).toEqual([1, expect.stringContaining('NOT PROVED')]);
    const wrong = await bench.run('prove', '--consistency', older, elsewhere, 'root');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('are of two journals')]);
  });

  test('says 1 when no record has the id', async () => {
    const { code, out, err } = await bench.run('prove', 'never', 'root');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('no record has this id');
  });

  test('overwrites nothing without --force', async () => {
    bench.file('proof.json', 'mine');
    const { code, err } = await bench.run('prove', 'r7', 'root', '-o', 'proof.json');
    expect([code, err]).toEqual([2, expect.stringContaining('is there already')]);
    expect(readFileSync(bench.path('proof.json'), 'utf8')).toBe('mine');
    expect((await bench.run('prove', 'r7', 'root', '-o', 'proof.json', '--force')).code).toBe(0);
  });

  test('says 2 and what to write for a slip', async () => {
    bench.file('other.json', '{"v":2}');
    for (const [args, message] of [
      [['r7'], 'give the id of a record and a folder'],
      [['--check', 'other.json'], '--check needs --key'],
      [['--check', 'other.json', '-k', 'key.txt'], 'other.json is no inclusion proof'],
      [['--check', 'key.txt', '-k', 'key.txt'], 'key.txt is no JSON object'],
      [['--check', 'none.json', '-k', 'key.txt'], 'none.json: there is no such file'],
      [['--check', 'other.json', 'root', '-k', 'key.txt'], 'needs no folder'],
      [['--consistency', 'root'], '--consistency takes two files of checkpoints'],
    ] as const) {
      const { code, err } = await bench.run('prove', ...args);
      expect(err).toContain(message);
      expect(code).toBe(2);
    }
    expect(existsSync(bench.path('proof.json'))).toBe(false);
  });
});
