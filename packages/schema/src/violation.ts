import type { SchemaNode } from './schema-node.ts';
import { step } from './unusable.ts';

/** What in a value breaks a schema: where, which rule, and what the rule asks for. Never the value. */
export interface Violation {
  /**
   * JSON pointer (RFC 6901) to the value. What is no name of the schema and no position in an array is `*`.
   */
  readonly pointer: string;
  /** The keyword; `undeclared` for what strictness adds, `steps` for a value that takes too long to check. */
  readonly rule: string;
  /** The rest of a sentence that begins with the pointer: `must be >= 1`. */
  readonly text: string;
}

export type Path = readonly (string | number)[];

/**
 * A caller chooses the keys of a map, and they may be as private as its values; those of the schema are no
 * secret.
 */
export function showPointer(path: Path, names: ReadonlySet<string>): string {
  return path.reduce<string>(
    (pointer, token) => step(pointer, typeof token === 'number' || names.has(token) ? token : '*'),
    '',
  );
}

const MOST_SHOWN = 20;
const LONGEST_SHOWN = 64;

/** Which properties an object may have, from the schema, for whoever has to correct it. */
export function showDeclared(names: ReadonlySet<string>): string {
  if (names.size === 0) return 'none are declared';
  const shown = [...names].slice(0, MOST_SHOWN).map((name) => JSON.stringify(name.slice(0, LONGEST_SHOWN)));
  return `declared are ${shown.join(', ')}${names.size > MOST_SHOWN ? ', ...' : ''}`;
}

/** The names that any schema of the value at `path` declares, satisfied or not: for messages only. */
export function declaredAt(root: SchemaNode, path: Path): ReadonlySet<string> {
  let nodes = closure([root]);
  for (const token of path) nodes = closure(nodes.flatMap((node) => childrenOf(node, token)));
  return new Set(nodes.flatMap((node) => [...node.properties.keys()]));
}

function closure(nodes: readonly SchemaNode[]): SchemaNode[] {
  const found = new Set(nodes);
  for (const node of found) {
    for (const part of node.inPlace) {
      found.add(part.node);
      if (part.when !== 'if') continue;
      if (part.then !== undefined) found.add(part.then);
      if (part.otherwise !== undefined) found.add(part.otherwise);
    }
  }
  return [...found];
}

function childrenOf(node: SchemaNode, token: string | number): SchemaNode[] {
  if (typeof token === 'number') {
    const item = node.prefixItems[token] ?? node.items ?? node.unevaluatedItems;
    return item === undefined ? [] : [item];
  }
  const child = node.properties.get(token) ?? node.additional ?? node.unevaluated;
  return [...(child === undefined ? [] : [child]), ...node.patterns.map((each) => each.node)];
}
