import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { SigmaDocument, SigmaProblem } from '@sallyport/anomaly';
import { MOST_RULE_BYTES_TOGETHER, readRuleText, TOO_MUCH_TOGETHER, unreadRule } from './read-rule-text.ts';
import { NO_ANSWER } from './read-text.ts';
import { ruleFileProblem } from './rule-file-problem.ts';
import { withinTime } from './within-time.ts';

/** What stands in files of Sigma rules. */
export interface RuleFiles {
  /** The files with rules, in the order of the paths that were given; those of a folder by name. */
  readonly files: readonly string[];
  /** Their documents, each with the way to lines and columns. */
  readonly documents: readonly SigmaDocument[];
  /** What cannot be read, or is no YAML. What is wrong with a rule, `SigmaRules.compile` tells. */
  readonly problems: readonly SigmaProblem[];
  /** Files and folders that could not be read at all; each has a problem too. */
  readonly unread: readonly string[];
}

/** The one document of a `*.test.yaml`; the value is undefined where there is a problem. */
export interface RuleExamples {
  readonly value: unknown;
  readonly problems: readonly SigmaProblem[];
}

/** More is no folder of rules, but a home or a disk. */
const MOST_FILES = 10_000;
const RULE = /(?<!\.test)\.ya?ml$/i;

/**
 * Reads Sigma rules: files, and folders with `*.yaml` and `*.yml` in them at any depth, without `*.test.yaml`. A file may
 * hold several documents. Never throws: what cannot be read is a problem. Between files and documents the event loop has its
 * turn.
 */
export async function readRuleFiles(paths: readonly string[]): Promise<RuleFiles> {
  // `run` loads this too, and has to be fast.
  const { ruleDocuments } = await import('./rule-documents.ts');
  const files: string[] = [];
  const documents: SigmaDocument[] = [];
  const problems: SigmaProblem[] = [];
  const unread: string[] = [];
  const refuse = (path: string, why: string): void => {
    unread.push(path);
    problems.push(ruleFileProblem(path, why));
  };
  const seen = new Set<string>();
  let room = MOST_RULE_BYTES_TOGETHER;
  for (const path of paths) {
    const found = await rulesBelow(path);
    if (typeof found === 'string') {
      refuse(path, found);
      if (found === unreadRule(NO_ANSWER)) break;
      continue;
    }
    for (const file of found) {
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      const text = await readRuleText(file);
      if (typeof text !== 'string') {
        refuse(file, text.why);
        // The others are on the same disk, and each would be waited for.
        if (text.code === NO_ANSWER) return { files, documents, problems, unread };
        continue;
      }
      room -= text.length;
      if (room < 0) {
        refuse(file, TOO_MUCH_TOGETHER);
        return { files, documents, problems, unread };
      }
      files.push(file);
      const read = await ruleDocuments(file, text);
      // One by one: what is spread is put on the stack.
      for (const document of read.documents) documents.push(document);
      for (const problem of read.problems) problems.push(problem);
    }
  }
  return { files, documents, problems, unread };
}

/** Reads the examples of a rule, for `runExamples`. Never throws; undefined where there is no such file. */
export async function readRuleExamples(file: string): Promise<RuleExamples | undefined> {
  const text = await readRuleText(file);
  if (typeof text !== 'string')
    return text.code === 'ENOENT'
      ? undefined
      : { value: undefined, problems: [ruleFileProblem(file, text.why)] };
  const { ruleDocuments } = await import('./rule-documents.ts');
  const { documents, problems } = await ruleDocuments(file, text);
  const [first, second] = documents;
  if (problems.length > 0) return { value: undefined, problems };
  if (second !== undefined)
    return {
      value: undefined,
      problems: [ruleFileProblem(file, 'has several documents; write one with tests')],
    };
  return { value: first?.value, problems };
}

/** A file itself, or those of a folder; a text says why there are none. */
export async function rulesBelow(path: string): Promise<readonly string[] | string> {
  try {
    return (await withinTime(findRules(path))) ?? unreadRule(NO_ANSWER);
  } catch (error) {
    return unreadRule((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

async function findRules(path: string): Promise<readonly string[] | string> {
  if (!(await stat(path)).isDirectory()) return [path];
  const all = await readdir(path, { recursive: true, withFileTypes: true });
  const found = all
    .filter((entry) => RULE.test(entry.name) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    // What editors and mounts keep beside the files: `.#rule.yaml`, and all of them again in `..2026_01_31/`.
    .filter(
      (file) =>
        !relative(path, file)
          .split(sep)
          .some((part) => part.startsWith('.')),
    );
  if (found.length > MOST_FILES) return `has more than ${MOST_FILES} rules in it; name the folder of yours`;
  if (found.length === 0) return 'has no *.yaml with rules in it; name another folder, or a file';
  return found.toSorted();
}
