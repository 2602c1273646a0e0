import { isJsonObject, type JsonObject } from '@sallyport/core';

import { satisfied } from './evaluated.ts';
import { stepsOf } from './linear-pattern.ts';
import { isTrivial, type Judge, type SchemaNode } from './schema-node.ts';
import { type Path, showDeclared, showPointer, type Violation } from './violation.ts';

/**
 * The strict rule, on a value that satisfies its schema: a property is declared when a schema that its object
 * satisfies names it (`properties`, `patternProperties`) or says of all other properties what they must be.
 * `additionalProperties: true` declares nothing. Below the top, an object for which no schema declares any
 * property is free-form, and so is all that is in it.
 *
 * This is `unevaluatedProperties: false` at every object, except that all schemas of one object count
 * together.
 */
export function findUndeclared(value: unknown, root: SchemaNode, judge: NamingJudge): Violation | undefined {
  return search(value, [root], undefined, judge);
}

/** Also knows the names that may be shown. */
export interface NamingJudge extends Judge {
  readonly names: ReadonlySet<string>;
}

/** A position in the value, innermost first; undefined is the top. */
interface Place {
  readonly token: string | number;
  readonly outer: Place | undefined;
}

function search(
  value: unknown,
  schemas: readonly SchemaNode[],
  place: Place | undefined,
  judge: NamingJudge,
): Violation | undefined {
  if (typeof value !== 'object' || value === null || schemas.length === 0) return undefined;
  const nodes = satisfied(schemas, value, judge);
  return isJsonObject(value)
    ? searchObject(value, nodes, place, judge)
    : searchArray(value as readonly unknown[], nodes, place, judge);
}

function searchObject(
  value: JsonObject,
  nodes: readonly SchemaNode[],
  place: Place | undefined,
  judge: NamingJudge,
): Violation | undefined {
  const isFree = place !== undefined && !nodes.some(declares);
  if (isFree) return undefined;
  const [only] = nodes;
  const simple = nodes.length === 1 && only?.patterns.length === 0 ? only.properties : undefined;
  for (const token in value) {
    const part = value[token];
    // Not on the wire, where JSON has no undefined.
    if (part === undefined) continue;
    const named = simple?.get(token);
    if (named !== undefined && typeof part !== 'object') continue;
    const schemas = named === undefined ? schemasOf(token, nodes, judge) : [named];
    if (schemas.length === 0) return violation(nodes, place, judge.names);
    const found = search(part, schemas, { token, outer: place }, judge);
    if (found !== undefined) return found;
  }
  return undefined;
}

function searchArray(
  value: readonly unknown[],
  nodes: readonly SchemaNode[],
  place: Place | undefined,
  judge: NamingJudge,
): Violation | undefined {
  for (const [token, part] of value.entries()) {
    if (typeof part !== 'object' || part === null) continue;
    judge.budget.spend(nodes.length);
    const schemas = nodes.flatMap(
      (node) => node.prefixItems[token] ?? node.items ?? node.unevaluatedItems ?? [],
    );
    const found = search(part, schemas, { token, outer: place }, judge);
    if (found !== undefined) return found;
  }
  return undefined;
}

function violation(
  nodes: readonly SchemaNode[],
  place: Place | undefined,
  names: ReadonlySet<string>,
): Violation {
  const path: Path[number][] = [];
  for (let at = place; at !== undefined; at = at.outer) path.unshift(at.token);
  const declared = new Set(nodes.flatMap((node) => [...node.properties.keys()]));
  return {
    pointer: showPointer(path, names),
    rule: 'undeclared',
    text: `must not have properties that the schema does not declare; ${showDeclared(declared)}`,
  };
}

function declares(node: SchemaNode): boolean {
  return (
    node.properties.size > 0 ||
    node.patterns.length > 0 ||
    saysMore(node.additional) !== undefined ||
    saysMore(node.unevaluated) !== undefined
  );
}

function saysMore(node: SchemaNode | undefined): SchemaNode | undefined {
  return node === undefined || isTrivial(node) ? undefined : node;
}

/** The schemas that declare a property; none when it is undeclared. */
function schemasOf(name: string, nodes: readonly SchemaNode[], { budget }: Judge): SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const node of nodes) {
    budget.spend(1);
    const named = node.properties.get(name);
    if (named !== undefined) found.push(named);
    const before = found.length;
    for (const { pattern, node: schema } of node.patterns) {
      budget.spend(stepsOf(pattern, name));
      if (pattern.test(name)) found.push(schema);
    }
    const others = saysMore(node.additional);
    if (others !== undefined && named === undefined && found.length === before) found.push(others);
  }
  if (found.length > 0) return found;
  return nodes.flatMap((node) => saysMore(node.unevaluated) ?? []);
}
