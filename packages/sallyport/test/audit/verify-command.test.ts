import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DEVELOPMENT_KEY } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { count, JournalBench, newSigner } from './journal-bench.ts';

/** Segments of some records each. */
const SMALL = { segmentBytes: 3000 };

let bench: JournalBench;
beforeEach(() => {
  bench = new JournalBench();
});
afterEach(() => bench.dispose());

/** Changes one byte of the record with this text. */
function tamper(path: string, text: string): void {
  bench.rewrite(path, (bytes) => {
    const at = bytes.indexOf(text);
    expect(at).toBeGreaterThan(0);
    bytes[at] = 0x21;
    return bytes;
  });
}

describe('sallyport audit verify', () => {
  test('says 0 of a sound journal, and how far it goes', async () => {
    await bench.write('journal', count(12), SMALL);
    const { code, out, err } = await bench.run('verify', 'journal', '--key', 'key.txt');
    expect(out).toMatch(/^sound\n {2}Holds 13 records, 0 to 12, in \d segments under \d+ checkpoints?\.\n/);
    expect([code, err]).toEqual([0, '']);
  });

  test('takes a verifier key, a PEM whose name is in the journal, and a JWK', async () => {
    await bench.write('journal', count(2));
    bench.file('audit.pub', bench.publicPem);
    for (const key of [bench.signer.verifierKey, 'audit.pub'])
      expect((await bench.run('verify', 'journal', '-k', key)).code).toBe(0);
  });

  test('says 1 of a changed record, and names the first one and its file', async () => {
    await bench.write('journal', count(12), SMALL);
    const [, second = ''] = bench.files('journal');
    const first = Number(/(\d+)\.journal$/.exec(second)?.[1]);
    tamper(second, `"id":"r${first + 1}"`);
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toContain(
      `TAMPERED, from record ${first + 2} on, in ${String(first).padStart(16, '0')}.journal\n`,
    );
    expect(out).toContain('The bytes of this record are not what was written.');
    expect(out).toContain(`Sound before that: ${first + 2} records`);
    expect(code).toBe(1);
  });

  test('says 3 of records that are gone from the middle', async () => {
    await bench.write('journal', count(20), SMALL);
    for (const extension of ['.journal', '.checkpoints']) rmSync(bench.files('journal', extension)[1] ?? '');
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toMatch(/GAP, from record \d+ on, in \d{16}\.journal\n {2}Records \d+ to \d+ are missing/);
    expect(code).toBe(3);
  });

  test('says 4 of an end that was cut off', async () => {
    await bench.write('journal', count(12));
    const [path = ''] = bench.files('journal');
    truncateSync(path, readFileSync(path).length - 100);
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toContain('TRUNCATED, from record 12 on, in 0000000000000000.journal\n');
    expect(out).toContain('Record 12 is gone from its end: a checkpoint in the folder covers 13 records.');
    expect(code).toBe(4);
  });

  test('finds with a checkpoint from elsewhere that a journal was cut off at an older one', async () => {
    await bench.write('journal', count(5));
    cpSync(bench.path('journal'), bench.path('older'), { recursive: true });
    await bench.write('journal', count(5, 's'));
    bench.file('newest.note', bench.notes.at(-1) ?? '');
    const alone = await bench.run('verify', 'older', '-k', 'key.txt');
    expect([alone.code, alone.out]).toEqual([0, expect.stringContaining('give one that was kept elsewhere')]);
    const older = await bench.run('verify', 'older', '-k', 'key.txt', '--checkpoint', 'newest.note');
    expect(older.out).toContain('the checkpoint that was kept elsewhere covers 12 records');
    expect(older.code).toBe(4);
    const whole = await bench.run('verify', 'journal', '-k', 'key.txt', '--checkpoint', 'newest.note');
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('kept elsewhere agrees')]);
  });

  test('says 5 of a journal that somebody else signed', async () => {
    await bench.write('journal', count(2));
    const { code, out } = await bench.run('verify', 'journal', '-k', newSigner().signer.verifierKey);
    expect(out).toContain('UNKNOWN KEY, in 0000000000000000.journal');
    expect(out).toContain(`It says to be signed by ${bench.signer.verifierKey}`);
    expect(code).toBe(5);
    bench.file('other.pub', newSigner().publicPem);
    expect((await bench.run('verify', 'journal', '-k', 'other.pub')).code).toBe(5);
  });

  test('says that a torn end is what a crash leaves', async () => {
    const journal = await bench.open('journal', { checkpointMs: 60_000 });
    for (const record of count(5)) await journal.append(record, { durable: true });
    const [path = ''] = bench.files('journal');
    const bytes = readFileSync(path);
    await journal.close();
    for (const checkpoints of bench.files('journal', '.checkpoints'))
      truncateSync(checkpoints, readFileSync(checkpoints).indexOf('\n') + 1);
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toContain('sound, with a torn end');
    expect(out).toContain('4 records after the last checkpoint: linked to the rest, but not signed yet.');
    expect(code).toBe(0);
  });

  test('says 6 of a journal without a checkpoint', async () => {
    await bench.write('journal', count(5));
    for (const checkpoints of bench.files('journal', '.checkpoints')) rmSync(checkpoints);
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toContain('UNSIGNED, from record 0 on');
    expect(out).not.toMatch(/sound/i);
    expect(code).toBe(6);
  });

  test('says that records were pruned as the journal allows', async () => {
    await bench.write('journal', count(40), SMALL);
    await bench.write('journal', count(1), { ...SMALL, keepBytes: 9000 });
    const { code, out } = await bench.run('verify', 'journal', '-k', 'key.txt');
    expect(out).toMatch(/Records before \d+ were pruned, as a signed record of the journal allows\./);
    expect(code).toBe(0);
  });

  test('says that a development key proves nothing', async () => {
    const { signer } = newSigner(DEVELOPMENT_KEY);
    await bench.write('journal', count(1), { signer });
    const { code, out } = await bench.run('verify', 'journal', '-k', signer.verifierKey);
    expect(out).toContain('signed with a development key');
    expect(code).toBe(0);
  });

  test('gives one verdict for each journal of a root, and the code of the worst', async () => {
    await bench.write('root/files/0', count(3));
    await bench.write('root/files/1', count(12), SMALL);
    await bench.write('root/mail/0', count(3));
    const sound = await bench.run('verify', 'root', '-k', 'key.txt');
    expect(sound.out.match(/^\S+: .*$/gm)).toEqual(['files/0: sound', 'files/1: sound', 'mail/0: sound']);
    expect(sound.code).toBe(0);
    rmSync(bench.files('root/files/1')[0] ?? '');
    const [path = ''] = bench.files('root/mail/0');
    truncateSync(path, readFileSync(path).length - 10);
    expect((await bench.run('verify', 'root', '-k', 'key.txt')).code).toBe(3);
    tamper(bench.files('root/files/0')[0] ?? '', '"id":"r1"');
    const { code, out } = await bench.run('verify', 'root', '-k', 'key.txt', '--json');
    const told = JSON.parse(out) as { verdict: string; journals: { journal: string; verdict: string }[] };
    expect(told.verdict).toBe('tampered');
    expect(told.journals.map(({ journal, verdict }) => [journal, verdict])).toEqual([
      ['files/0', 'tampered'],
      ['files/1', 'gap'],
      ['mail/0', 'truncated'],
    ]);
    expect(told.journals[0]).toMatchObject({
      sequence: 2,
      segment: '0000000000000000.journal',
      why: 'bytes',
    });
    expect(code).toBe(1);
  });

  test('finds that a whole journal of a root is gone, by a checkpoint of it', async () => {
    await bench.write('root/files/0', count(3));
    await bench.write('root/files/1', count(3));
    await bench.write('root/mail/0', count(3));
    const args = ['verify', 'root', '-k', 'key.txt'];
    for (const [index, note] of bench.notes.entries())
      args.push('--checkpoint', bench.file(`${index}.note`, note));
    const there = await bench.run(...args);
    expect([there.code, there.out.match(/kept elsewhere agrees/g)?.length]).toEqual([0, 3]);
    rmSync(bench.path('root/mail'), { recursive: true });
    const { code, out } = await bench.run(...args);
    expect(out).toContain('This checkpoint is of a journal that is not here');
    expect(code).toBe(4);
  });

  test('says 2 when nothing can be said, and why', async () => {
    await bench.write('journal', count(1));
    mkdirSync(bench.path('empty'));
    bench.file('bad.note', 'hello\n');
    const key = ['-k', 'key.txt'];
    for (const [args, message] of [
      [['nowhere', ...key], 'nowhere: there is no such folder'],
      [['key.txt', ...key], 'key.txt is a file; name the folder of an audit journal'],
      [['empty', ...key], 'empty holds no audit journal'],
      [['journal', '-k', 'nothing'], '--key is neither a verifier key'],
      [['journal'], "required option '-k, --key <key>' not specified"],
      [['journal', ...key, '--checkpoint', 'bad.note'], 'bad.note is no checkpoint'],
      [['journal', ...key, '--checkpoint', 'none.note'], 'none.note: there is no such file'],
      [['journal', ...key, '--nonsense'], "unknown option '--nonsense'"],
    ] as const) {
      const { code, out, err } = await bench.run('verify', ...args);
      expect(err).toContain(message);
      expect([code, out]).toEqual([2, '']);
    }
    rmSync(bench.files('journal')[0] ?? '');
    const gone = await bench.run('verify', 'journal', ...key);
    expect([gone.code, gone.out]).toEqual([2, expect.stringContaining('its segments are gone')]);
  });

  test('lists its exit codes', async () => {
    const { code, out } = await bench.run('verify', '--help');
    for (const word of ['tampered', 'gap', 'truncated', 'unknown key', 'cannot be read'])
      expect(out).toContain(word);
    expect(code).toBe(0);
  });
});
