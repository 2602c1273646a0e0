import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnhurriedOutput } from '../src/operational-log/unhurried-output.ts';

let folder: string;
let reader: number;
let writer: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
});
afterEach(() => {
  closeSync(writer);
  rmSync(folder, { recursive: true });
});

/** What is in the pipe. */
function read(): Buffer {
  const bytes = Buffer.alloc(1_048_576);
  try {
    return bytes.subarray(0, readSync(reader, bytes));
  } catch {
    return Buffer.alloc(0);
  }
}

describe('an output that does not block', () => {
  it('has given a line to the kernel when write returns', () => {
    const output = new UnhurriedOutput(writer);
    output.write('one\n');
    output.write('two\n');
    expect(read().toString()).toBe('one\ntwo\n');
    expect(output.writableLength).toBe(0);
    closeSync(reader);
  });

  it('keeps what nobody reads, in order, until somebody does', async () => {
    const output = new UnhurriedOutput(writer);
    const lines = Array.from({ length: 5000 }, (_, n) => `line ${n} ${'x'.repeat(n % 300)}\n`);
    for (const line of lines) output.write(line);
    expect(output.writableLength).toBeGreaterThan(0);
    let taken = read().toString();
    await vi.waitFor(() => {
      taken += read().toString();
      expect(output.writableLength).toBe(0);
    }, 10_000);
    taken += read().toString();
    expect(taken).toBe(lines.join(''));
    closeSync(reader);
  });

  it('fails when its reader is gone', async () => {
    const output = new UnhurriedOutput(writer);
    closeSync(reader);
    const failed = new Promise<Error>((resolve) => output.once('error', resolve));
    output.write('nobody\n');
    expect(await failed).toMatchObject({ code: 'EPIPE' });
    expect(output.errored).toMatchObject({ code: 'EPIPE' });
  });
});
