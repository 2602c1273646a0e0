import { createDetector, SECRET_ENTITIES } from '@sallyport/detection';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteScanner } from '../../src/engine/byte-scanner.ts';
import { createChunkScanner } from '../../src/engine/chunk-scanner.ts';
import { ALL_SAMPLES, sampleCounterTexts } from '../support/samples.ts';

const detector = createDetector({ entities: SECRET_ENTITIES });
const scanner = createByteScanner(createChunkScanner(detector));

/** What the detector finds in a whole text, by the place in it. */
function whole(text: string): readonly string[] {
  return detector.scan(text).map(({ start, end, rule }) => {
    const before = text.slice(0, start);
    const line = before.split('\n').length;
    return `${rule} ${line}:${start - before.lastIndexOf('\n')} ${text.slice(start, end)}`;
  });
}

function found(bytes: Buffer): readonly string[] {
  return scanner
    .scanAll(bytes)
    .hits.filter(({ encoded }) => encoded === undefined)
    .map(({ rule, line, column, secret }) => `${rule} ${line}:${column} ${secret}`);
}

const FILLERS = [
  'const value = 1;\n',
  'x',
  'the key of a session is ',
  'größe = 7;\n',
  '“quoted” — text\n',
  'naïve\u200b\u00a0\n',
  '日本語のテキスト',
  '😀\n',
  '\n',
  '\t\t\t\t',
  'ｆｕｌｌ ',
];
const filler = fc
  .tuple(fc.constantFrom(...FILLERS), fc.nat({ max: 4_000 }))
  .map(([unit, count]) => unit.repeat(count));
const sample = fc.constantFrom(...ALL_SAMPLES).map(({ text }) => `\n${text}\n`);
const text = fc
  .array(fc.oneof(filler, filler, sample), { minLength: 1, maxLength: 9 })
  .map((parts) => parts.join(''));

describe('a text that is scanned in segments', () => {
  test('has the findings of the detector on the whole of it, at the same places', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(found(Buffer.from(given))).toEqual(whole(given));
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test('has them in UTF-16, with the low byte first and last, with and without a mark', () => {
    fc.assert(
      fc.property(sample, fc.nat(500), fc.boolean(), fc.boolean(), (secret, count, swapped, mark) => {
        const given = `${'plain text, many lines\n'.repeat(count + 1)}${secret}\nand more\n`;
        const bytes = Buffer.from((mark ? '\ufeff' : '') + given, 'utf16le');
        if (swapped) bytes.swap16();
        expect(found(bytes)).toEqual(whole(given));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  test('loses no credential at the edge between ASCII and other characters', () => {
    const secret = ALL_SAMPLES.find(({ rule }) => rule === 'github-pat')?.text ?? '';
    for (const block of [8_192, 16_384, 24_576, 65_536]) {
      for (let shift = -90; shift <= 10; shift += 1) {
        const before = 'a '.repeat(block).slice(0, block + shift - 1);
        for (const given of [
          `${before} ${secret} ${'b '.repeat(40_000)}é`,
          `é${before.slice(2)} ${secret} ${'b '.repeat(40_000)}`,
        ])
          expect(found(Buffer.from(given)), `${block} ${shift}`).toEqual(whole(given));
      }
    }
  }, 60_000);

  test('has no finding in the counterexamples of any rule that the detector has not', () => {
    const given = sampleCounterTexts().join('\n\n');
    expect(found(Buffer.from(given))).toEqual(whole(given));
  });

  test('keeps the place of a credential after bytes that are no UTF-8', () => {
    const { text: secret } = ALL_SAMPLES.find(
      ({ rule }) => rule === 'github-pat',
    ) as (typeof ALL_SAMPLES)[number];
    const bytes = Buffer.concat([
      Buffer.from('one\n'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 10, 0x80]),
      Buffer.from(secret),
    ]);
    const [hit] = scanner.scanAll(bytes).hits;
    expect(hit).toMatchObject({ rule: 'github-pat', line: 3 });
    expect(bytes.subarray(hit?.byteOffset).toString('latin1')).toBe(hit?.secret);
  });

  test('knows a key of many lines as a whole, wherever it begins in a long text', () => {
    const line = 'QUJD'.repeat(16);
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${`${line}\n`.repeat(90)}-----END RSA PRIVATE KEY-----`;
    for (const before of [0, 61_000, 64_900, 65_300, 131_000]) {
      const given = `${'a\n'.repeat(before / 2)}${key}\n`;
      const hits = scanner.scanAll(Buffer.from(given)).hits;
      expect(
        hits.map(({ secret }) => secret === key),
        String(before),
      ).toEqual([true]);
      expect(hits[0]).toMatchObject({
        line: before / 2 + 1,
        column: 1,
        endLine: before / 2 + 92,
        endColumn: 30,
      });
    }
  });

  test('tells the line, the one before it, and every credential in it', () => {
    const [one, two] = ['github-pat', 'npm-token'].map(
      (id) => ALL_SAMPLES.find(({ rule }) => rule === id)?.secret ?? '',
    );
    const [first, second] = scanner.scanAll(Buffer.from(`// note\r\na=${one} b=${two}\r\n`)).hits;
    expect(first).toMatchObject({
      lineText: `a=${one} b=${two}`,
      lineBefore: '// note',
      start: 2,
      end: 2 + (one?.length ?? 0),
    });
    expect([first?.excerpt, second?.excerpt]).toEqual(['a=•••••• b=••••••', 'a=•••••• b=••••••']);
  });
});

describe('a long file', () => {
  /** Gives a text in parts of odd sizes. */
  const sourceOf = (bytes: Buffer) => {
    let at = 0;
    return {
      read: (into: Buffer, from: number): number => {
        const read = bytes.copy(into, from, at, at + 100_003);
        at += read;
        return read;
      },
    };
  };

  test('is read in windows, and nothing at their edges is lost or found twice', () => {
    const secret = ALL_SAMPLES.find(({ rule }) => rule === 'github-pat')?.text ?? '';
    const edge = 8 << 20;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const size = encoding === 'utf8' ? 1 : 2;
      const places = [-70, -45, -20, -1, 0, 3, 8_000].map((shift) => edge / size + shift * 100);
      let given = encoding === 'utf8' ? '' : '\ufeff';
      const wanted: string[] = [];
      for (const place of places) {
        given += 'ab cd ef\n'.repeat((place - given.length) / 9);
        wanted.push(`github-pat ${given.split('\n').length}:${secret.indexOf('gh') + 1}`);
        given += `${secret}\n`;
      }
      given += 'ab cd ef\n'.repeat(400_000);
      const { hits, bytes } = scanner.scanFrom(sourceOf(Buffer.from(given, encoding)));
      expect(bytes).toBe(given.length * size);
      expect(hits.map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toEqual(wanted);
    }
  }, 60_000);

  test('of one line has its columns', () => {
    const secret = ALL_SAMPLES.find(({ rule }) => rule === 'github-pat')?.text ?? '';
    const given = Buffer.from(`${'é1 '.repeat(5_000_000)}${secret}${' x'.repeat(4_000_000)}`);
    const { hits } = scanner.scanFrom(sourceOf(given));
    expect(hits.map(({ line, column, byteOffset }) => [line, column, byteOffset])).toEqual([
      [1, 15_000_000 + secret.indexOf('gh') + 1, 20_000_000 + secret.indexOf('gh')],
    ]);
    expect(hits[0]?.lineText.length).toBeLessThanOrEqual(2_048);
  }, 60_000);
});

describe('a hundred thousand credentials in a file', () => {
  const secret = ALL_SAMPLES.find(({ rule }) => rule === 'github-pat')?.secret ?? '';
  const COUNT = 100_000;
  /** Finds each of them, and counts how often it is asked; a scan that looks at all for each would not end. */
  const finder = {
    entities: detector.entities,
    scan: (text: string) => {
      const found = [];
      for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1))
        found.push({
          start: at,
          end: at + secret.length,
          rule: 'github-pat',
          entity: 'ACCESS_TOKEN',
          score: 1,
        } as const);
      return found;
    },
  };
  const many = createByteScanner(createChunkScanner(finder));

  test.each([
    ['one in each line', `${secret}\n`],
    ['all in one line', `${secret} `],
    ['among other characters', `é${secret}\n`],
    ['all in one line, after bytes that are no UTF-8', `${secret}\ufffd`],
  ])(
    'are told with their places, %s',
    (_name, unit) => {
      const bytes = Buffer.from(unit.repeat(COUNT));
      const text = unit.includes('\ufffd')
        ? Buffer.from(bytes.toString('latin1').replaceAll('ï¿½', 'ÿ'), 'latin1')
        : bytes;
      const { hits } = many.scanAll(text);
      expect(hits.length).toBe(COUNT);
      const wrong = hits.filter(
        ({ byteOffset = 0, excerpt }) =>
          text.toString('latin1', byteOffset, byteOffset + secret.length) !== secret ||
          excerpt.includes(secret.slice(4, 12)),
      );
      expect(wrong.length).toBe(0);
      expect(new Set(hits.map(({ byteOffset }) => byteOffset)).size).toBe(COUNT);
    },
    60_000,
  );
});
