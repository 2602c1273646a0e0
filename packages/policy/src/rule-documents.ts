import type { Path, SigmaDocument, SigmaProblem } from '@sallyport/anomaly';
import { setImmediate } from 'node:timers/promises';
import { parseDocument, visit } from 'yaml';
import { isPageOrPath } from './page-or-path.ts';
import { ruleFileProblem } from './rule-file-problem.ts';
import { beyondBounds } from './yaml-bounds.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** What comes behind so many syntax errors of one document follows from them. */
const MOST_PROBLEMS = 10;
const MOST_DOCUMENTS = 1000;
/** Of one document; the longest rule that ships has 2,000 characters. */
const BOUNDS = { characters: 65_536, aliases: 100, depth: 16, explicitKeys: 16 };
/** So much is parsed before the event loop has its turn: calls are answered meanwhile. */
const PARSED_AT_ONCE = 16_384;
const MARKER = /^---(?:\s|$)/;
const END = /^\.\.\.(?:\s|$)/;
/** What may stand before a document and belongs to none: nothing, a comment, a directive. */
const BETWEEN = /^(?:\s*(?:#.*)?|%.*)$/;

export interface RuleDocuments {
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly SigmaProblem[];
}

/** The documents of a file of rules, each with the way to its lines, and what is no YAML. Never rejects. */
export async function ruleDocuments(file: string, text: string): Promise<RuleDocuments> {
  const documents: SigmaDocument[] = [];
  const problems: SigmaProblem[] = [];
  const chunks = chunksOf(text);
  if (chunks.length > MOST_DOCUMENTS) {
    const message = `has more than ${MOST_DOCUMENTS} documents; write its rules into several files`;
    return { documents, problems: [ruleFileProblem(file, message)] };
  }
  let parsed = 0;
  for (const chunk of chunks) {
    const tooMuch = beyondBounds(chunk.text, BOUNDS);
    if (tooMuch !== undefined) {
      problems.push(ruleFileProblem(file, tooMuch, chunk.line + 1));
      continue;
    }
    parsed += chunk.text.length;
    if (parsed > PARSED_AT_ONCE) {
      parsed = 0;
      await setImmediate();
    }
    const source = yamlOf(file, chunk.text);
    if (source === undefined) {
      problems.push(ruleFileProblem(file, 'is nested too deep; write it flat', chunk.line + 1));
      continue;
    }
    if (source.problems.length === 1 && repeatsItself(chunk.text)) {
      const message = 'repeats its anchors so often that it would fill the memory; write the values out';
      problems.push(ruleFileProblem(file, message, chunk.line + 1));
      continue;
    }
    for (const { line, column, message, severity } of source.problems.slice(0, MOST_PROBLEMS))
      problems.push({ file, path: '', line: line + chunk.line, column, message: `is ${message}`, severity });
    // A marker with nothing behind it, such as one at the end.
    if (source.problems.length > 0 || source.value === null) continue;
    const place = (path: Path): { line: number; column: number } => {
      const { line, column } = placeOf(source, path);
      return { line: line + chunk.line, column };
    };
    const { runbook } = source.value as { readonly runbook?: unknown };
    if (typeof runbook === 'string' && !isPageOrPath(runbook)) {
      const message =
        'is neither a path nor an address of a page; write docs/runbooks/page.md, or https://...';
      problems.push({ file, path: 'runbook', ...place(['runbook']), message, severity: 'error' });
    } else documents.push({ file, value: source.value, place });
  }
  if (documents.length === 0 && problems.length === 0)
    problems.push(ruleFileProblem(file, 'is empty; write a rule, or remove the file'));
  return { documents, problems };
}

/** Of a member its key: there is what has to be changed where a field or a modifier is wrong. */
function placeOf(source: YamlSource, path: Path): { readonly line: number; readonly column: number } {
  const last = path.at(-1);
  return typeof last === 'string' ? source.atKey(path.slice(0, -1), last) : source.at(path);
}

/** Undefined for what is nested so deep that it cannot be read. */
function yamlOf(file: string, text: string): YamlSource | undefined {
  try {
    return readYaml(file, text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Valid, and no value all the same: aliases of aliases. The same problem is told of an alias without its anchor. */
function repeatsItself(text: string): boolean {
  const document = parseDocument(text);
  const anchors = new Set<string>();
  const aliases = new Set<string>();
  visit(document, {
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias: (_, { source }) => void aliases.add(source),
  });
  return document.errors.length === 0 && aliases.size > 0 && [...aliases].every((name) => anchors.has(name));
}

interface Chunk {
  readonly text: string;
  /** How many lines stand before it. */
  readonly line: number;
}

/**
 * The documents of a YAML stream. A line that begins with `---` or `...` is a marker wherever it stands, also in a text (YAML
 * 1.2.2, section 9.1.2).
 */
function chunksOf(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const lines = text.split('\n');
  let from = 0;
  let begun = false;
  const end = (to: number): void => {
    if (begun) chunks.push({ text: lines.slice(from, to).join('\n'), line: from });
    from = to;
    begun = false;
  };
  for (const [at, line] of lines.entries()) {
    if (MARKER.test(line) && begun) end(at);
    if (END.test(line)) end(at + 1);
    else if (MARKER.test(line) || !BETWEEN.test(line)) begun = true;
  }
  end(lines.length);
  return chunks;
}
