import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditRecord, FileSink } from '@sallyport/audit';

const record = (id: string): AuditRecord => ({
  v: 1,
  id,
  time: '2026-01-01T00:00:00.000Z',
  server: 'default',
  policy: 'digest',
  type: 'event',
  event: 'start',
});

describe('FileSink', () => {
  let dir: string;
  let path: string;
  const idsOnDisk = (): string[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as AuditRecord).id);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sallyport-audit-'));
    path = join(dir, 'trail', 'audit.jsonl');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('writes one line a record, in a file that only its owner can read', async () => {
    const sink = new FileSink(path);
    await sink.append(record('a'), { durable: true });
    await sink.append(record('b'), { durable: false });
    await sink.close();
    expect(idsOnDisk()).toEqual(['a', 'b']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'trail')).mode & 0o777).toBe(0o700);
  });

  it('keeps the order of callers that arrive together, and loses none', async () => {
    const sink = new FileSink(path);
    const ids = Array.from({ length: 500 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((id, index) => sink.append(record(id), { durable: index % 3 === 0 })));
    await sink.close();
    expect(idsOnDisk()).toEqual(ids);
  });

  it('adds to what is there, and never glues a record to a line torn by a crash', async () => {
    mkdirSync(join(dir, 'trail'));
    writeFileSync(path, '{"torn":');
    const sink = new FileSink(path);
    await sink.append(record('after'), { durable: true });
    await sink.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines[0]).toBe('{"torn":');
    expect((JSON.parse(lines[1] ?? '') as AuditRecord).id).toBe('after');
  });

  it('writes to a new file when the old one was rotated away or removed', async () => {
    const sink = new FileSink(path);
    await sink.append(record('a'), { durable: true });
    renameSync(path, `${path}.1`);
    await sink.append(record('b'), { durable: true });
    rmSync(path);
    await sink.append(record('c'), { durable: true });
    await sink.close();
    expect(idsOnDisk()).toEqual(['c']);
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('"a"');
  });

  it('takes a file that was open to others for its owner', async () => {
    mkdirSync(join(dir, 'trail'));
    writeFileSync(path, '', { mode: 0o666 });
    chmodSync(path, 0o666);
    const sink = new FileSink(path);
    await sink.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('throws at construction when the file cannot be opened', () => {
    writeFileSync(join(dir, 'trail'), 'a file where a directory should be');
    expect(() => new FileSink(path)).toThrow();
  });

  it('rejects when the disk is full, says so, and recovers when there is room again', async () => {
    let now = 0;
    const link = join(dir, 'audit.jsonl');
    symlinkSync('/dev/full', link);
    const sink = new FileSink(link, { now: () => now });
    await expect(sink.append(record('a'), { durable: true })).rejects.toThrow('ENOSPC');
    expect(sink.broken?.message).toContain('ENOSPC');
    rmSync(link);
    await expect(sink.append(record('too soon'), { durable: true })).rejects.toThrow('ENOSPC');
    now = 1000;
    await sink.append(record('b'), { durable: true });
    expect(sink.broken).toBeUndefined();
    await sink.close();
    path = link;
    expect(idsOnDisk()).toEqual(['b']);
  });

  it('refuses records after close', async () => {
    const sink = new FileSink(path);
    await sink.close();
    await expect(sink.append(record('late'), { durable: true })).rejects.toThrow();
  });

  it('has every acknowledged record on disk after kill -9', async () => {
    const script = join(dir, 'writer.mjs');
    const sinkModule = new URL('../dist/index.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { FileSink } from ${JSON.stringify(sinkModule)};
       const sink = new FileSink(process.argv[2]);
       for (let i = 0; ; i += 1) {
         await sink.append({ id: 'k' + i }, { durable: true });
         process.stdout.write('k' + i + '\\n');
       }`,
    );
    chmodSync(script, 0o700);
    const acknowledged = await new Promise<string[]>((resolve) => {
      const child = execFile(process.execPath, [script, path], { maxBuffer: 1e8 }, (_error, stdout) =>
        resolve(stdout.split('\n').filter((line) => line !== '')),
      );
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), 150));
    });
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(idsOnDisk()).toEqual(expect.arrayContaining(acknowledged.slice(0, -1)));
  });
});
