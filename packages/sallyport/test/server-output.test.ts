import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LineTarget } from '../src/operational-log/log-stream.ts';
import { ServerOutput } from '../src/operational-log/server-output.ts';

/** Stands for standard error, with a reader that can stop. */
class Target implements LineTarget {
  taken = '';
  writableLength = 0;
  #isReading = true;
  #waiting: [text: string, done: (() => void) | undefined][] = [];

  on(): this {
    return this;
  }

  write(text: string | Uint8Array, done?: () => void): boolean {
    const all = Buffer.from(text as Uint8Array).toString('latin1');
    this.writableLength += all.length;
    this.#waiting.push([all, done]);
    if (this.#isReading) this.read();
    return true;
  }

  stop(): void {
    this.#isReading = false;
  }

  read(): void {
    this.#isReading = true;
    for (const [text, done] of this.#waiting.splice(0)) {
      this.taken += text;
      this.writableLength -= text.length;
      done?.();
    }
  }
}

let target: Target;
let output: ServerOutput;
beforeEach(() => {
  vi.useFakeTimers();
  target = new Target();
  output = new ServerOutput({
    target,
    onDropped: (count) => target.write(`${count} dropped\n`),
    patience: 1000,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const ended = async (): Promise<void> => {
  const finished = new Promise<void>((resolve) => output.once('finish', resolve));
  output.end();
  await vi.advanceTimersByTimeAsync(10_000);
  await finished;
};

describe('what a server writes to standard error', () => {
  it('is passed on byte for byte, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async (chunks) => {
        const to = new Target();
        const stream = new ServerOutput({ target: to, onDropped: () => to.write('dropped') });
        for (const chunk of chunks) stream.write(chunk);
        await new Promise<void>((resolve) => stream.end(resolve));
        expect(to.taken).toBe(Buffer.concat(chunks).toString('latin1'));
      }),
    );
  });

  it('waits for a reader that takes its time, and nothing is lost', async () => {
    target.stop();
    const line = `${'x'.repeat(99_999)}\n`;
    for (let count = 0; count < 20; count += 1) output.write(line);
    expect(target.writableLength).toBeLessThan(700_000);
    for (let count = 0; count < 20; count += 1) {
      await vi.advanceTimersByTimeAsync(500);
      target.read();
      target.stop();
    }
    target.read();
    await ended();
    expect(target.taken).toBe(line.repeat(20));
  });

  it('is dropped in whole lines when nobody reads, counted, and goes on in order with the next reader', async () => {
    target.stop();
    const lines = Array.from({ length: 3000 }, (_, n) => `line ${n} ${'x'.repeat(1000)}\n`);
    // The last one is still being written.
    const all = Buffer.from(lines.join('').trimEnd());
    for (let from = 0; from < all.length; from += 65_536) output.write(all.subarray(from, from + 65_536));
    await vi.advanceTimersByTimeAsync(1000);
    // The server has got rid of everything.
    expect(output.writableLength).toBe(0);
    expect(target.writableLength).toBeLessThan(700_000);
    target.read();
    output.write('end of the last\nnext\n');
    await ended();
    const said = target.taken.split('\n').filter((line) => line !== '');
    const dropped = Number(said.at(-2)?.replace(' dropped', ''));
    const whole = said.filter((line) => lines.includes(`${line}\n`));
    expect(whole).toEqual(lines.slice(0, whole.length).map((line) => line.trimEnd()));
    expect(whole.length + dropped).toBe(3000);
    expect(said.at(-1)).toBe('next');
  });

  it('says at the end how much was dropped', async () => {
    target.stop();
    for (let count = 0; count < 20; count += 1) output.write(`${'x'.repeat(99_999)}\n`);
    output.write('no end');
    await ended();
    target.read();
    expect(target.taken).toMatch(/x\n\d+ dropped\n$/);
  });
});
