/**
 * Copies the part of the compiled OCSF schema that the mappers use into `schemas/`, without its descriptions:
 * `tsx scripts/cut-ocsf-schema.ts PATH_OF_THE_COMPILED_SCHEMA`, then `oxfmt schemas`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const VERSION = '1.8.0';

const CLASSES = [
  'api_activity',
  'application_lifecycle',
  'authentication',
  'authorize_session',
  'detection_finding',
];

const PROFILES = ['ai_operation', 'datetime', 'security_control', 'trace'];

/** A value of an object that is not named here is one that the mappers do not write. */
const OBJECTS = [
  'actor',
  'analysis_target',
  'analytic',
  'anomaly',
  'anomaly_analysis',
  'api',
  'application',
  'authorization',
  'baseline',
  'evidences',
  'finding_info',
  'group',
  'message_context',
  'metadata',
  'network_endpoint',
  'object',
  'observation',
  'policy',
  'product',
  'related_event',
  'remediation',
  'request',
  'resource_details',
  'response',
  'service',
  'trace',
  'user',
];

interface Attribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement: string;
  readonly profiles?: readonly string[] | null;
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  readonly sibling?: string;
  readonly '@deprecated'?: { readonly since: string };
}

interface Entity {
  readonly uid?: number;
  readonly caption: string;
  readonly profiles?: readonly string[];
  readonly constraints?: Readonly<Record<string, readonly string[]>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface DataType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

interface Schema {
  readonly version: string;
  readonly classes: Readonly<Record<string, Entity>>;
  readonly objects: Readonly<Record<string, Entity>>;
  readonly profiles: Readonly<Record<string, { readonly caption: string }>>;
  readonly dictionary: { readonly types: { readonly attributes: Readonly<Record<string, DataType>> } };
}

function attribute(from: Attribute): object {
  const { type, object_type, is_array, requirement, profiles, sibling } = from;
  return {
    type,
    ...(object_type !== undefined && { object_type }),
    ...(is_array === true && { is_array }),
    requirement,
    ...(profiles != null && { profiles }),
    ...(sibling !== undefined && { sibling }),
    ...(from.enum && { enum: mapped(from.enum, ({ caption }) => caption) }),
    ...(from['@deprecated'] && { deprecated: from['@deprecated'].since }),
  };
}

function entity({ uid, caption, profiles, constraints, attributes }: Entity): object {
  return {
    ...(uid !== undefined && { uid }),
    caption,
    ...(profiles && { profiles }),
    ...(constraints && { constraints }),
    attributes: mapped(attributes, attribute),
  };
}

function mapped<T>(from: Readonly<Record<string, T>>, map: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
}

function picked<T>(from: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(
    names.map((name) => {
      const value = from[name];
      if (value === undefined) throw new Error(`The schema has no ${name}.`);
      return [name, value];
    }),
  );
}

const path = process.argv[2];
if (path === undefined) throw new Error('Name the compiled schema: cut-ocsf-schema.ts PATH');
const full = JSON.parse(readFileSync(path, 'utf8')) as Schema;
if (full.version !== VERSION)
  throw new Error(`The mappers are pinned to OCSF ${VERSION}, not ${full.version}.`);

const part = {
  version: full.version,
  profiles: mapped(picked(full.profiles, PROFILES), ({ caption }) => caption),
  types: mapped(full.dictionary.types.attributes, ({ type, regex, max_len, range }) => ({
    ...(type !== undefined && { type }),
    ...(regex !== undefined && { regex }),
    ...(max_len !== undefined && { max_len }),
    ...(range !== undefined && { range }),
  })),
  classes: mapped(picked(full.classes, CLASSES), entity),
  objects: mapped(picked(full.objects, OBJECTS), entity),
};
writeFileSync(
  new URL(`../schemas/ocsf-${VERSION}.json`, import.meta.url),
  `${JSON.stringify(part, null, 2)}\n`,
);
