import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';

const PAGE = readFileSync('docs/controls.md', 'utf8');

/** Every paragraph that the page has to speak of, in a row or among what is not here. */
const FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  'PCI DSS 4.0.1': words(
    '10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4 ' +
      '10.4.1 10.4.3 10.5.1 10.6.1 10.6.2 10.6.3 10.7.2 10.7.3',
  ),
  HIPAA: words('164.312(b) 164.312(c)(1)'),
  'SOC 2': words('CC6.1 CC6.2 CC6.3 CC6.4 CC6.5 CC6.6 CC6.7 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4 CC7.5'),
  'ISO/IEC 27001:2022': words('A.8.15 A.8.16 A.8.17'),
  'NIST SP 800-53': words('AU-1 AU-2 AU-3 AU-4 AU-5 AU-6 AU-7 AU-8 AU-9 AU-10 AU-11 AU-12'),
  'EU AI Act': words('12(1) 12(2) 12(3) 19(1) 19(2)'),
  GDPR: words('5(1)(c) 5(1)(e) 5(1)(f) 5(2) 17 30 32'),
};

function words(text: string): readonly string[] {
  return text.split(' ');
}

interface Title {
  readonly kind: 'describe' | 'test';
  readonly title: string;
}

/** The titles of a test file, in their order, as they stand there: those of tables with their placeholders. */
function titlesOf(source: string): Title[] {
  const literal = String.raw`(?<quote>['"\u0060])(?<title>(?:\\.|(?!\k<quote>)[^\\])*)\k<quote>\s*,`;
  const table = String.raw`\.(?:each|for|skipIf|runIf)\s*\([^]*?\)\s*`;
  const plain = String.raw`\b(?<word>describe|test|it)(?:\.(?!each|for|skipIf|runIf)\w+)*`;
  const found = source.matchAll(new RegExp(`${plain}(?:${table})?\\(\\s*${literal}`, 'g'));
  return [...found].map(({ groups = {} }) => ({
    kind: groups['word'] === 'describe' ? 'describe' : 'test',
    title: (groups['title'] ?? '').replaceAll(/\\(.)/g, '$1'),
  }));
}

/** Whether a file has a test by its title, within what stands before it: `describe > test`. */
function hasTest(titles: readonly Title[], name: string): boolean {
  const within = name.split(' > ');
  const last = within.pop();
  let from = 0;
  for (const title of within) {
    const at = titles.findIndex(
      (one, index) => index >= from && one.kind === 'describe' && one.title === title,
    );
    if (at < 0) return false;
    from = at + 1;
  }
  return titles.some(({ kind, title }, index) => index >= from && kind === 'test' && title === last);
}

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const SCHEMA = JSON.parse(readFileSync('packages/policy/schema.json', 'utf8')) as Schema;

function hasSetting(schema: Schema, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  const { $ref, properties, items, anyOf = [], oneOf = [], allOf = [] } = schema;
  const meant = $ref === undefined ? undefined : SCHEMA.$defs?.[$ref.replace('#/$defs/', '')];
  const own = properties?.[key];
  if (own !== undefined && hasSetting(own, rest)) return true;
  return [meant, items, ...anyOf, ...oneOf, ...allOf].some(
    (one) => one !== undefined && hasSetting(one, path),
  );
}

/** The parts of a text under headings of one level, by heading. */
function parts(text: string, level: '##' | '###'): Map<string, string> {
  const found = text.split(new RegExp(`^${level} `, 'm')).slice(1);
  return new Map(
    found.map((part) => {
      const [heading = '', ...rest] = part.split('\n');
      return [heading, rest.join('\n')];
    }),
  );
}

/** The cells of the rows of a table, without its head. */
function rows(section: string): string[][] {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

const sections = parts(PAGE, '##');
const proofs = parts(sections.get('Proofs') ?? '', '###');
const anchors = new Set([...proofs.keys()].map(anchor));

describe('the titles of a test file', () => {
  const source = String.raw`
describe.each([['a', (x) => x(1)]])('with %s', (name) => {
  test('is one', () => { it_is('no test', 1); });
  it.each([
    ['x)', '(y'],
  ])(
    'isn\'t %s', () => {});
  test.skipIf(no())("two \"words\"", () => {});
});
it('is "last"', { timeout: 1 }, () => {});
`;

  it('are found as they stand there, with those of tables, and nothing else', () => {
    expect(titlesOf(source)).toEqual([
      { kind: 'describe', title: 'with %s' },
      { kind: 'test', title: 'is one' },
      { kind: 'test', title: "isn't %s" },
      { kind: 'test', title: 'two "words"' },
      { kind: 'test', title: 'is "last"' },
    ]);
  });

  it('have a test within what it stands in, and not elsewhere', () => {
    const titles = titlesOf(source);
    for (const name of ['is one', 'with %s > is one', "with %s > isn't %s"])
      expect(hasTest(titles, name)).toBe(true);
    for (const name of ['is two', 'without > is one', 'with %s', 'is one > is "last"'])
      expect(hasTest(titles, name)).toBe(false);
  });
});

test('a setting is one of the policy, also within lists and choices', () => {
  for (const setting of ['audit.file', 'redaction.results.pack', 'identity.stdio.subject'])
    expect(hasSetting(SCHEMA, setting.split('.'))).toBe(true);
  for (const setting of ['audit.files', 'audit.file.x', 'none']) {
    expect(hasSetting(SCHEMA, setting.split('.'))).toBe(false);
  }
});

describe('docs/controls.md', () => {
  it('has a section for every framework, and for nothing else but its proofs', () => {
    expect([...sections.keys()]).toEqual([...Object.keys(FRAMEWORKS), 'Proofs']);
  });

  it('promises no certificate', () => {
    expect(PAGE).toMatch(/Sallyport is no certificate/);
    expect(PAGE).not.toMatch(/\b(?:certified|compliant with|guarantees)\b/i);
  });

  it('has no link that leads nowhere', () => {
    for (const [, target = ''] of PAGE.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('#')) expect([...anchors, 'proofs'], target).toContain(target.slice(1));
      else expect(existsSync(`docs/${target}`), target).toBe(true);
    }
  });
});

describe.each(Object.entries(FRAMEWORKS))('%s', (heading, paragraphs) => {
  const section = sections.get(heading) ?? '';
  const own = rows(section);
  const notHere = /^Not here: [^]*/m.exec(section)?.[0] ?? '';

  it('has rows, each of a paragraph that is asked for, and none twice', () => {
    expect(own.length).toBeGreaterThan(0);
    const named = own.map(([paragraph = '']) => paragraph);
    expect(new Set(named).size).toBe(named.length);
    for (const paragraph of named) expect(paragraphs).toContain(paragraph);
  });

  it('leaves no paragraph out: what has no row is said not to be here', () => {
    const named = new Set(own.map(([paragraph]) => paragraph));
    for (const paragraph of paragraphs) {
      if (!named.has(paragraph)) expect(notHere.split(/[\s,:;]+/), paragraph).toContain(paragraph);
    }
  });

  it('says in each row what is asked for, what Sallyport does, what proves it, and what is left to do', () => {
    for (const row of own) {
      expect(row, row[0]).toHaveLength(5);
      for (const cell of row) expect(cell, row[0]).not.toBe('');
      expect(row[3], row[0]).toMatch(/^(?:\[[^\]]+\]\(#[\w-]+\)(?:, )?)+$/);
    }
  });
});

describe.each([...proofs])('the proof "%s"', (heading, text) => {
  const settings = [...text.matchAll(/^- Setting: (.+)$/gm)].flatMap(([, list = '']) =>
    [...list.matchAll(/`([^`]+)`/g)].map(([, setting = '']) => setting),
  );
  const tests = [...text.matchAll(/^- Test: `([^`]+)`: "(.+)"$/gm)].map(
    ([, file = '', name = '']) => [file, name] as const,
  );

  it('is one of a row', () => {
    expect(PAGE).toContain(`](#${anchor(heading)})`);
  });

  it('names settings that there are', () => {
    expect(settings).not.toHaveLength(0);
    const commands = 'packages/sallyport/src/cli';
    const command = readdirSync(commands)
      .map((file) => readFileSync(`${commands}/${file}`, 'utf8'))
      .join('\n');
    for (const setting of settings) {
      const isThere = setting.startsWith('--')
        ? command.includes(`'${setting} <`)
        : hasSetting(SCHEMA, setting.split('.'));
      expect(isThere, setting).toBe(true);
    }
  });

  it('names tests that there are', () => {
    expect(tests).not.toHaveLength(0);
    expect(tests).toHaveLength(text.match(/^- Test:/gm)?.length ?? 0);
    for (const [file, name] of tests) {
      expect(existsSync(file), file).toBe(true);
      expect(hasTest(titlesOf(readFileSync(file, 'utf8')), name), `${file}: ${name}`).toBe(true);
    }
  });
});
