import { isJsonObject } from '@sallyport/core';

import { stepsOf } from './linear-pattern.ts';
import type { Judge, SchemaNode } from './schema-node.ts';

/**
 * `unevaluatedProperties`: whether each property of an object is evaluated by the node or by a schema of the
 * same object that the object satisfies, or else satisfies what the node says of the rest (2020-12 core,
 * section 11.3). ajv's own loses track where an alternative evaluates nothing: it throws, or accepts what it
 * must not.
 */
export function properties(value: object, node: SchemaNode, judge: Judge): boolean {
  const { unevaluated } = node;
  if (unevaluated === undefined) return true;
  const nodes = satisfied([node], value, judge);
  if (
    nodes.some((each) => each.additional !== undefined || (each !== node && each.unevaluated !== undefined))
  ) {
    return true;
  }
  return Object.entries(value).every(([name, part]) => {
    judge.budget.spend(nodes.length);
    return nodes.some((each) => names(each, name, judge)) || judge.satisfies(unevaluated, part);
  });
}

/** `unevaluatedItems`, likewise. */
export function items(value: readonly unknown[], node: SchemaNode, judge: Judge): boolean {
  const { unevaluatedItems } = node;
  if (unevaluatedItems === undefined) return true;
  const nodes = satisfied([node], value, judge);
  if (
    nodes.some((each) => each.items !== undefined || (each !== node && each.unevaluatedItems !== undefined))
  ) {
    return true;
  }
  const described = Math.max(...nodes.map((each) => each.prefixItems.length));
  return value.slice(described).every((element) => {
    judge.budget.spend(nodes.length);
    const isContained = nodes.some(
      ({ contains }) => contains !== undefined && judge.satisfies(contains, element),
    );
    return isContained || judge.satisfies(unevaluatedItems, element);
  });
}

function names(node: SchemaNode, name: string, { budget }: Judge): boolean {
  if (node.properties.has(name)) return true;
  return node.patterns.some(({ pattern }) => {
    budget.spend(stepsOf(pattern, name));
    return pattern.test(name);
  });
}

/** All schemas of a value that it satisfies, given some that it does. */
export function satisfied(nodes: readonly SchemaNode[], value: unknown, judge: Judge): readonly SchemaNode[] {
  if (nodes.every((node) => node.inPlace.length === 0)) return nodes;
  const found = new Set(nodes);
  for (const node of found) {
    for (const part of node.inPlace) {
      judge.budget.spend(1);
      switch (part.when) {
        case 'always':
          found.add(part.node);
          break;
        case 'satisfied':
          if (judge.satisfies(part.node, value)) found.add(part.node);
          break;
        case 'present':
          if (isJsonObject(value) && value[part.property] !== undefined) found.add(part.node);
          break;
        case 'if': {
          const holds = judge.satisfies(part.node, value);
          if (holds) found.add(part.node);
          const branch = holds ? part.then : part.otherwise;
          if (branch !== undefined) found.add(branch);
        }
      }
    }
  }
  return [...found];
}
