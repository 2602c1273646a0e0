import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

export type Path = readonly (string | number)[];

/** A YAML file as a value, with the way back from a path in the value to a place in the text. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at a path stands; the nearest enclosing value where the path leads nowhere. */
  at(path: Path): { readonly line: number; readonly column: number };
  /** Where a key of the mapping at a path stands. */
  atKey(path: Path, key: string): { readonly line: number; readonly column: number };
  /** Whether the text at a path is written as a block (`|`), whose lines are lines of the file. */
  isBlock(path: Path): boolean;
  /** Whether the text at a path stands on several lines that YAML joins to one (`>`, or without a mark). */
  isFolded(path: Path): boolean;
}

/** Reads YAML 1.2. Syntax errors, duplicate keys and second documents are problems, never exceptions. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  // The parser compares each key with all others; and its own warnings would go to standard error, with values.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const;
  const document = parseDocument(text, options);
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const wrong = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    why: explain(error),
  }));
  const twice = repeatedKeys(document).map((offset) => ({ offset, why: REPEATED_KEY }));
  const problems = [...wrong, ...twice].map(({ offset, why }): Problem => ({
    file,
    ...place(offset),
    message: `not valid YAML: ${why}`,
    severity: 'error',
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS() as unknown;
    } catch {
      // The library's own text would show the value.
      const message =
        'not valid YAML: a value that begins with * refers to an anchor, which is not there; put it in quotes';
      problems.push({ file, ...place(firstAlias(document)), message, severity: 'error' });
    }
  }
  const nodeAt = (path: Path): Node | null => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(node) ? node : null;
  };
  return {
    file,
    value,
    problems,
    at(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const start = nodeAt(path.slice(0, length))?.range?.[0];
        if (start !== undefined) return place(start);
      }
      return { line: 1, column: 1 };
    },
    atKey(path, key) {
      const map = nodeAt(path);
      if (isMap(map)) {
        for (const { key: node } of map.items) {
          if (isScalar(node) && node.value === key && node.range) return place(node.range[0]);
        }
      }
      return this.at(path);
    },
    isBlock(path) {
      const node = nodeAt(path);
      return isScalar(node) && node.type === 'BLOCK_LITERAL';
    },
    isFolded(path) {
      const node = nodeAt(path);
      if (!isScalar(node) || node.type === 'BLOCK_LITERAL' || !node.range) return false;
      return node.type === 'BLOCK_FOLDED' || text.slice(node.range[0], node.range[1]).includes('\n');
    },
  };
}

/** What to write instead, by the code of an error. Texts of the library may quote what stands in the file: a secret. */
const ADVICE: Readonly<Record<string, string>> = {
  TAG_RESOLVE_FAILED: 'a value that begins with ! is a tag; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'two colons in one line; put a text with ": " in it in quotes, and write a reference without a space: env:NAME',
  TAB_AS_INDENT: 'tabs are not allowed as indentation; use spaces',
  BAD_SCALAR_START: 'a text cannot begin with @ or `; put it in quotes',
};

const REPEATED_KEY = 'this key stands twice; remove one of them';

/** Where keys stand that their map has already (YAML 1.2.2, section 3.2.1.1); the same as the parser says of scalars. */
function repeatedKeys(document: ReturnType<typeof parseDocument>): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) offsets.push(key.range?.[0] ?? 0);
        known.add(key.value);
      }
    },
  });
  return offsets;
}

function explain({ code, message }: YAMLError): string {
  return ADVICE[code] ?? message.replace(/: .*$/s, '');
}

/** Where the first alias of a document stands whose anchor is missing, as far as can be told. */
function firstAlias(document: ReturnType<typeof parseDocument>): number {
  let offset = 0;
  const anchors = new Set<string>();
  visit(document, {
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias(_, { source, range }) {
      if (anchors.has(source)) return undefined;
      offset = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/**
 * The text at a path with as many line breaks before it as stand above it in the file, so that its line numbers are
 * those of the file. The text of a block scalar begins on the line after its `|`.
 */
export function inPlace(source: YamlSource, path: Path, text: string): string {
  const above = source.at(path).line - (source.isBlock(path) ? 0 : 1);
  return '\n'.repeat(above) + text;
}
