import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Rule, SECRET_RULES } from '@sallyport/detection';
import { expandExample, withCheck } from '../../detection/test/secrets/expand-example.ts';
import { labelledConfigs } from '../test/client-config/labelled-configs.ts';
import { CARRIERS } from './carriers.ts';
import { HARMLESS_FILES } from './harmless-files.ts';
import { fileOf, type LabelledFile } from './labelled-file.ts';

/** Labelled files that are measured together. */
export interface EvaluationSet {
  readonly name: string;
  readonly files: readonly LabelledFile[];
}

/** Values of each rule and config. */
const SEEDS = 3;
/** Rules whose examples stand in one file. */
const TOGETHER = 8;

/** All that is made here, the same each time. */
export function madeSets(): readonly EvaluationSet[] {
  return [
    { name: 'examples of the rules, as they are written', files: examplesInFiles() },
    { name: 'values under their names, 14 kinds of files', files: valuesInCarriers() },
    { name: 'configs of clients with a leak', files: leakingConfigs() },
    {
      name: 'configs of clients without',
      files: labelledConfigs('ok').map(({ name, text }) => fileOf(name, text)),
    },
    { name: 'counterexamples of the rules', files: counterexamples() },
    { name: 'harmless files, made', files: HARMLESS_FILES },
  ];
}

function marked(rule: Rule, template: string, seed: string): string {
  return withCheck(rule.id, expandExample(template, seed));
}

function examplesInFiles(): readonly LabelledFile[] {
  return inFiles('ok', (rule) => rule.examples.ok.map((template) => marked(rule, template, rule.id)));
}

function counterexamples(): readonly LabelledFile[] {
  return inFiles('ng', (rule) => rule.examples.ng.map((template) => expandExample(template, rule.id)));
}

/** The examples of some rules in each file, with lines between them. */
function inFiles(folder: string, textsOf: (rule: Rule) => readonly string[]): readonly LabelledFile[] {
  return Array.from({ length: Math.ceil(SECRET_RULES.length / TOGETHER) }, (_, at) => {
    const some = SECRET_RULES.slice(at * TOGETHER, (at + 1) * TOGETHER);
    const parts = some.flatMap((rule) => textsOf(rule).map((text) => ({ rule: rule.id, text })));
    const text = parts.map((part, index) => `${part.text}\n\n# ${index + 1}, of a list\n\n`).join('');
    const rules = parts.flatMap((part) => Array.from(part.text.matchAll(/⟦/g), () => part.rule));
    return fileOf(`${folder}/${at}.txt`, text, rules);
  });
}

/** What is a credential only where it stands: a password in a URL or command, an encoded key, the id of a key. */
const PARTS: ReadonlySet<string> = new Set([
  'curl-login',
  'ftp-url',
  'gcp-service-account-key-id',
  'http-url',
  'kubeconfig-client-key',
  'ldap-url',
  'socks-url',
  'ssh-url',
]);
/** In the id of a rule, no part of the name that people give to its values. */
const OF_RULES: ReadonlySet<string> = new Set(['by', 'legacy', 'name']);

/** Values of one line, as another file would have them: in a form that no example was written for. */
function valuesInCarriers(): readonly LabelledFile[] {
  return SECRET_RULES.filter(({ id }) => !PARTS.has(id)).flatMap((rule) =>
    CARRIERS.flatMap(({ name, write }, at) => {
      const example = marked(rule, rule.examples.ok[0] as string, `${rule.id} ${at % SEEDS}`);
      const value = /⟦([^⟧]*)⟧/.exec(example)?.[1] ?? '';
      if (value === '' || /[\n"'`<&\\]/.test(value)) return [];
      return [fileOf(name.replace('%', rule.id), write(nameOf(rule), `⟦${value}⟧`), [rule.id])];
    }),
  );
}

function nameOf({ id }: Rule): readonly string[] {
  return id.split('-').filter((word) => !OF_RULES.has(word));
}

function leakingConfigs(): readonly LabelledFile[] {
  return Array.from({ length: SEEDS }, (_, seed) =>
    labelledConfigs('ng', seed).map(({ name, text, planted }) => ({
      name: `${seed} ${name}`,
      text,
      planted: planted.map(([start, end]) => ({ start, end })),
    })),
  ).flat();
}

/** Under MIT or Apache-2.0, read where they are installed; their versions stand in the lock file. */
const PACKAGES = ['ajv', 'casbin', 'esbuild', 'express', 'fast-check', 'picocolors', 'typescript', 'zod'];
const TEXTS: ReadonlySet<string> = new Set([
  '.js',
  '.cjs',
  '.mjs',
  '.json',
  '.md',
  '.map',
  '.ts',
  '.css',
  '.html',
]);
const MOST_BYTES = 8 << 20;

/** Nothing in them is labelled: every finding counts as a false alarm, also of the made-up tokens of their tests. */
export function publishedSet(): EvaluationSet {
  const root = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  const files = PACKAGES.flatMap((name) => {
    let left = MOST_BYTES;
    return filesIn(join(root, name)).flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      if (text.length > left) return [];
      left -= text.length;
      return [{ name: relative(root, path), text, planted: [] }];
    });
  });
  return { name: 'harmless files, of published packages', files };
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return entry.isFile() && TEXTS.has(extname(entry.name)) ? [path] : [];
  });
}
