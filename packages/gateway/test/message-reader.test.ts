import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeperThan } from '../src/is-deeper-than.ts';
import { MessageReader, type Unreadable } from '../src/message-reader.ts';

function read(bytes: Buffer, step: number): { values: unknown[]; unreadable: Unreadable[] } {
  const found = { values: [] as unknown[], unreadable: [] as Unreadable[] };
  const reader = new MessageReader(
    {
      message: (value) => void found.values.push(value),
      unreadable: (what) => void found.unreadable.push(what),
    },
    { maxMessageBytes: 100_000, maxDepth: 50 },
  );
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
  reader.end();
  return found;
}

describe('MessageReader', () => {
  it('reads what JSON.stringify wrote, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 50 }), (values, step) => {
        const text = values.map((value) => `${JSON.stringify(value)}\r\n`).join('');
        const copies = values.map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        expect(read(Buffer.from(text), step)).toEqual({ values: copies, unreadable: [] });
      }),
    );
  });

  it('does not pass on numbers that would be written as something else than was decided on', () => {
    for (const number of ['1e999', '-1e999', '1E+400', '1'.repeat(400)]) {
      const { values, unreadable } = read(Buffer.from(`{"a":[{"v":${number}}]}\n{"v":1e300}\n`), 7);
      expect(unreadable).toEqual([{ why: 'invalid_json' }]);
      expect(values).toEqual([{ v: 1e300 }]);
    }
  });

  it('makes of any bytes values or reports, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (bytes, step) => {
        const lines = Buffer.from(bytes).toString('latin1').split('\n').length;
        const { values, unreadable } = read(Buffer.from(bytes), step);
        expect(values.length + unreadable.length).toBeLessThanOrEqual(lines);
      }),
    );
  });

  it('passes a replacement character that was really sent, and reports one that decoding would make', () => {
    expect(read(Buffer.from('"\uFFFD"\n'), 2).values).toEqual(['\uFFFD']);
    expect(read(Buffer.from([0x22, 0xff, 0x22, 0x0a]), 2)).toEqual({
      values: [],
      unreadable: [{ why: 'invalid_utf8' }],
    });
  });

  it('reports what is nested too deeply with its id, whatever nests it', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (levels: number): string => `${open.repeat(levels)}0${close.repeat(levels)}`;
      const line = (levels: number): Buffer => Buffer.from(`{"id":7,"params":${nested(levels)}}\n`);
      expect(read(line(49), 64)).toMatchObject({ values: [{ id: 7 }], unreadable: [] });
      expect(read(line(50), 64).unreadable).toEqual([{ why: 'too_deep', id: 7, hasMethod: false }]);
    }
  });
});

describe('isDeeperThan', () => {
  it('counts arrays and objects, and nothing else', () => {
    expect(isDeeperThan('[[[', 0)).toBe(false);
    expect(isDeeperThan(null, 0)).toBe(false);
    expect(isDeeperThan([], 0)).toBe(true);
    expect(isDeeperThan([null, { a: [1] }], 3)).toBe(false);
    expect(isDeeperThan([null, { a: [1] }], 2)).toBe(true);
  });
});
