import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageOutline } from '../src/message-outline.ts';

function outline(text: string, step: number): MessageOutline {
  const bytes = Buffer.from(text);
  const found = new MessageOutline();
  for (let at = 0; at < bytes.length; at += step) found.scan(bytes, at, Math.min(at + step, bytes.length));
  return found;
}

const key = fc.oneof(fc.constantFrom('id', 'method', 'params', '__proto__', '"id"', 'i\\d'), fc.string());
const id = fc.oneof(
  fc.integer(),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const message = fc
  .array(fc.tuple(key, fc.oneof(id, fc.jsonValue({ maxDepth: 4 }))))
  .map(
    (members) =>
      `{${members.map(([name, value]) => `${JSON.stringify(name)} :\t${JSON.stringify(value)}`).join(' ,')}}`,
  );

describe('MessageOutline', () => {
  it('finds the id and the method that JSON.parse finds, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 40 }), (text, step) => {
        const parsed = JSON.parse(text) as { id?: unknown; method?: unknown };
        const usable = typeof parsed.id === 'string' || Number.isSafeInteger(parsed.id);
        const found = outline(text, step);
        expect(found.id).toBe(usable ? parsed.id : undefined);
        expect(found.hasMethod).toBe(Object.hasOwn(parsed, 'method'));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not led astray by an id within the params, a string, or an escaped key', () => {
    const text =
      '{"params":{"id":1,"x":["id",{"id":2}]},"s":"\\"id\\":3,\\\\","\\u0069d":"right","z":{"id":4}}';
    expect(outline(text, 3)).toMatchObject({ id: 'right', hasMethod: false });
  });

  it('knows nothing of an array, an endless id, or what is no JSON, and never throws', () => {
    expect(outline('[{"id":1,"method":"x"}]', 5)).toMatchObject({ id: undefined, hasMethod: false });
    expect(outline(`{"id":"${'x'.repeat(10_000)}"}`, 100).id).toBeUndefined();
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'id', '1') }),
        (text) => {
          expect(() => outline(text, 2)).not.toThrow();
        },
      ),
    );
  });
});
