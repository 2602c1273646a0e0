import { text } from 'node:stream/consumers';
import { RevealedSecrets } from '@sallyport/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { concealing, ended } from '../src/concealing.ts';

const SECRET = 'correct-hörse-battery';

async function through(
  pieces: readonly (Uint8Array | string)[],
  secrets: readonly string[] = [SECRET],
): Promise<string> {
  const revealed = new RevealedSecrets();
  for (const secret of secrets) revealed.add(secret);
  const stream = concealing(revealed);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return text(stream);
}

/** The bytes of a text, cut at the given places. */
function cut(whole: string, places: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(whole);
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

describe('what a server writes to standard error', () => {
  it('passes with every secret replaced, however it is cut into pieces', async () => {
    const whole = `starting with ${SECRET}\nplain line\nkey=${SECRET};${SECRET}`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async (places) => {
        expect(await through(cut(whole, places))).toBe(
          'starting with [secret]\nplain line\nkey=[secret];[secret]',
        );
      }),
    );
  });

  it('passes unchanged when there is none', async () => {
    const whole = 'first\r\nsecond 漢字\n\nno end';
    expect(await through(cut(whole, [3, 17, 18, 19]))).toBe(whole);
  });

  it('is not held for ever when there is no end of a line, and hides a secret on the seam', async () => {
    const whole = `${'x'.repeat(65_530)}${SECRET}${'y'.repeat(140_000)}${SECRET}`;
    const pieces = cut(
      whole,
      Array.from({ length: 60 }, (_, index) => index * 3571),
    );
    expect(await through(pieces)).toBe(`${'x'.repeat(65_530)}[secret]${'y'.repeat(140_000)}[secret]`);
  });

  it.each([
    ['a value longer than a line may be', [letters(70_000)], [`${letters(70_000)}\n`], '[secret]\n'],
    [
      'a long value in a longer line',
      [letters(60_000)],
      [`${'-'.repeat(60_000)}${letters(60_000)}${'='.repeat(30_000)}\n`],
      `${'-'.repeat(60_000)}[secret]${'='.repeat(30_000)}\n`,
    ],
    [
      'the longer of two values on a seam',
      ['password', 'password123456'],
      [`${'x'.repeat(65_600)}password`, '123456\n'],
      `${'x'.repeat(65_600)}[secret]\n`,
    ],
    ['short lines', ['ab12cd\nef34gh\nij56kl'], ['ab12cd\nef', '34gh\nij56kl\n'], '[secret]\n'],
    ['shorter lines', ['ab1\nef3\nij5'], ['so: ab1\n', 'ef', '3\nij5 so\n'], 'so: [secret] so\n'],
    [
      'lines with other ends',
      ['line-one-secret\r\nshort1'],
      ['line-one-secret\nshort1\n'],
      '[secret]\n[secret]\n',
    ],
    [
      'the last line of a key',
      ['-----BEGIN KEY-----\nMIIEowIBAAKCAQ\nAb3=\n-----END KEY-----\n'],
      ['-----BEGIN KEY-----\n', 'MIIEowIBAAKCAQ\nAb3=\n-----END', ' KEY-----\n'],
      '[secret]\n',
    ],
  ])('shows nothing of %s', async (_, secrets, pieces, shown) => {
    expect(await through(pieces, secrets)).toBe(shown);
    const whole = Buffer.from(pieces.join(''));
    const cuts = Array.from({ length: 20 }, (_, index) => 1 + ((index * 7919) % whole.length));
    expect(await through(cut(pieces.join(''), cuts), secrets)).toBe(shown);
  });

  it('never shows a value, whatever the values are and wherever it is cut', async () => {
    const value = fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '\n', 'é') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 4 }),
        fc.array(fc.oneof(fc.nat({ max: 3 }), fc.constantFrom('x', 'a', 'ab', '\n')), { maxLength: 12 }),
        fc.array(fc.nat()),
        async (secrets, parts, places) => {
          const whole = parts
            .map((part) => (typeof part === 'number' ? (secrets[part] ?? '') : part))
            .join('');
          const shown = await through(cut(whole, places), secrets);
          const revealed = new RevealedSecrets();
          for (const secret of secrets) revealed.add(secret);
          expect(shown).toBe(revealed.conceal(whole));
        },
      ),
    );
  });
});

describe('a line without an end', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function start(...secrets: readonly string[]): { write: (piece: string) => void; shown: () => string } {
    vi.useFakeTimers();
    const revealed = new RevealedSecrets();
    for (const secret of secrets) revealed.add(secret);
    const stream = concealing(revealed);
    return {
      write: (piece) => void stream.write(piece),
      shown: () => String(stream.read() ?? ''),
    };
  }

  it('passes after a while of silence, and not before', () => {
    const { write, shown } = start(SECRET);
    write('Password: ');
    vi.advanceTimersByTime(150);
    write('(again) ');
    vi.advanceTimersByTime(150);
    expect(shown()).toBe('');
    vi.advanceTimersByTime(100);
    expect(shown()).toBe('Password: (again) ');
    write('yes\n');
    expect(shown()).toBe('yes\n');
  });

  it('passes without what may be the beginning of a value, which waits for what comes next', () => {
    const { write, shown } = start(SECRET, 'horse');
    write('key=corr');
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe('key=');
    write(`${SECRET.slice(4)}, hor`);
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe('[secret], ');
    write('izon\ncorrect');
    expect(shown()).toBe('horizon\n');
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe('');
    write('ed\n');
    expect(shown()).toBe('corrected\n');
  });

  it('leaves no timer behind when the stream ends or is destroyed', () => {
    const revealed = new RevealedSecrets();
    revealed.add(SECRET);
    vi.useFakeTimers();
    const ending = concealing(revealed);
    ending.resume();
    ending.write('Password: ');
    ending.end();
    const destroyed = concealing(revealed);
    destroyed.write('Password: ');
    expect(vi.getTimerCount()).toBe(1);
    destroyed.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('ended', () => {
  it('waits until the last line has passed, although it has no end', async () => {
    const revealed = new RevealedSecrets();
    revealed.add(SECRET);
    const stream = concealing(revealed);
    let shown = '';
    stream.on('data', (piece: Buffer) => (shown += piece.toString()));
    stream.write(`fatal: ${SECRET}`);
    await ended(stream);
    expect(shown).toBe('fatal: [secret]');
    await ended(stream);
  });

  it('does not wait for ever when nobody reads, nor fails when the stream was destroyed', async () => {
    vi.useFakeTimers();
    const unread = concealing(new RevealedSecrets());
    unread.write('unread');
    let isOver = false;
    const over = ended(unread, 500).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(400);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    await over;
    vi.useRealTimers();
    const destroyed = concealing(new RevealedSecrets());
    destroyed.on('error', () => undefined);
    destroyed.destroy(new Error('gone'));
    await ended(destroyed);
  });
});

function letters(length: number): string {
  let state = 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36).slice(0, 5);
  }
  return text.slice(0, length);
}
