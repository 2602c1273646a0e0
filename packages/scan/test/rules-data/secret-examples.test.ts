import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createDetector,
  type Rule,
  SECRET_ENTITIES,
  SECRET_GROUPS,
  SECRET_RULES,
} from '@sallyport/detection';
import { withClientConfigs } from '../../src/client-config/with-client-configs.ts';
import { expandExample, withCheck } from '../../../detection/test/secrets/expand-example.ts';

const FOLDER = new URL('../../rules-data/secrets/', import.meta.url).pathname;
const detector = createDetector({ entities: SECRET_ENTITIES });

/** Lines of files with a layout of their own: PuTTY keys and `.netrc`. As one JSON string they are none. */
const LINES_OF_FILES: ReadonlySet<string> = new Set(['private-key-putty', 'netrc-password']);

interface Example {
  readonly rule: string;
  readonly text: string;
}

/** `cloud`, `code-hosts-and-builds`, ... */
const folderOf = (group: string): string => group.toLowerCase().replaceAll(/[^a-z]+/g, '-');

function linesOf(rules: readonly Rule[], side: 'ok' | 'ng'): string {
  return rules
    .flatMap(({ id, examples }) =>
      (side === 'ng' ? examples.ok : examples.ng).map((text) => ({ rule: id, text })),
    )
    .map((example) => `${escaped(JSON.stringify(example))}\n`)
    .join('');
}

/** The few that are written out, such as a login of root by root, are the same to JSON, and nothing to a scan of these files. */
function escaped(line: string): string {
  return line.replaceAll('://', String.raw`:\/\/`).replaceAll(': \\"⟦', String.raw`\u003a \"⟦`);
}

function examplesOf(folder: string, side: 'ok' | 'ng'): readonly Example[] {
  const lines = readFileSync(`${FOLDER}${folder}/${side}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Example);
}

interface Planted {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The text of an example with a value made for it, and where that stands. */
function planted({ rule, text }: Example): Planted {
  const marked = withCheck(rule, expandExample(text, rule));
  return {
    text: marked.replace('⟦', '').replace('⟧', ''),
    start: marked.indexOf('⟦'),
    end: marked.indexOf('⟧') - 1,
  };
}

function isFound(
  found: readonly { readonly start: number; readonly end: number }[],
  { start, end }: Planted,
): boolean {
  const inside = found.filter((finding) => finding.start < end && finding.end > start);
  return (
    Math.min(...inside.map((one) => one.start)) <= start && Math.max(...inside.map((one) => one.end)) >= end
  );
}

it('each group of rules has a folder, and there is no other', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(SECRET_GROUPS.map(([group]) => folderOf(group)).toSorted());
});

describe.each(SECRET_GROUPS.map(([group, rules]) => [folderOf(group), rules] as const))(
  '%s',
  (folder, rules) => {
    it.each(['ok', 'ng'] as const)('%s.jsonl is what the rules say', async (side) => {
      await expect(linesOf(rules, side)).toMatchFileSnapshot(`${FOLDER}${folder}/${side}.jsonl`);
    });

    it('has three of either for each of its rules at least', () => {
      for (const side of ['ok', 'ng'] as const) {
        const examples = examplesOf(folder, side);
        const few = rules.filter(({ id }) => examples.filter(({ rule }) => rule === id).length < 3);
        expect(few.map(({ id }) => id)).toEqual([]);
        expect(examples.filter(({ rule }) => !rules.some(({ id }) => id === rule))).toEqual([]);
      }
    });

    it('every credential is found with all rules together, also with the others before and after it in one file', () => {
      const examples = examplesOf(folder, 'ng');
      let file = '';
      const places = examples.map((example) => {
        const one = planted(example);
        const at = file.length;
        file += `${one.text}\n\n`;
        return { example, alone: isFound(detector.scan(one.text), one), text: one, at };
      });
      expect(places.filter(({ alone }) => !alone).map(({ example }) => example)).toEqual([]);
      const found = detector.scan(file);
      // Of two keys one after the other, the first cut off, the dashes between them may belong to either.
      const missed = places.filter(
        ({ text, at }) => !found.some(({ start, end }) => start < at + text.end && end > at + text.start),
      );
      expect(missed.map(({ example }) => example)).toEqual([]);
    });

    it('every rule is silent about what it has to leave alone', () => {
      const loud = examplesOf(folder, 'ok').filter(({ rule, text }) =>
        detector.scan(expandExample(text, rule)).some((finding) => finding.rule === rule),
      );
      expect(loud).toEqual([]);
    });

    it('a credential of every rule is found in the config of a client', () => {
      const configs = withClientConfigs(detector);
      const inConfigs = rules.filter(({ id }) => !LINES_OF_FILES.has(id));
      const missed = inConfigs.filter((rule) => {
        const one = planted({ rule: rule.id, text: rule.examples.ok[0] as string });
        const config = JSON.stringify({
          mcpServers: { server: { command: 'npx', args: ['-y', 'server', one.text] } },
        });
        const start = config.indexOf(JSON.stringify(one.text)) + 1;
        const before = JSON.stringify(one.text.slice(0, one.start)).length - 2;
        const length = JSON.stringify(one.text.slice(one.start, one.end)).length - 2;
        const place = { text: config, start: start + before, end: start + before + length };
        return !isFound(configs.scan(config), place);
      });
      expect(missed.map(({ id }) => id)).toEqual([]);
    });
  },
);

it('there are examples of every rule', () => {
  const rules = new Set(
    readdirSync(FOLDER).flatMap((folder) => examplesOf(folder, 'ng').map(({ rule }) => rule)),
  );
  expect(SECRET_RULES.filter(({ id }) => !rules.has(id))).toEqual([]);
});
