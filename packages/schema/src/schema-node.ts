import type { JsonObject } from '@sallyport/core';

import type { Budget } from './budget.ts';
import type { LinearPattern } from './linear-pattern.ts';

/**
 * One schema of a definition, as it was read: checked, without annotations, references resolved. `emitted` is
 * what ajv compiles; the other members are what tells declared properties from undeclared ones.
 */
export interface SchemaNode {
  /** Unique in its definition, and the key under which ajv knows it. */
  readonly id: string;
  /** In the 2020-12 dialect; other nodes stand in it as `{ $ref: id }`. */
  emitted: JsonObject | boolean;
  readonly properties: Map<string, SchemaNode>;
  readonly patterns: { readonly pattern: LinearPattern; readonly node: SchemaNode }[];
  /** For properties that `properties` and `patterns` do not name. */
  additional?: SchemaNode;
  /** For properties that neither this node nor another of the same value names. */
  unevaluated?: SchemaNode;
  readonly prefixItems: SchemaNode[];
  items?: SchemaNode;
  contains?: SchemaNode;
  /** For elements that neither this node nor another of the same value describes. */
  unevaluatedItems?: SchemaNode;
  /** Schemas of the same value. */
  readonly inPlace: InPlace[];
}

/** When a schema of the same value counts. */
export type InPlace =
  | { readonly when: 'always'; readonly node: SchemaNode }
  | { readonly when: 'satisfied'; readonly node: SchemaNode }
  | { readonly when: 'present'; readonly property: string; readonly node: SchemaNode }
  | {
      readonly when: 'if';
      readonly node: SchemaNode;
      readonly then: SchemaNode | undefined;
      readonly otherwise: SchemaNode | undefined;
    };

/** What tells whether a value satisfies a node. */
export interface Judge {
  satisfies(node: SchemaNode, value: unknown): boolean;
  readonly budget: Budget;
}

/** Whether a node accepts every value, and so says nothing. */
export function isTrivial(node: SchemaNode): boolean {
  return node.emitted === true || (node.emitted !== false && Object.keys(node.emitted).length === 0);
}
