import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MessageWriter } from '../src/message-writer.ts';

/** A stream that takes each piece only when told. */
class Slow extends Writable {
  readonly pieces: string[] = [];
  #taken: (() => void) | undefined;

  constructor() {
    super({ decodeStrings: false, highWaterMark: 10 });
  }

  override _write(chunk: string | Buffer, _: string, taken: () => void): void {
    this.pieces.push(chunk.toString());
    this.#taken = taken;
  }

  take(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function rig(highWaterMark = 50): { stream: Slow; writer: MessageWriter; told: string[] } {
  const stream = new Slow();
  const told: string[] = [];
  const writer = new MessageWriter(stream, {
    highWaterMark,
    onFull: () => void told.push('full'),
    onDrain: () => void told.push('drain'),
    onBroken: () => void told.push('broken'),
  });
  return { stream, writer, told };
}

describe('MessageWriter', () => {
  it('hands the lines of one tick over in one piece, in order', async () => {
    const { stream, writer } = rig();
    writer.write('a');
    writer.write('b');
    await Promise.resolve().then(() => writer.write('c'));
    await tick();
    stream.take();
    expect(stream.pieces.join('')).toBe('a\nb\nc\n');
    expect(stream.pieces.length).toBeLessThanOrEqual(2);
  });

  it('says once that it is full, and once that there is room again', async () => {
    const { stream, writer, told } = rig();
    for (let line = 0; line < 10; line += 1) {
      writer.write('x'.repeat(20));
      await tick();
    }
    expect(told).toEqual(['full']);
    while (stream.writableLength > 0) {
      stream.take();
      await tick();
    }
    expect(told).toEqual(['full', 'drain']);
  });

  it('says once that the stream is broken, and drops what is written after that', async () => {
    const { stream, writer, told } = rig();
    stream.destroy(new Error('gone'));
    await tick();
    writer.write('a');
    await tick();
    expect(told).toEqual(['broken']);
    expect(stream.pieces).toEqual([]);
    await new Promise<void>((resolve) => writer.whenFlushed(resolve));
  });

  it('ends the stream after what was written', async () => {
    const { stream, writer } = rig();
    writer.write('a');
    writer.end();
    writer.write('late');
    await tick();
    stream.take();
    await tick();
    expect(stream.pieces).toEqual(['a\n']);
    expect(stream.writableFinished).toBe(true);
  });
});
