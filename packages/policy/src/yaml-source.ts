import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map((error): Problem => ({
    file,
    ...place(error.pos[0]),
    message: `not valid YAML: ${error.message}`,
    severity: 'error',
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS() as unknown;
    } catch (error) {
      problems.push({
        file,
        line: 1,
        column: 1,
        message: `not valid YAML: ${(error as Error).message}`,
        severity: 'error',
      });
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

/**
 * The text at a path with as many line breaks before it as stand above it in the file, so that its line numbers are
 * those of the file. The text of a block scalar begins on the line after its `|`.
 */
export function inPlace(source: YamlSource, path: Path, text: string): string {
  const above = source.at(path).line - (source.isBlock(path) ? 0 : 1);
  return '\n'.repeat(above) + text;
}
