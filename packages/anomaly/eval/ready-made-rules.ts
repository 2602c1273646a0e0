import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type SigmaDocument, type SigmaRuleInfo, SigmaRules } from '../src/index.ts';

/** Sigma rules of a folder. */
export interface RulesOfFolder {
  /** Those that alert. */
  readonly list: readonly SigmaRuleInfo[];
  /** All of them, that have seen nothing. */
  compile(): SigmaRules;
}

/** @throws Error where a rule cannot be used */
export function rulesOfFolder(folder: string): RulesOfFolder {
  // Another package reads YAML; this one has no dependency that does.
  const yaml = createRequire(new URL('../../policy/package.json', import.meta.url))('yaml') as {
    parseAllDocuments(text: string): readonly { toJS(): unknown }[];
  };
  const documents = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml'))
    .flatMap((file): SigmaDocument[] =>
      yaml
        .parseAllDocuments(readFileSync(join(folder, file), 'utf8'))
        .map((document) => ({ file, value: document.toJS() })),
    );
  const { rules, problems } = SigmaRules.compile(documents);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.message}`);
  return {
    list: rules.list.filter(({ level }) => level !== 'informational'),
    compile: () => SigmaRules.compile(documents).rules,
  };
}
