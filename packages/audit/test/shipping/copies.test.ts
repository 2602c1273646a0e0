import { EventEmitter } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditRecord } from '../../src/audit-record.ts';
import { FileReceiver } from '../../src/shipping/file-receiver.ts';
import type { Receiver, ShippedRecord } from '../../src/shipping/receiver.ts';
import { StderrReceiver } from '../../src/shipping/stderr-receiver.ts';
import { plainRecords } from './hostile-journal.ts';
import { type Arrived, receiverContract } from './receiver-contract.ts';
import { ShippingBench, until } from './shipping-bench.ts';

/** A copy has the lines only: the number of a record is in the id that the test gave it. */
function arrivedIn(text: string): Arrived[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const record = JSON.parse(line) as AuditRecord;
      // One that a journal signed has a note; among hostile records there are events of every name.
      const signed =
        record.type === 'event' && record.detail?.['note'] !== undefined ? record.detail : undefined;
      const sequence = signed === undefined ? Number(record.id.slice(-12)) + 1 : Number(signed['size']) - 1;
      return { id: record.id, sequence, line };
    });
}

/** A disk that does not answer is one that the receiver does not come back from. */
function hanging(receiver: Receiver, isHanging: () => boolean): Receiver {
  return {
    send: async (batch, signal) => {
      while (isHanging() && !signal.aborted) await turn();
      return receiver.send(batch, signal);
    },
    close: () => receiver.close(),
  };
}

receiverContract('a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-copy-'));
  const path = join(folder, 'audit.jsonl');
  let isHanging = false;
  return {
    receiver: () => hanging(new FileReceiver({ path }), () => isHanging),
    arrived: async () =>
      ['audit.jsonl.1', 'audit.jsonl'].flatMap((name) => {
        const one = join(folder, name);
        return existsSync(one) && statSync(one).isFile() ? arrivedIn(readFileSync(one, 'utf8')) : [];
      }),
    // Something else stands where the file stood.
    goAway: async () => {
      if (existsSync(path)) renameSync(path, `${path}.1`);
      mkdirSync(path);
    },
    comeBack: async () => rmdirSync(path),
    hang: () => void (isHanging = true),
    resume: () => void (isHanging = false),
    hugeReason: undefined,
    format: 'json',
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});

/** Standard error that somebody reads, or not. */
class Collector extends EventEmitter {
  text = '';
  state: 'here' | 'away' | 'hanging' = 'here';
  readonly #held: (() => void)[] = [];

  write(text: string | Uint8Array, done?: unknown): boolean {
    const callback = done as (error?: Error) => void;
    const take = (): void => {
      this.text += String(text);
      callback();
    };
    if (this.state === 'hanging') this.#held.push(take);
    else if (this.state === 'away') callback(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    else take();
    return true;
  }

  resume(): void {
    this.state = 'here';
    for (const take of this.#held.splice(0)) take();
  }
}

receiverContract('standard error', async () => {
  const stream = new Collector();
  return {
    receiver: () => new StderrReceiver({ stream: stream as unknown as NodeJS.WritableStream }),
    arrived: async () => arrivedIn(stream.text),
    goAway: async () => void (stream.state = 'away'),
    comeBack: async () => void (stream.state = 'here'),
    hang: () => void (stream.state = 'hanging'),
    resume: () => stream.resume(),
    hugeReason: undefined,
    format: 'json',
    dispose: () => Promise.resolve(),
  };
});

test('standard error that nobody reads any more is told, and does not end the process', async () => {
  const stream = new Collector();
  const receiver = new StderrReceiver({ stream: stream as unknown as NodeJS.WritableStream });
  stream.state = 'away';
  stream.emit('error', new Error('gone'));
  const [record] = plainRecords(1);
  if (record === undefined) throw new Error('no record');
  const batch = [{ sequence: 1, id: record.id, time: record.time, line: '{}', json: true, record }];
  await expect(receiver.send(batch, new AbortController().signal)).rejects.toMatchObject({ code: 'EPIPE' });
});

describe('a file', () => {
  let folder: string;
  let path: string;
  let bench: ShippingBench;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-copy-'));
    path = join(folder, 'audit.cef');
    bench = new ShippingBench();
  });
  afterEach(async () => {
    await bench.dispose();
    rmSync(folder, { recursive: true });
  });

  const lines = (name = 'audit.cef'): string[] => {
    const one = join(folder, name);
    return existsSync(one) ? readFileSync(one, 'utf8').split('\n').slice(0, -1) : [];
  };

  async function shipAll(count: number): Promise<void> {
    const shipper = await bench.ship(new FileReceiver({ path }), { format: 'cef' });
    await until(async () => (await shipper.status()).shipped === count);
    await shipper.stop();
  }

  test('is for its owner only, unless another mode is asked for', async () => {
    await bench.write(plainRecords(3));
    await shipAll(3);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lines().every((line) => line.startsWith('CEF:0|'))).toBe(true);
    const shared = join(folder, 'shared');
    await bench.ship(new FileReceiver({ path: shared, mode: 0o640 }), { name: 'two' });
    await until(() => existsSync(shared));
    expect(statSync(shared).mode & 0o777).toBe(0o640);
  });

  test('that is rotated away is made again, and no line is lost', async () => {
    await bench.write(plainRecords(100).slice(0, 40));
    const shipper = await bench.ship(new FileReceiver({ path }), { format: 'cef' });
    await until(async () => (await shipper.status()).shipped === 40);
    renameSync(path, `${path}.1`);
    await bench.write(plainRecords(100).slice(40));
    await until(async () => (await shipper.status()).shipped === 100);
    expect([lines('audit.cef.1').length, lines().length]).toEqual([40, 60]);
  });

  test('that is emptied in place goes on at its beginning', async () => {
    await bench.write(plainRecords(100).slice(0, 40));
    const shipper = await bench.ship(new FileReceiver({ path }), { format: 'cef' });
    await until(async () => (await shipper.status()).shipped === 40);
    truncateSync(path, 0);
    await bench.write(plainRecords(100).slice(40));
    await until(async () => (await shipper.status()).shipped === 100);
    expect(lines()).toHaveLength(60);
    expect(readFileSync(path)).not.toContain(0);
  });

  test('whose last line a crash tore keeps the next one whole', async () => {
    writeFileSync(path, 'CEF:0|Sally');
    await bench.write(plainRecords(2));
    await shipAll(2);
    expect(lines()).toHaveLength(3);
    expect(lines()[1]).toMatch(/^CEF:0\|Sallyport/);
  });

  describe('of several processes', () => {
    /** What a write does instead, once; it gets the one of the system. */
    type Write = (this: FileHandle, bytes: Buffer) => Promise<{ bytesWritten: number }>;
    async function insteadOfNextWrite(make: (write: Write) => Write): Promise<void> {
      const some = await open(folder, 'r');
      const handles = Object.getPrototypeOf(some) as { write: Write };
      await some.close();
      const real = handles.write;
      const next = make(real);
      const spy = vi.spyOn(handles, 'write');
      spy.mockImplementation(function (this: FileHandle, bytes: Buffer) {
        spy.mockRestore();
        return next.call(this, bytes);
      });
    }
    const batchOf = (...numbers: number[]): ShippedRecord[] =>
      numbers.map((sequence) => {
        const line = JSON.stringify({ number: sequence, filler: 'x'.repeat(100) });
        const record = plainRecords(1)[0] as AuditRecord;
        return { sequence, id: record.id, time: record.time, line, json: true, record };
      });
    const numbers = (): number[] =>
      lines().flatMap((line) => {
        try {
          return [(JSON.parse(line) as { number: number }).number];
        } catch {
          return [];
        }
      });
    const never = new AbortController().signal;
    let one: FileReceiver;
    let other: FileReceiver;
    beforeEach(() => {
      [one, other] = [new FileReceiver({ path }), new FileReceiver({ path })];
    });
    afterEach(() => Promise.all([one.close(), other.close()]));

    test('keeps what another one appended while a write failed', async () => {
      await one.send(batchOf(1), never);
      await insteadOfNextWrite(
        (write) =>
          async function (bytes) {
            await write.call(this, bytes.subarray(0, 50));
            await other.send(batchOf(7), never);
            throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          },
      );
      await expect(one.send(batchOf(2, 3), never)).rejects.toMatchObject({ code: 'ENOSPC' });
      await one.send(batchOf(2, 3), never);
      expect(numbers()).toEqual([1, 7, 2, 3]);
    });

    test('ends a line that a full disk cut short, and writes the batch again', async () => {
      await insteadOfNextWrite(
        (write) =>
          function (bytes) {
            return write.call(this, bytes.subarray(0, bytes.length - 30));
          },
      );
      await expect(one.send(batchOf(1, 2), never)).rejects.toMatchObject({ code: 'ENOSPC' });
      await other.send(batchOf(7), never);
      await one.send(batchOf(1, 2), never);
      expect(numbers()).toEqual([1, 7, 1, 2]);
    });

    test('does not count a record as accepted that came to stand in a torn line', async () => {
      await one.send(batchOf(1), never);
      await insteadOfNextWrite(
        (write) =>
          function (bytes) {
            appendFileSync(path, '{"torn":');
            return write.call(this, bytes);
          },
      );
      await expect(one.send(batchOf(2), never)).rejects.toMatchObject({ code: 'torn_line' });
      await one.send(batchOf(2), never);
      expect(numbers()).toEqual([1, 2]);
    });

    test('has every record of each of them, each in one line', async () => {
      const all = Array.from({ length: 60 }, (_, index) => index);
      const batches = all.map((index) => batchOf(...all.map((number) => index * 100 + number)));
      const send = async (receiver: FileReceiver, odd: number): Promise<void> => {
        for (const [index, batch] of batches.entries()) {
          if (index % 2 === odd) await receiver.send(batch, never);
        }
      };
      await Promise.all([send(one, 0), send(other, 1)]);
      const expected = batches.flatMap((batch) => batch.map(({ sequence }) => sequence));
      expect(numbers().toSorted((a, b) => a - b)).toEqual(expected);
    });
  });

  test('of somebody else is added to', async () => {
    writeFileSync(path, 'first\n');
    await bench.write(plainRecords(2));
    await shipAll(2);
    appendFileSync(path, 'last\n');
    expect(lines()).toHaveLength(4);
    expect(lines()[0]).toBe('first');
  });

  test.each([
    ['that is none', (at: string) => mkdirSync(at), 'not_a_file'],
    ['whose folder is gone', (_at: string) => rmSync(folder, { recursive: true }), 'ENOENT'],
  ])('%s loses nothing, and is told', async (_what, make, code) => {
    make(path);
    await bench.write(plainRecords(2));
    const shipper = await bench.ship(new FileReceiver({ path }));
    await until(() => bench.told('breaker_opened').length === 1);
    expect(await shipper.status()).toMatchObject({ lastError: code, shipped: 0 });
    rmSync(path, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await until(async () => (await shipper.status()).shipped === 2);
    expect(readdirSync(folder)).toEqual(['audit.cef']);
  });

  test.each([
    [{ path: '' }, /path/],
    [{ path: 'a', mode: 0o1777 }, /mode/],
  ])('options that cannot be used say what to write: %o', (options, message) => {
    expect(() => new FileReceiver(options)).toThrow(message);
  });
});
