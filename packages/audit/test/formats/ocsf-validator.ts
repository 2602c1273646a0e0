import { readFileSync } from 'node:fs';

export interface Attribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: true;
  readonly requirement: 'required' | 'recommended' | 'optional';
  readonly profiles?: readonly string[];
  readonly sibling?: string;
  readonly enum?: Readonly<Record<string, string>>;
  readonly deprecated?: string;
}

export interface Entity {
  readonly uid?: number;
  readonly caption: string;
  readonly profiles?: readonly string[];
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface DataType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

export interface OcsfSchema {
  readonly version: string;
  readonly types: Readonly<Record<string, DataType>>;
  readonly classes: Readonly<Record<string, Entity>>;
  readonly objects: Readonly<Record<string, Entity>>;
}

export type Values = Readonly<Record<string, unknown>>;

export const OCSF = JSON.parse(
  readFileSync(new URL('../../schemas/ocsf-1.8.0.json', import.meta.url), 'utf8'),
) as OcsfSchema;

/** The class that an event says it is of. */
export function classOf(event: Values): Entity | undefined {
  return Object.values(OCSF.classes).find(({ uid }) => uid === event['class_uid']);
}

/** What is wrong with an event, as `path: problem`; empty for a valid one. */
export function ocsfProblems(event: Values): string[] {
  const found = classOf(event);
  if (found === undefined) return ['class_uid: no class that is known'];
  const metadata = isObject(event['metadata']) ? event['metadata'] : {};
  const profiles = Array.isArray(metadata['profiles']) ? (metadata['profiles'] as unknown[]) : [];
  const problems: string[] = [];
  if (metadata['version'] !== OCSF.version) problems.push(`metadata.version: not ${OCSF.version}`);
  for (const profile of profiles) {
    if (!found.profiles?.includes(String(profile))) problems.push(`metadata.profiles: not one of the class`);
  }
  if (event['type_uid'] !== Number(event['class_uid']) * 100 + Number(event['activity_id'])) {
    problems.push('type_uid: not of the class and the activity');
  }
  return [...problems, ...entityProblems(event, found, '', new Set(profiles))];
}

function entityProblems(
  values: Values,
  entity: Entity,
  path: string,
  profiles: ReadonlySet<unknown>,
): string[] {
  const problems: string[] = [];
  const active = (attribute: Attribute): boolean =>
    attribute.profiles === undefined || attribute.profiles.some((profile) => profiles.has(profile));
  for (const [name, attribute] of Object.entries(entity.attributes)) {
    if (attribute.requirement === 'required' && active(attribute) && !Object.hasOwn(values, name)) {
      problems.push(`${path}${name}: required`);
    }
  }
  for (const [name, value] of Object.entries(values)) {
    const attribute = Object.hasOwn(entity.attributes, name) ? entity.attributes[name] : undefined;
    if (attribute === undefined) problems.push(`${path}${name}: unknown`);
    else if (!active(attribute)) problems.push(`${path}${name}: of a profile that is not named`);
    else problems.push(...attributeProblems(value, attribute, `${path}${name}`, values, profiles));
  }
  const { at_least_one: some, just_one: one } = entity.constraints ?? {};
  const count = (names: readonly string[]): number =>
    names.filter((name) => Object.hasOwn(values, name)).length;
  if (some !== undefined && count(some) === 0) problems.push(`${path}: at least one of ${some.join(', ')}`);
  if (one !== undefined && count(one) !== 1) problems.push(`${path}: just one of ${one.join(', ')}`);
  return problems;
}

function attributeProblems(
  value: unknown,
  attribute: Attribute,
  path: string,
  values: Values,
  profiles: ReadonlySet<unknown>,
): string[] {
  if (attribute.deprecated !== undefined) return [`${path}: deprecated since ${attribute.deprecated}`];
  if ((attribute.is_array === true) !== Array.isArray(value) && attribute.type !== 'json_t') {
    return [`${path}: ${attribute.is_array === true ? 'not an array' : 'an array'}`];
  }
  if (attribute.is_array === true) {
    return (value as unknown[]).flatMap((item, index) =>
      itemProblems(item, attribute, `${path}[${index}]`, profiles),
    );
  }
  return [
    ...itemProblems(value, attribute, path, profiles),
    ...siblingProblems(value, attribute, path, values),
  ];
}

function itemProblems(
  value: unknown,
  attribute: Attribute,
  path: string,
  profiles: ReadonlySet<unknown>,
): string[] {
  if (attribute.type === 'object_t') {
    const entity = OCSF.objects[attribute.object_type ?? ''];
    if (entity === undefined) return [`${path}: an object that the copied part of the schema does not hold`];
    if (!isObject(value)) return [`${path}: not an object`];
    return isFree(entity) ? [] : entityProblems(value, entity, `${path}.`, profiles);
  }
  if (!isOfType(value, attribute.type)) return [`${path}: not of type ${attribute.type}`];
  if (attribute.enum !== undefined && !Object.hasOwn(attribute.enum, String(value)))
    return [`${path}: not in the enum`];
  return [];
}

/** A caption belongs to its number; 99 is explained by a word that is no caption. */
function siblingProblems(
  value: unknown,
  { sibling, enum: captions }: Attribute,
  path: string,
  values: Values,
): string[] {
  if (sibling === undefined || captions === undefined) return [];
  const said = values[sibling];
  if (value === 99) return typeof said === 'string' && said !== '' ? [] : [`${path}: 99 without ${sibling}`];
  return said === undefined || said === captions[String(value)]
    ? []
    : [`${path}: ${sibling} is another caption`];
}

/** The object without attributes of its own, such as `unmapped`. */
export function isFree(entity: Entity): boolean {
  return Object.keys(entity.attributes).length === 0;
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, name: string): boolean {
  const type = OCSF.types[name];
  if (type === undefined) return false;
  switch (type.type ?? name) {
    case 'string_t':
      return (
        typeof value === 'string' &&
        (type.max_len === undefined || value.length <= type.max_len) &&
        (type.regex === undefined || new RegExp(type.regex).test(value))
      );
    case 'integer_t':
    case 'long_t':
      return (
        Number.isSafeInteger(value) &&
        (type.range === undefined || (Number(value) >= type.range[0] && Number(value) <= type.range[1]))
      );
    case 'float_t':
      return typeof value === 'number';
    case 'boolean_t':
      return typeof value === 'boolean';
    case 'json_t':
      return true;
    default:
      return false;
  }
}
