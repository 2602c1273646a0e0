import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SigmaDocument, SigmaProblem } from '@sallyport/anomaly';
import { ruleFileProblem } from './rule-file-problem.ts';

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

const MOST_BYTES = 1024 * 1024;
/** More is no folder of rules, but a home or a disk. */
const MOST_FILES = 10_000;
const RULE = /(?<!\.test)\.ya?ml$/i;

/**
 * Reads Sigma rules: files, and folders with `*.yaml` and `*.yml` in them at any depth, without `*.test.yaml`. A file may
 * hold several documents. Never throws: what cannot be read is a problem.
 */
export async function readRuleFiles(paths: readonly string[]): Promise<RuleFiles> {
  // `run` loads this too, and has to be fast.
  const { ruleDocuments } = await import('./rule-documents.ts');
  const files: string[] = [];
  const documents: SigmaDocument[] = [];
  const problems: SigmaProblem[] = [];
  const unread: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const found = await rulesBelow(path);
    if (typeof found === 'string') {
      unread.push(path);
      problems.push(ruleFileProblem(path, found));
      continue;
    }
    for (const file of found) {
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      const text = await textOf(file);
      if ('why' in text) {
        unread.push(file);
        problems.push(ruleFileProblem(file, text.why));
        continue;
      }
      files.push(file);
      const read = ruleDocuments(file, text.text);
      documents.push(...read.documents);
      problems.push(...read.problems);
    }
  }
  return { files, documents, problems, unread };
}

/** Reads the examples of a rule, for `runExamples`. Never throws; undefined where there is no such file. */
export async function readRuleExamples(file: string): Promise<RuleExamples | undefined> {
  const text = await textOf(file);
  if ('why' in text)
    return text.missing === true
      ? undefined
      : { value: undefined, problems: [ruleFileProblem(file, text.why)] };
  const { ruleDocuments } = await import('./rule-documents.ts');
  const { documents, problems } = ruleDocuments(file, text.text);
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
    if (!(await stat(path)).isDirectory()) return [path];
    const all = await readdir(path, { recursive: true, withFileTypes: true });
    const found = all
      .filter((entry) => RULE.test(entry.name) && !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    if (found.length > MOST_FILES) return `has more than ${MOST_FILES} rules in it; name the folder of yours`;
    if (found.length === 0) return 'has no *.yaml with rules in it; name another folder, or a file';
    return found.toSorted();
  } catch (error) {
    return unreadable(error);
  }
}

type Text = { readonly text: string } | { readonly why: string; readonly missing?: boolean };

async function textOf(file: string): Promise<Text> {
  try {
    const about = await stat(file);
    // A pipe or a device could keep its reader for ever.
    if (!about.isFile()) return { why: 'is no regular file; name a file with rules' };
    if (about.size > MOST_BYTES) return { why: 'has more than 1 MiB; write its rules into several files' };
    // Without a byte order mark, which the decoder takes away.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { why: 'is not UTF-8; save it as UTF-8' };
    return { why: unreadable(error), missing: codeOf(error) === 'ENOENT' };
  }
}

function unreadable(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is not there; write the path of a file or a folder with rules';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    default:
      return `cannot be read (${codeOf(error)}); write the path of a file or a folder with rules`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
