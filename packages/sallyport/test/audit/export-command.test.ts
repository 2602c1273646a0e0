import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attempt, count, event, JournalBench, outcome } from './journal-bench.ts';

let bench: JournalBench;
beforeEach(async () => {
  bench = new JournalBench();
  await bench.write('journal', [
    event('e1', 'start'),
    attempt('a1'),
    outcome('r1', { target: '=HYPERLINK("http://x.example")' }),
    outcome('r2', { status: 'refused', refusal: 'permission_denied', target: 'evil\u001b[2J\u009b1A' }),
  ]);
});
afterEach(() => bench.dispose());

function read(name: string): string {
  return readFileSync(bench.path(name), 'utf8');
}

describe('sallyport audit export', () => {
  test.each([
    ['ocsf', /^\{.*"class_uid":/],
    ['ecs', /^\{.*"@timestamp":/],
    ['cef', /^CEF:0\|Sallyport\|/],
    ['leef', /^LEEF:2\.0\|Sallyport\|/],
    ['json', /^\{"v":1,/],
  ])('writes %s, one record a line, and nothing that a terminal would obey', async (format, expected) => {
    const { code, out, err } = await bench.run('export', 'journal', '--format', format);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(expected);
    expect(out.replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
    expect([code, err]).toEqual([0, 'sallyport: exported: 4 records\n']);
  });

  test('writes CSV with one header, and no formula', async () => {
    const { out } = await bench.run('export', 'journal', '--format', 'csv', '--tool', '*');
    const [header = '', ...rows] = out.trimEnd().split('\n');
    expect(header.startsWith('"v","id","time","type","server",')).toBe(true);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(`,"'=HYPERLINK(""http://x.example"")",`);
    expect(rows[2]).toContain(',"evil␛001b[2J␛009b1A",');
  });

  test('writes a file at once that only its owner can read', async () => {
    const { code, out } = await bench.run(
      'export',
      'journal',
      '--format',
      'json',
      '-o',
      'out.jsonl',
      '--limit',
      '2',
    );
    expect([code, out]).toEqual([0, '']);
    expect(read('out.jsonl')).toBe(
      `${JSON.stringify(event('e1', 'start'))}\n${JSON.stringify(attempt('a1'))}\n`,
    );
    expect(statSync(bench.path('out.jsonl')).mode & 0o777).toBe(0o600);
    expect(readdirSync(bench.root).filter((name) => name.startsWith('out.'))).toEqual(['out.jsonl']);
  });

  test('overwrites nothing without --force, and with it closes what was open to others', async () => {
    bench.file('out.csv', 'before');
    chmodSync(bench.path('out.csv'), 0o644);
    symlinkSync(bench.path('out.csv'), bench.path('link.csv'));
    const args = ['export', 'journal', '--format', 'csv', '-o', 'link.csv'];
    const refused = await bench.run(...args);
    expect(refused.err).toContain('link.csv is there already; name another file, or write --force');
    expect([refused.code, read('out.csv')]).toEqual([2, 'before']);
    expect((await bench.run(...args, '--force')).code).toBe(0);
    expect(read('out.csv')).toContain('"v","id","time"');
    expect(statSync(bench.path('out.csv')).mode & 0o777).toBe(0o600);
    expect(readdirSync(bench.root).filter((name) => /\.(?:tmp|new)/.test(name))).toEqual([]);
  });

  test('writes a header alone when nothing matches', async () => {
    const { code, out, err } = await bench.run('export', 'journal', '--format', 'csv', '--subject', 'nobody');
    expect([code, out.split('\n').length, err]).toEqual([0, 2, 'sallyport: exported: 0 records\n']);
  });

  test('says 3 when a part cannot be read, and writes the rest', async () => {
    await bench.write('damaged', count(20), { segmentBytes: 3000 });
    bench.rewrite(bench.files('damaged')[1] ?? '', (bytes) => {
      bytes[bytes.length - 3] = 0;
      return bytes;
    });
    const { code } = await bench.run('export', 'damaged', '--format', 'json', '-o', 'out.jsonl');
    expect(code).toBe(3);
    expect(read('out.jsonl')).toContain('"id":"r19"');
  });

  test('changes nothing in the journal', async () => {
    const digest = (): string[] =>
      [...bench.files('journal'), ...bench.files('journal', '.checkpoints')].map((path) =>
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      );
    const before = digest();
    await bench.run('export', 'journal', '--format', 'ocsf');
    expect(digest()).toEqual(before);
  });

  test.each([
    [['journal'], "required option '--format <name>' not specified"],
    [['journal', '--format', 'xml'], 'Allowed choices are ocsf, ecs, cef, leef, csv, json'],
    [['journal', '--format', 'csv', '-o', 'no/out.csv'], 'there is no folder'],
    [['journal', '--format', 'csv', '-o', 'journal'], 'journal is a folder; name a file in it'],
    [['nowhere', '--format', 'csv'], 'there is no such folder'],
  ])('with %j says 2 and what to write', async (args, message) => {
    const { code, out, err } = await bench.run('export', ...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });
});
