import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RuleFiles, readRuleExamples, readRuleFiles } from '@sallyport/policy';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const RULE = `title: A tool was called
id: 5a1f6b0e-3d0c-4a52-9a2e-1d5f0c7b8a90
logsource: { product: sallyport, service: audit }
detection:
  selection:
    tarqet: x
  condition: selection
`;

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
});
afterEach(() => folder.dispose());

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder.directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const read = (...names: string[]): Promise<RuleFiles> =>
  readRuleFiles(names.map((name) => join(folder.directory, name)));

async function toldOf(content: string | Uint8Array): Promise<string[]> {
  write('a.yaml', content);
  const { problems } = await read('a.yaml');
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('files of rules', () => {
  test('are those of a folder at any depth, by name, and no examples', async () => {
    const beside = ['.#a.yaml', '..2026_01_31/a.yaml', 'deep/.git/d.yaml'];
    const others = ['a.test.yaml', 'notes.md', 'b.TEST.yml'];
    for (const name of ['b.yml', 'a.yaml', 'deep/er/c.yaml', ...others, ...beside])
      write(`rules/${name}`, RULE);
    const { files, problems } = await read('rules');
    expect(files.map((file) => file.slice(folder.directory.length))).toEqual([
      '/rules/a.yaml',
      '/rules/b.yml',
      '/rules/deep/er/c.yaml',
    ]);
    expect(problems).toEqual([]);
  });

  test('are read once, however often they are named', async () => {
    write('rules/a.yaml', RULE);
    const { documents } = await read('rules', 'rules/a.yaml', 'rules/../rules');
    expect(documents).toHaveLength(1);
  });

  test('that are not there, or are none, are told with what to write', async () => {
    mkdirSync(join(folder.directory, 'empty'));
    symlinkSync('/dev/zero', join(folder.directory, 'endless.yaml'));
    execFileSync('mkfifo', [join(folder.directory, 'pipe.yaml')]);
    write('large.yaml', `# ${'x'.repeat(1024 * 1024)}`);
    const names = ['none.yaml', 'empty', 'endless.yaml', 'pipe.yaml', 'large.yaml'];
    const { problems, unread, files } = await read(...names);
    expect(files).toEqual([]);
    expect(unread).toHaveLength(5);
    expect(problems.map(({ message }) => message)).toEqual([
      'is not there; write the path of a file or a folder with rules',
      'has no *.yaml with rules in it; name another folder, or a file',
      'is no regular file; name a file with rules',
      'is no regular file; name a file with rules',
      'has more than 1 MiB; write its rules into several files',
    ]);
  });

  test('that are links to folders are told by that name, and nothing behind them is read', async () => {
    write('rules/a.yaml', RULE);
    symlinkSync('.', join(folder.directory, 'rules', 'loop.yaml'));
    const { problems, documents } = await read('rules');
    expect(documents).toHaveLength(1);
    expect(problems).toMatchObject([
      {
        file: join(folder.directory, 'rules/loop.yaml'),
        message: expect.stringMatching(/^is a link to a folder/),
      },
    ]);
  });

  test('are read up to 4 MiB together, and it is said where that ends', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      write(`rules/${name}.yaml`, '');
      truncateSync(join(folder.directory, `rules/${name}.yaml`), 1024 * 1024);
    }
    const { files, unread, problems } = await read('rules');
    expect(files).toHaveLength(4);
    expect(unread).toEqual([join(folder.directory, 'rules/e.yaml')]);
    expect(problems.at(-1)?.message).toMatch(/^is too much: all rules together have more than 4 MiB/);
  });

  test('keep what can be used when something in them cannot', async () => {
    write('a.yaml', `${RULE}---\na: [\n---\n${RULE}`);
    const { documents, problems } = await read('a.yaml');
    expect(documents).toHaveLength(2);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ line = 0 }) => line >= 9 && line <= 10)).toBe(true);
  });
});

describe('the place of a problem', () => {
  test('is the key of a member, and an entry of a list, in the file of many documents', async () => {
    write(
      'a.yaml',
      `# about\n%YAML 1.2\n---\n${RULE}...\n# between\n---\n${RULE}tags:\n  - one\n  - two\n---\n`,
    );
    const { documents } = await read('a.yaml');
    expect(documents.map(({ place }) => place?.(['detection', 'selection', 'tarqet']))).toEqual([
      { line: 9, column: 5 },
      { line: 19, column: 5 },
    ]);
    expect(documents[1]?.place?.(['tags', 1])).toEqual({ line: 23, column: 5 });
    expect(documents[1]?.place?.([])).toEqual({ line: 14, column: 1 });
  });

  test('is that of what encloses it, where it leads nowhere', async () => {
    write('a.yaml', RULE);
    const [document] = (await read('a.yaml')).documents;
    expect(document?.place?.(['detection', 'none', 3])).toEqual({ line: 5, column: 3 });
  });
});

describe('YAML that would keep its reader busy', () => {
  test.each([
    [
      'keys',
      `title: x\n${lines(20_000, (at) => `k${String(at)}: 1`)}`,
      /^1:1 has more than 65536 characters; write/,
    ],
    [
      'aliases',
      `a: &a 1\nb: [${'*a,'.repeat(101)}]\n`,
      /^1:1 has more than 100 aliases .* write the values out/,
    ],
    ['brackets', '['.repeat(17), /^1:1 is nested too deep/],
    ['braces', '{'.repeat(10_000), /^1:1 is nested too deep/],
    ['dashes', '- '.repeat(17), /^1:1 is nested too deep/],
    ['question marks', '? '.repeat(30_000), /^1:1 has more than 16 keys .* write "key: value"/],
    ['question marks on lines', lines(100, (at) => `${' '.repeat(at)}?`), /^1:1 has more than 16 keys/],
    [
      'documents',
      '---\n-\n'.repeat(150_000),
      /^1:1 has more than 1000 documents; write its rules into several/,
    ],
  ])('is told before it is parsed: %s', async (_, content, message) => {
    write('b.yaml', RULE);
    write('a.yaml', content);
    const { problems, documents } = await read('a.yaml', 'b.yaml');
    expect(problems).toHaveLength(1);
    expect(problems.map(({ line, column, message: text }) => `${line}:${column} ${text}`).join()).toMatch(
      message,
    );
    expect(documents).toHaveLength(1);
  });

  test('is told of the document in which it stands, and the others can be used', async () => {
    write('a.yaml', `${RULE}---\n${'['.repeat(100)}\n---\n${RULE}`);
    const { problems, documents } = await read('a.yaml');
    expect(problems).toMatchObject([{ line: 8, message: 'is nested too deep; write it flat' }]);
    expect(documents).toHaveLength(2);
  });
});

describe('YAML that cannot be used', () => {
  test.each([
    ['a key that stands twice', 'title: a\ntitle: b\n', /^2:1 .*stands twice/],
    ['tabs', 'a:\n\t- b\n', /tabs are not allowed/],
    ['an anchor that is not there', 'a: *b\n', /refers to an anchor/],
    ['a tag', 'a: !ruby/object x\n', /is a tag/],
    ['nothing', '# only this\n', /^1:1 is empty; write a rule/],
    ['bytes that are no text', new Uint8Array([0x61, 0x3a, 0xff, 0xfe]), /not UTF-8/],
    ['a file that repeats itself', bomb(), /^1:1 repeats its anchors/],
    ['a file that is nested too deep', '['.repeat(50_000), /^1:\d+ is n/],
  ])('is told: %s', async (_, content, message) => {
    const told = await toldOf(content);
    expect(told.join('\n')).toMatch(message);
    expect(told.join('\n').length).toBeLessThan(2000);
  });

  test('is no reason to throw, whatever it is', async () => {
    const line = fc.constantFrom(
      '---',
      '...',
      'a: 1',
      '- x',
      '  b: [',
      '# c',
      '%YAML 1.2',
      '&a b',
      '*a',
      '',
      '\t',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(line, fc.string()), { maxLength: 8 }), async (lines) => {
        write('a.yaml', lines.join('\n'));
        const { documents, problems } = await read('a.yaml');
        expect(documents.length + problems.length).toBeGreaterThan(0);
        for (const { place } of documents)
          expect(place?.([]).line).toBeLessThanOrEqual(lines.join('\n').split('\n').length);
      }),
    );
  });

  test('is split where its markers are, so that each document is what it was', async () => {
    const one = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer(), { minKeys: 1, maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 5 }), fc.boolean(), async (all, ended) => {
        write(
          'a.yaml',
          all.map((value) => `---\n${JSON.stringify(value)}\n${ended ? '...\n' : ''}`).join(''),
        );
        expect((await read('a.yaml')).documents.map(({ value }) => value)).toEqual(all);
      }),
    );
  });
});

describe('the examples of a rule', () => {
  test('are one document', async () => {
    expect(await readRuleExamples(write('a.test.yaml', 'tests: []\n'))).toEqual({
      value: { tests: [] },
      problems: [],
    });
  });

  test('are none where there is no file, and a problem where there are several documents', async () => {
    expect(await readRuleExamples(join(folder.directory, 'none.test.yaml'))).toBeUndefined();
    const { problems = [] } = (await readRuleExamples(write('a.test.yaml', 'a: 1\n---\nb: 1\n'))) ?? {};
    expect(problems.map(({ message }) => message)).toEqual(['has several documents; write one with tests']);
  });
});

/** Nine anchors, each of nine times the one before. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 10; n += 1) lines.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`);
  return lines.join('\n');
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('\n');
}
