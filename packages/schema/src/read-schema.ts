import { isJsonObject, type JsonObject } from '@sallyport/core';

import { SchemaDocument } from './document.ts';
import { type Dialect, dialectOf, NOT_IN_DRAFT_07 } from './keywords.ts';
import { SCHEMA_BOUNDS } from './limits.ts';
import { type LinearPattern, linearPattern } from './linear-pattern.ts';
import { measure } from './measure.ts';
import { KeywordReader, type Surroundings } from './read-keywords.ts';
import type { SchemaNode } from './schema-node.ts';
import { Untranslatable } from './translate-pattern.ts';
import { UnusableSchema } from './unusable.ts';

const MOST_SUBSCHEMAS = 2_500;

export interface ReadSchema {
  readonly root: SchemaNode;
  /** Every node that stands as a reference in another, and the root; parts before what contains them. */
  readonly nodes: readonly SchemaNode[];
  /** By their text. */
  readonly patterns: ReadonlyMap<string, LinearPattern>;
  /** All property names that the schema declares anywhere: what may be shown of a position in a value. */
  readonly names: ReadonlySet<string>;
}

/**
 * Reads a schema that nobody vouches for. What ajv compiles is written here, from the keywords of the
 * standard and nothing else: no `$data`, `$async` or other extensions, no identifiers and no references but
 * to nodes of this schema. Draft-07 is put into the words of 2020-12 on the way.
 *
 * @throws UnusableSchema naming the place and what is wrong with it
 */
export function readSchema(schema: unknown): ReadSchema {
  const { problem } = measure(schema, SCHEMA_BOUNDS);
  switch (problem) {
    case 'too deep':
      throw new UnusableSchema('', `is nested more than ${SCHEMA_BOUNDS.depth} deep`);
    case 'too large':
      throw new UnusableSchema('', 'is larger than 256 KiB or 20,000 values');
    case '__proto__':
      throw new UnusableSchema('', 'names something "__proto__"');
    case undefined:
  }
  const dialect = isJsonObject(schema) ? dialectOf(schema['$schema']) : '2020-12';
  if (dialect === undefined) {
    throw new UnusableSchema('/$schema', 'names a dialect other than JSON Schema 2020-12 and draft-07');
  }
  const document = new SchemaDocument(schema, dialect);
  const reader = new Reader(document, dialect);
  const root = reader.read(schema, document.base, '');
  const { nodes, patterns, names } = reader;
  return { root, nodes, patterns, names };
}

class Reader implements Surroundings {
  readonly nodes: SchemaNode[] = [];
  readonly patterns = new Map<string, LinearPattern>();
  readonly names = new Set<string>();
  readonly #document: SchemaDocument;
  readonly #dialect: Dialect;
  readonly #known = new Map<object, SchemaNode>();
  /** Nodes without subschemas, which are emitted where they stand. */
  readonly #leaves = new Set<SchemaNode>();
  #count = 0;

  constructor(document: SchemaDocument, dialect: Dialect) {
    this.#document = document;
    this.#dialect = dialect;
  }

  read(schema: unknown, outer: string, at: string): SchemaNode {
    if (typeof schema === 'boolean') return this.#node(schema);
    if (!isJsonObject(schema))
      throw new UnusableSchema(at, 'is not a schema: write an object, true or false');
    const known = this.#known.get(schema);
    if (known !== undefined) return known;
    const emitted: Record<string, unknown> = {};
    const node = this.#node(emitted);
    this.#known.set(schema, node);
    const base = this.#document.baseOf(schema, outer);
    new KeywordReader(this, node, emitted, this.#visible(schema), { base, at }).all();
    if (node.inPlace.length === 0 && !hasChildren(emitted)) this.#leaves.add(node);
    if (at === '' || !this.#leaves.has(node)) this.nodes.push(node);
    return node;
  }

  emit(node: SchemaNode): JsonObject | boolean {
    return typeof node.emitted === 'boolean' || this.#leaves.has(node) ? node.emitted : { $ref: node.id };
  }

  keep(node: SchemaNode): void {
    if (this.#leaves.delete(node)) this.nodes.push(node);
  }

  resolve(reference: unknown, base: string, at: string, dynamic: boolean): SchemaNode {
    if (typeof reference !== 'string') throw new UnusableSchema(at, 'has to be a string');
    const target = dynamic
      ? this.#document.resolveDynamic(reference, base, at)
      : this.#document.resolve(reference, base, at);
    return this.read(target.schema, target.base, at);
  }

  pattern(source: string, at: string): LinearPattern {
    const known = this.patterns.get(source);
    if (known !== undefined) return known;
    try {
      const pattern = linearPattern(source);
      this.patterns.set(source, pattern);
      return pattern;
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      throw new UnusableSchema(at, `has a pattern that cannot be matched in linear time: ${error.message}`);
    }
  }

  #node(emitted: JsonObject | boolean): SchemaNode {
    this.#count += 1;
    if (this.#count > MOST_SUBSCHEMAS)
      throw new UnusableSchema('', `has more than ${MOST_SUBSCHEMAS} subschemas`);
    const id = `n${this.#count}`;
    return { id, emitted, properties: new Map(), patterns: [], prefixItems: [], inPlace: [] };
  }

  #visible(schema: JsonObject): JsonObject {
    if (this.#dialect !== 'draft-07') return schema;
    // Draft-07 core, section 8.3: everything beside a `$ref` is ignored.
    if (schema['$ref'] !== undefined) return { $ref: schema['$ref'] };
    return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !NOT_IN_DRAFT_07.has(keyword)));
  }
}

const CHILDREN = [
  'additionalProperties',
  'contains',
  'items',
  'not',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];

function hasChildren(emitted: Record<string, unknown>): boolean {
  return CHILDREN.some((keyword) => keyword in emitted);
}
