import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../src/audit-record.ts';
import { StderrSink } from '../src/stderr-sink.ts';

/** Takes lines only while somebody reads. */
class Reader extends Writable {
  text = '';
  #isReading = true;
  #taken: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const take = (): void => {
      this.text += chunk.toString();
      done();
    };
    if (this.#isReading) take();
    else this.#taken = take;
  }

  stop(): void {
    this.#isReading = false;
  }

  read(): void {
    this.#isReading = true;
    this.#taken?.();
  }
}

const DURABLE = { durable: true };
const SOON = { durable: false };

let stream: Reader;
beforeEach(() => {
  vi.useFakeTimers();
  stream = new Reader();
});
afterEach(() => {
  vi.useRealTimers();
});

const recordOf = (id: string): AuditRecord => ({ id }) as AuditRecord;
const ids = (): unknown[] =>
  stream.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: unknown }).id);

describe('records on standard error', () => {
  it('are lines of JSON, in order', async () => {
    const sink = new StderrSink({ stream });
    await sink.append(recordOf('a'), DURABLE);
    await sink.append(recordOf('b'), SOON);
    await sink.close();
    expect(ids()).toEqual(['a', 'b']);
    expect(sink.broken).toBeUndefined();
  });

  it('are refused when nobody has read them in time, and from then on at once', async () => {
    const sink = new StderrSink({ stream, patience: 300 });
    stream.stop();
    const first = sink.append(recordOf('a'), DURABLE);
    const refused = expect(first).rejects.toThrow('a record has waited for 300 ms');
    await vi.advanceTimersByTimeAsync(299);
    expect(sink.broken).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    expect(sink.broken?.message).toContain('Standard error is not read');
    // No time passes here.
    await expect(sink.append(recordOf('b'), DURABLE)).rejects.toThrow('not read');
    await sink.close();
  });

  it('are taken again when somebody reads, with those that nobody waited for', async () => {
    const sink = new StderrSink({ stream, patience: 300 });
    stream.stop();
    const refused = expect(sink.append(recordOf('a'), DURABLE)).rejects.toThrow('not read');
    await vi.advanceTimersByTimeAsync(300);
    await refused;
    const outcome = sink.append(recordOf('outcome of a'), SOON);
    stream.read();
    await outcome;
    expect(sink.broken).toBeUndefined();
    await sink.append(recordOf('b'), DURABLE);
    expect(ids()).toEqual(['a', 'outcome of a', 'b']);
  });

  it('take a bounded part of the memory while nobody reads', async () => {
    const sink = new StderrSink({ stream });
    stream.stop();
    let refused = 0;
    for (let count = 0; count < 300; count += 1)
      void sink.append(recordOf('x'.repeat(10_000)), SOON).catch(() => (refused += 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(stream.writableLength).toBeLessThanOrEqual(1_048_576);
    expect(refused).toBeGreaterThan(190);
    expect(sink.broken?.message).toContain('no more records may wait');
  });

  it('are refused while they cannot be written, and each is tried', async () => {
    const failure = new Error('ENOSPC');
    let isFull = true;
    const sink = new StderrSink({
      stream: {
        on: () => stream,
        write: (_text: unknown, done?: unknown) => {
          (done as (error?: Error) => void)(isFull ? failure : undefined);
          return true;
        },
      },
    });
    await expect(sink.append(recordOf('a'), DURABLE)).rejects.toThrow('cannot be written');
    expect(sink.broken?.cause).toBe(failure);
    isFull = false;
    await sink.append(recordOf('b'), DURABLE);
    expect(sink.broken).toBeUndefined();
  });

  it('do not hold up the end for ever', async () => {
    const sink = new StderrSink({ stream });
    stream.stop();
    void sink.append(recordOf('a'), SOON);
    const closed = sink.close();
    await vi.advanceTimersByTimeAsync(1000);
    await expect(closed).resolves.toBeUndefined();
  });

  it.each([0, -1, Number.NaN, 2 ** 31])('do not wait %s ms', (patience) => {
    expect(() => new StderrSink({ stream, patience })).toThrow(TypeError);
  });
});
