import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Addition, createCollector, lineInFile } from '../../src/git/additions.ts';
import { createPatchParser } from '../../src/git/patch-parser.ts';
import { unquotePath } from '../../src/git/quoted-path.ts';

interface Hunk {
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}
interface FileChange {
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

const ID = '0123456789abcdef0123456789abcdef01234567';
const DATE = '2026-01-02T03:04:05+00:00';

/** What `git log` writes for one commit. */
function written(author: string, files: readonly FileChange[]): string {
  const changes = files.map(({ path, hunks }) => {
    const head = `diff --git a/${path} b/${path}\nindex ${ID}..${ID} 100644\n--- a/${path}\n+++ b/${path}${path.includes(' ') ? '\t' : ''}\n`;
    return (
      head +
      hunks
        .map(
          ({ line, removed, added }) =>
            `@@ -${line},${removed.length} +${line},${added.length} @@ function f() {\n` +
            removed.map((text) => `-${text}\n`).join('') +
            added.map((text) => `+${text}\n`).join(''),
        )
        .join('')
    );
  });
  return `\0${ID}\0${DATE}\0${author}\n\n${changes.join('')}`;
}

function parse(log: Buffer, cuts: readonly number[]) {
  const additions: Addition[] = [];
  const cut: string[] = [];
  const collector = createCollector(
    1 << 24,
    (batch) => additions.push(...batch.additions),
    (path) => cut.push(path.toString()),
  );
  const parser = createPatchParser(collector);
  let at = 0;
  for (const size of cuts) {
    parser.push(log.subarray(at, at + size));
    at += size;
  }
  parser.push(log.subarray(at));
  parser.end();
  collector.flush();
  return { additions, binaries: collector.binaries, commits: parser.commits };
}

/** Lines that look like what is around them, and others. */
const line = fc.oneof(
  fc.constantFrom(
    '',
    '+',
    '-',
    '--- a/x',
    '++ b/x',
    'diff --git a/x b/x',
    '@@ -1 +1 @@',
    '\\ No newline',
    ' x',
    '\0commit',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\n]/g, '')),
);
const hunk = fc.record({
  line: fc.integer({ min: 1, max: 5_000 }),
  removed: fc.array(line, { maxLength: 3 }),
  added: fc.array(line, { minLength: 1, maxLength: 4 }),
});
const change = fc.record({
  path: fc.constantFrom('a.txt', 'with space.md', 'deep/folder/x.ts', 'b/ b/x'),
  hunks: fc.array(hunk, { minLength: 1, maxLength: 4 }),
});
const log = fc.array(fc.tuple(fc.constantFrom('Ann', 'A <x> +'), fc.array(change, { maxLength: 3 })), {
  maxLength: 4,
});

describe('the log of git', () => {
  test('is read whatever is in its lines and wherever its output is cut', () => {
    fc.assert(
      fc.property(log, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }), (commits, cuts) => {
        const bytes = Buffer.from(commits.map(([author, files]) => written(author, files)).join('\n'));
        const { additions, commits: count } = parse(bytes, cuts);
        const wanted = commits.flatMap(([author, files]) =>
          files.map(({ path, hunks }) => [
            path,
            author,
            hunks.map(({ added }) => added.map((text) => `${text}\n`).join('')).join('\n\n'),
          ]),
        );
        expect(count).toBe(commits.length);
        expect(
          additions.map(({ path, commit, bytes }) => [
            path.toString(),
            commit.author,
            Buffer.from(bytes).toString(),
          ]),
        ).toEqual(wanted);
        const lines = commits.flatMap(([, files]) =>
          files.map(({ hunks }) => hunks.flatMap(({ line, added }) => added.map((_, at) => line + at))),
        );
        expect(additions.map(linesOf)).toEqual(lines);
      }),
      { numRuns: 300 },
    );
  });

  test('of a merge tells what is in no parent, and in which line', () => {
    const merge = [
      `\0${ID}\0${DATE}\0Ann\n`,
      'diff --combined merged.txt',
      `index ${ID},${ID}..${ID}`,
      '--- a/merged.txt',
      '+++ b/merged.txt',
      '@@@ -3,2 -3,2 +3,4 @@@',
      '- gone',
      ' -gone too',
      '+ of the second parent',
      ' +of the first parent',
      '++of none',
      '++of none either',
    ].join('\n');
    const { additions } = parse(Buffer.from(`${merge}\n`), []);
    expect(additions.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      'of none\nof none either\n',
    ]);
    expect(additions.map(linesOf)).toEqual([[5, 6]]);
  });

  test('names the object of a file that it takes for binary', () => {
    const text = `\0${ID}\0${DATE}\0Ann\n\ndiff --git a/a b.bin b/a b.bin\nnew file mode 100644\nindex ${'0'.repeat(40)}..${ID}\nBinary files /dev/null and b/a b.bin differ\n`;
    const { binaries, additions } = parse(Buffer.from(text), [7, 30]);
    expect(additions).toEqual([]);
    expect(binaries).toMatchObject([{ blob: ID }]);
    expect(binaries[0]?.path.toString()).toBe('a b.bin');
  });

  test('that goes on for megabytes in one line is no more work for it', () => {
    const long = 'x'.repeat(3_000_000);
    const text = written('Ann', [{ path: 'a', hunks: [{ line: 1, removed: [long], added: [long, 'y'] }] }]);
    const { additions } = parse(
      Buffer.from(text),
      Array.from({ length: 90 }, () => 65_536),
    );
    expect(additions.map(({ bytes }) => bytes.length)).toEqual([3_000_003]);
  });
});

/** The line of the file for each line of the text of an addition; of the empty lines between hunks none. */
function linesOf(addition: Addition): readonly number[] {
  const text = Buffer.from(addition.bytes).toString();
  const count = text.split('\n').length - 1;
  const starts = addition.hunks.map(([inText]) => inText);
  return Array.from({ length: count }, (_, at) => at + 1)
    .filter((line) => !starts.includes(line + 1) || line + 1 === starts[0])
    .filter((line) => !starts.includes(line + 2) || line + 2 === starts[0])
    .map((line) => lineInFile(addition, line));
}

describe('a path of git', () => {
  test('in quotes is its bytes', () => {
    expect(unquotePath(Buffer.from('plain'))).toEqual(Buffer.from('plain'));
    expect(unquotePath(Buffer.from('"a\\tb\\n\\"\\\\"'))).toEqual(Buffer.from('a\tb\n"\\'));
    expect(unquotePath(Buffer.from('"\\303\\244\\377"'))).toEqual(Buffer.from([0xc3, 0xa4, 0xff]));
  });
});
