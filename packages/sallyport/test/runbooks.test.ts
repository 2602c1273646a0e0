import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Command, type Option } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { DETECTOR_IDS, SigmaRules } from '@sallyport/anomaly';
import { checkPolicy, readRuleFiles } from '@sallyport/policy';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const FOLDER = 'docs/runbooks';
const COMMANDS = new URL('../src/cli/', import.meta.url);
/** All that `alerts` needs beside it. */
const POLICY = `version: 1
authorization: { rules: 'p, role:nurse, *, tool:*, call, , allow' }
audit: { journal: ./audit }
`;
const HEADINGS = ['What it means', 'How to confirm', 'How to contain', 'How to recover'];
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => basename(file, '.md'));

/** Everything that declares commands, put together as the program does. */
let program: Command;
beforeAll(async () => {
  program = new Command('sallyport').enablePositionalOptions();
  for (const file of readdirSync(COMMANDS).filter((name) => name.endsWith('-commands.ts'))) {
    const module = (await import(new URL(file, COMMANDS).href)) as Record<string, (to: Command) => void>;
    for (const [name, add] of Object.entries(module)) if (/^add\w+Commands$/.test(name)) add(program);
  }
});

function pageOf(name: string): string {
  return readFileSync(`${FOLDER}/${name}.md`, 'utf8');
}

/** Each command of a page, in its words; what stands in quotes is one word. */
function commandsIn(page: string): readonly (readonly string[])[] {
  const found = page.matchAll(/^sallyport .+$|`sallyport [^`\n]+`/gm);
  return [...found].map(([line]) =>
    [...line.replaceAll('`', '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, plain]) => double ?? single ?? plain ?? '',
    ),
  );
}

/** What is wrong with a command; nothing when it would run. */
function oddities([, ...words]: readonly string[]): readonly string[] {
  let command = program;
  const rest = [...words];
  while (command.commands.length > 0) {
    const name = rest.shift();
    const next = command.commands.find((one) => one.name() === name || one.aliases().includes(name ?? ''));
    if (next === undefined) return [`there is no ${command.name()} ${name ?? ''}`];
    command = next;
  }
  // A command by its name, in a sentence.
  if (rest.length === 0) return [];
  const options = new Map<string, Option>(
    command.options.flatMap((option) =>
      [option.short, option.long].flatMap((flag) => (flag === undefined ? [] : [[flag, option] as const])),
    ),
  );
  const odd: string[] = [];
  let given = 0;
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const option = options.get(word);
    if (word.startsWith('-') && option === undefined && word !== '--help')
      odd.push(`${command.name()} has no ${word}`);
    else if (option === undefined) given += word === '--help' ? 0 : 1;
    else if (option.required) {
      const value = rest.shift();
      if (value === undefined || value.startsWith('-')) odd.push(`${word} has no value`);
      else if (option.argChoices?.includes(value) === false) odd.push(`${word} does not take ${value}`);
      options.delete(option.mandatory ? word : '');
    }
  }
  for (const option of new Set(options.values()))
    if (option.mandatory && !words.includes(option.long ?? '') && !words.includes('--help'))
      odd.push(`${command.name()} needs ${option.flags}`);
  const { length } = command.registeredArguments.filter(({ required }) => required);
  if (given < length && !words.includes('--help')) odd.push(`${command.name()} needs ${length} arguments`);
  return odd;
}

describe('runbooks', () => {
  test('are there for every detector', () => {
    expect(DETECTOR_IDS.filter((id) => !names.includes(id))).toEqual([]);
  });

  test('are there for every rule that ships', async () => {
    const { documents } = await readRuleFiles(['policies/rules']);
    const { rules } = SigmaRules.compile(documents);
    const alerting = rules.list.filter(({ level }) => level !== 'informational');
    expect(alerting.length).toBeGreaterThanOrEqual(30);
    for (const { title, runbook } of alerting) expect(existsSync(runbook ?? 'none'), title).toBe(true);
  });

  test('are all in the index, once', () => {
    const links = [...pageOf('README').matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name);
    expect(new Set(links)).toEqual(new Set(names));
  });

  describe.each(names)('%s', (name) => {
    const page = pageOf(name);

    test('says what it means, how to confirm, to contain and to recover, in this order', () => {
      const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings.slice(0, 4)).toEqual(HEADINGS);
      for (const section of page.split(/^## .+$/m).slice(1))
        expect(section.trim().length).toBeGreaterThan(60);
    });

    test('names commands that there are, with options that they have', () => {
      const commands = commandsIn(page);
      expect(commands.length).toBeGreaterThan(0);
      for (const words of commands) expect(oddities(words), words.join(' ')).toEqual([]);
    });

    test('leads to pages that are there', () => {
      for (const [, link] of page.matchAll(/\]\(([^):]+)\)/g))
        expect(existsSync(`${FOLDER}/${link}`), link).toBe(true);
    });
  });

  test.each([...DETECTOR_IDS])('%s shows settings that a policy can have', async (id) => {
    for (const [, settings = ''] of pageOf(id).matchAll(/^```yaml\n([^]*?)^```$/gm)) {
      const folder = new PolicyFolder(`${POLICY}${settings}`);
      const { problems } = await checkPolicy(folder.path);
      folder.dispose();
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test.each([...DETECTOR_IDS])('%s says what is harmless, and how to allow that', (id) => {
    const harmless = pageOf(id).split('## When it is harmless')[1] ?? '';
    expect(harmless).toMatch(new RegExp(`(detector|rule): ${id}`));
    expect(harmless).toContain('reason: ');
  });
});
