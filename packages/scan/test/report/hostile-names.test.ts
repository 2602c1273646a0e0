import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubReport } from '../../src/report/github-report.ts';
import { humanReport } from '../../src/report/human-report.ts';
import { jsonReport } from '../../src/report/json-report.ts';
import { junitReport } from '../../src/report/junit-report.ts';
import type { Report } from '../../src/report/report-input.ts';
import { PLAIN } from './plain-style.ts';
import { finding, HOSTILE_NAMES, input, problem } from './report-input.ts';

const text = (report: Report): string => [...report].join('');
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

function hostile(path: string, excerpt: string): Parameters<typeof input>[0] {
  const other = problem({ path, message: excerpt });
  return { findings: [finding({ path, excerpt })], problems: [other] };
}

/** What the runner of GitHub reads from a line of a log: `actions/runner`, ActionCommand.cs. */
function readCommand(line: string): { name: string; properties: Map<string, string>; message: string } {
  const [, name = '', list = '', message = ''] = /^::([a-z]+) (.*?)::(.*)$/.exec(line) ?? [];
  const plain = (value: string): string =>
    value
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const pairs = list.split(',').map((pair): [string, string] => {
    const [key = '', ...value] = pair.split('=');
    return [key, plain(value.join('='))];
  });
  return { name, properties: new Map(pairs), message: plain(message) };
}

const TOKENS =
  /<\?xml[^?]*\?>|<(\/)?([a-z]+)((?: [a-z]+="[^"<\p{Cc}]*")*)(\/)?>|(?:(?![<>&\uFFFE\uFFFF]|(?![\t\n\r])\p{Cc})[^])+|&(?:amp|lt|gt|quot|apos|#\d+);/gu;

/** The tags of a document that is well-formed; fails where it is not. */
function readXml(document: string): readonly { tag: string; attributes: string }[] {
  const open: string[] = [];
  const tags: { tag: string; attributes: string }[] = [];
  let read = 0;
  for (const [token, close, tag, attributes = '', empty] of document.matchAll(TOKENS)) {
    read += token.length;
    if (tag === undefined) continue;
    if (close !== undefined) expect(open.pop()).toBe(tag);
    else {
      tags.push({ tag, attributes });
      if (empty === undefined) open.push(tag);
    }
  }
  expect(read).toBe(document.length);
  expect(open).toEqual([]);
  return tags;
}

function attribute(attributes: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  return value
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

describe('whatever a file is called and whatever stands in its line', () => {
  it('GitHub reads one command for each finding and problem, with that name', () => {
    fc.assert(
      fc.property(anyText, anyText, (path, excerpt) => {
        const lines = text(githubReport(input(hostile(path, excerpt)))).split('\n');
        expect(lines.length).toBe(3);
        const [found, failed] = lines.map(readCommand);
        expect(found?.properties.get('file')).toBe(path);
        expect(found?.properties.get('line')).toBe('12');
        expect([found?.name, failed?.name]).toEqual(['error', 'error']);
        expect(failed?.message).toBe(excerpt);
        for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it('JUnit stays well-formed, and names the file', () => {
    fc.assert(
      fc.property(anyText, anyText, (path, excerpt) => {
        const cases = readXml(text(junitReport(input(hostile(path, excerpt))))).filter(
          ({ tag }) => tag === 'testcase',
        );
        expect(cases.length).toBe(2);
        const shown = path.replaceAll(/(?![\t\n\r])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD');
        expect(attribute(cases[0]?.attributes ?? '', 'file')).toBe(shown);
      }),
    );
  });

  it('JSON says it as it is', () => {
    fc.assert(
      fc.property(anyText, anyText, (path, excerpt) => {
        const given = input(hostile(path, excerpt));
        const read = JSON.parse(text(jsonReport(given))) as {
          findings: unknown;
          problems: unknown;
          summary: unknown;
        };
        expect(read.findings).toEqual(given.findings);
        expect(read.problems).toEqual(given.problems);
        expect(read.summary).toEqual(given.summary);
      }),
    );
  });

  it('a terminal is told nothing but text: no control, no turned direction', () => {
    fc.assert(
      fc.property(anyText, anyText, (path, excerpt) => {
        const report = text(humanReport(input(hostile(path, excerpt)), { style: PLAIN }));
        expect(report).not.toMatch(/(?!\n)[\p{Cc}\u2028-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});

describe('a hundred thousand findings', () => {
  const findings = Array.from({ length: 100_000 }, (_, at) => finding({ line: at + 1, endLine: at + 1 }));

  it('are all in each report, which comes in parts', () => {
    const given = input({ findings });
    expect((JSON.parse(text(jsonReport(given))) as { findings: unknown[] }).findings.length).toBe(100_000);
    expect(text(githubReport(given)).match(/^::error /gm)?.length).toBe(100_000);
    expect(text(junitReport(given)).match(/<testcase /g)?.length).toBe(100_000);
    const human = [...humanReport(given, { style: PLAIN })];
    expect(human.length).toBeGreaterThan(100_000);
    expect(human.join('').match(/github-pat its|github-pat \(/g)?.length).toBe(100_000);
    expect(Math.max(...human.map((part) => part.length))).toBeLessThan(1000);
  });
});
