import type { ErrorObject } from 'ajv/dist/2020.js';

import type { SchemaNode } from './schema-node.ts';
import { declaredAt, type Path, showDeclared, showPointer, type Violation } from './violation.ts';

const MOST_SHOWN = 20;
const LONGEST_SHOWN = 200;
/** Keywords that fail because of other failures. */
const ALTERNATIVES = new Set(['anyOf', 'oneOf']);

/** What ajv found, in words that name rules and limits of the schema and nothing of the value. */
export function explain(
  errors: readonly ErrorObject[],
  value: unknown,
  root: SchemaNode,
  names: ReadonlySet<string>,
): Violation {
  const last = errors.at(-1);
  if (last === undefined) return { pointer: '', rule: 'false schema', text: 'must not be there' };
  const { error, text } = ALTERNATIVES.has(last.keyword) ? mostTelling(errors, last) : { error: last };
  const path = pathOf(error.instancePath, value);
  return {
    pointer: showPointer(path, names),
    rule: error.keyword,
    text: text ?? describe(error, () => declaredAt(root, path)),
  };
}

interface Telling {
  readonly error: ErrorObject;
  /** Default: what the error alone says. */
  readonly text?: string;
}

/**
 * Of the failures of alternatives, the one that a reader can act on. The deepest was meant most likely,
 * unless it only says that another alternative was meant (`const`); of those at the place itself, the only
 * one that is not about the type (a nullable value).
 */
function mostTelling(errors: readonly ErrorObject[], last: ErrorObject): Telling {
  if ((last.params as { passingSchemas?: unknown }).passingSchemas != null) {
    return {
      error: last,
      text: 'must match exactly one of the alternatives in the schema, and matches several',
    };
  }
  const inside = errors.filter((error) => !ALTERNATIVES.has(error.keyword) && isWithin(error, last));
  const depth = Math.max(0, ...inside.map(depthOf));
  const deepest = inside.filter((error) => depthOf(error) === depth);
  const isDeeper = depth > depthOf(last);
  const choices = deepest.filter((error) => error.keyword === 'const');
  const types = deepest.filter((error) => error.keyword === 'type');
  const [other, ...others] = deepest.filter((error) => error.keyword !== 'type' && error.keyword !== 'const');
  if (other !== undefined && (isDeeper || others.length === 0)) return { error: other };
  const [type] = types;
  if (type !== undefined && (isDeeper || choices.length === 0)) {
    const here = types.filter((error) => error.instancePath === type.instancePath);
    return { error: type, text: `must be ${[...new Set(here.map(typeOf))].join(' or ')}` };
  }
  const [choice] = choices;
  if (choice !== undefined && choices.every((error) => error.instancePath === choice.instancePath)) {
    const values = choices.map((error) => (error.params as { allowedValue: unknown }).allowedValue);
    return { error: choice, text: `must be ${values.length > 1 ? 'one of ' : ''}${showAll(values)}` };
  }
  return { error: last, text: 'must match one of the alternatives in the schema' };
}

function isWithin(error: ErrorObject, outer: ErrorObject): boolean {
  return error.instancePath === outer.instancePath || error.instancePath.startsWith(`${outer.instancePath}/`);
}

function depthOf(error: ErrorObject): number {
  return error.instancePath.split('/').length;
}

function pathOf(instancePath: string, value: unknown): Path {
  const path: (string | number)[] = [];
  let part = value;
  for (const token of instancePath.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(part) ? Number(key) : key);
    part = typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined;
  }
  return path;
}

function typeOf(error: ErrorObject): string {
  const { type } = error.params as { readonly type: string | readonly string[] };
  return typeof type === 'string' ? type : type.join(' or ');
}

/** `params` come from the schema, except the names of offending properties, which are not used. */
function describe(error: ErrorObject, declared: () => ReadonlySet<string>): string {
  const params = error.params as Readonly<Record<string, unknown>>;
  const limit = String(params['limit']);
  switch (error.keyword) {
    case 'type':
      return `must be ${typeOf(error)}`;
    case 'required':
      return `must have the property ${show(params['missingProperty'])}`;
    case 'dependentRequired':
      return `must have the property ${show(params['missingProperty'])} beside ${show(params['property'])}`;
    case 'enum':
      return `must be one of ${showAll(params['allowedValues'] as readonly unknown[])}`;
    case 'const':
      return `must be ${show(params['allowedValue'])}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${String(params['comparison'])} ${limit}`;
    case 'multipleOf':
      return `must be a multiple of ${String(params['multipleOf'])}`;
    case 'minLength':
      return `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return `must have at least ${limit} elements`;
    case 'maxItems':
      return `must have at most ${limit} elements`;
    case 'items':
    case 'unevaluatedItems':
      return 'must not have more elements than the schema describes';
    case 'minProperties':
      return `must have at least ${limit} properties`;
    case 'maxProperties':
      return `must have at most ${limit} properties`;
    case 'pattern':
      return `must match the pattern ${show(params['pattern'])}`;
    case 'format':
      return `must be in the format ${show(params['format'])}`;
    case 'uniqueItems':
      return 'must not have equal elements';
    case 'contains':
      return 'must have elements as the schema demands';
    case 'propertyNames':
      return 'must only have property names that the schema allows';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `must not have other properties than the schema declares; ${showDeclared(declared())}`;
    case 'false schema':
      return 'must not be there';
    default:
      return 'must be as the schema demands';
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

function showAll(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_SHOWN).map(show).join(', ');
  return values.length > MOST_SHOWN ? `${shown}, ...` : shown;
}
