import { isJsonObject, type JsonObject } from '@sallyport/core';

import { STEPS_PER_NAME } from './budget.ts';
import { FORMATS } from './formats.ts';
import { ASSERTIONS } from './keywords.ts';
import type { LinearPattern } from './linear-pattern.ts';
import { SCHEMA_BOUNDS } from './limits.ts';
import { measure } from './measure.ts';
import type { InPlace, SchemaNode } from './schema-node.ts';
import { step, UnusableSchema } from './unusable.ts';

/** Of a list or an object of schemas: ajv nests one block for each, and V8's parser recurses into each. */
const MOST_MEMBERS = 500;
/** Keywords for which ajv goes through the names of an object, however few the schema has. */
const LISTING = [
  'additionalProperties',
  'maxProperties',
  'minProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
];

/** What reading one schema object needs to know of its document. */
export interface Surroundings {
  /** All property names declared so far. */
  readonly names: Set<string>;
  read(schema: unknown, base: string, at: string): SchemaNode;
  resolve(reference: unknown, base: string, at: string, dynamic: boolean): SchemaNode;
  pattern(source: string, at: string): LinearPattern;
  /** Has a node compiled on its own, since it decides about others. */
  keep(node: SchemaNode): void;
  /** A node as it stands in the schema of another. */
  emit(node: SchemaNode): JsonObject | boolean;
}

/** Where a schema object stands. */
export interface Position {
  readonly base: string;
  /** JSON pointer from the root of the document. */
  readonly at: string;
}

/** Puts the keywords of one schema object into its node, and what ajv gets of them into `out`. */
export class KeywordReader {
  readonly #reader: Surroundings;
  readonly #node: SchemaNode;
  readonly #out: Record<string, unknown>;
  readonly #schema: JsonObject;
  readonly #base: string;
  readonly #at: string;
  #steps = 1;

  constructor(
    reader: Surroundings,
    node: SchemaNode,
    out: Record<string, unknown>,
    schema: JsonObject,
    { base, at }: Position,
  ) {
    this.#reader = reader;
    this.#node = node;
    this.#out = out;
    this.#schema = schema;
    this.#base = base;
    this.#at = at;
  }

  all(): void {
    this.#assertions();
    this.#strings();
    this.#branches();
    this.#conditions();
    this.#properties();
    this.#items();
    this.#cost();
  }

  #has(keyword: string): boolean {
    return this.#schema[keyword] !== undefined;
  }

  #assertions(): void {
    for (const [keyword, { isValid, expected }] of Object.entries(ASSERTIONS)) {
      if (!this.#has(keyword)) continue;
      const value = this.#schema[keyword];
      if (!isValid(value)) throw new UnusableSchema(step(this.#at, keyword), `has to be ${expected}`);
      this.#out[keyword] = value;
      this.#steps += typeof value === 'object' ? (measure(value, SCHEMA_BOUNDS).size ?? 0) : 0;
    }
  }

  #strings(): void {
    const { pattern, format } = this.#schema;
    if (pattern !== undefined) {
      const at = step(this.#at, 'pattern');
      if (typeof pattern !== 'string') throw new UnusableSchema(at, 'has to be a regular expression');
      this.#reader.pattern(pattern, at);
      this.#out['pattern'] = pattern;
    }
    // Unknown formats are annotations (2020-12 validation, section 7.2.3).
    if (typeof format === 'string' && Object.hasOwn(FORMATS, format)) this.#out['format'] = format;
  }

  #branches(): void {
    const always = this.#list('allOf');
    if (this.#has('$ref')) always.push(this.#reference('$ref', false));
    if (this.#has('$dynamicRef')) always.push(this.#reference('$dynamicRef', true));
    if (always.length > 0) this.#out['allOf'] = always.map((node) => this.#reader.emit(node));
    for (const node of always) this.#inPlace({ when: 'always', node });
    for (const keyword of ['anyOf', 'oneOf']) {
      if (!this.#has(keyword)) continue;
      const nodes = this.#list(keyword);
      this.#out[keyword] = nodes.map((node) => this.#reader.emit(node));
      for (const node of nodes) this.#inPlace({ when: 'satisfied', node });
    }
    this.#emitted('not');
  }

  #conditions(): void {
    const node = this.#emitted('if');
    if (node !== undefined) {
      this.#reader.keep(node);
      this.#inPlace({ when: 'if', node, then: this.#emitted('then'), otherwise: this.#emitted('else') });
    }
    const schemas = this.#map('dependentSchemas');
    if (schemas.length > 0) this.#out['dependentSchemas'] = this.#emitMap(schemas);
    for (const [property, each] of schemas) this.#inPlace({ when: 'present', property, node: each });
    if (this.#has('dependencies')) this.#dependencies();
  }

  /** Split in two since 2019-09; still written, and ignoring it would allow what the author refused. */
  #dependencies(): void {
    const at = step(this.#at, 'dependencies');
    const { dependencies } = this.#schema;
    if (!isJsonObject(dependencies)) throw new UnusableSchema(at, 'has to be an object');
    const required: Record<string, unknown> = {};
    const schemas: [string, SchemaNode][] = [];
    for (const [property, value] of Object.entries(dependencies)) {
      if (Array.isArray(value)) {
        if (ASSERTIONS['required']?.isValid(value) !== true) {
          throw new UnusableSchema(step(at, property), 'has to be a list of names, or a schema');
        }
        required[property] = value;
        continue;
      }
      const node = this.#read(value, step(at, property));
      schemas.push([property, node]);
      this.#inPlace({ when: 'present', property, node });
    }
    this.#steps += measure(dependencies, SCHEMA_BOUNDS).size ?? 0;
    this.#also({ dependentRequired: required, dependentSchemas: this.#emitMap(schemas) });
  }

  #properties(): void {
    const properties = this.#map('properties');
    for (const [name, node] of properties) {
      this.#node.properties.set(name, node);
      this.#reader.names.add(name);
    }
    if (properties.length > 0) this.#out['properties'] = this.#emitMap(properties);
    const patterns = this.#map('patternProperties');
    for (const [source, node] of patterns) {
      const pattern = this.#reader.pattern(source, step(step(this.#at, 'patternProperties'), source));
      this.#node.patterns.push({ pattern, node });
    }
    if (patterns.length > 0) this.#out['patternProperties'] = this.#emitMap(patterns);
    const additional = this.#emitted('additionalProperties');
    if (additional !== undefined) this.#node.additional = additional;
    this.#unevaluated('unevaluatedProperties', 'additionalProperties');
    this.#emitted('propertyNames');
  }

  /**
   * What is left over, which is what the node itself leaves over where no other schema has the same value.
   */
  #unevaluated(keyword: string, plainly: 'additionalProperties' | 'items'): void {
    if (!this.#has(keyword)) return;
    const node = this.#read(this.#schema[keyword], step(this.#at, keyword));
    if (plainly === 'items') this.#node.unevaluatedItems = node;
    else this.#node.unevaluated = node;
    const isAlone = this.#node.inPlace.length === 0 && this.#node.contains === undefined;
    if (plainly in this.#out) return;
    if (isAlone) {
      this.#out[plainly] = this.#reader.emit(node);
      return;
    }
    this.#reader.keep(node);
    this.#out[keyword] = this.#node.id;
  }

  #items(): void {
    // The array form of `items` is draft-07's; without a `$schema` it is still what its author meant.
    const tuple = Array.isArray(this.#schema['items']) ? 'items' : 'prefixItems';
    if (this.#has(tuple)) {
      const nodes = this.#list(tuple);
      this.#node.prefixItems.push(...nodes);
      if (nodes.length > 0) this.#out['prefixItems'] = nodes.map((node) => this.#reader.emit(node));
    }
    const items = this.#emitted(tuple === 'items' ? 'additionalItems' : 'items', 'items');
    if (items !== undefined) this.#node.items = items;
    const contains = this.#emitted('contains');
    if (contains !== undefined) {
      this.#reader.keep(contains);
      this.#node.contains = contains;
      this.#containsCounts();
    }
    this.#unevaluated('unevaluatedItems', 'items');
  }

  #containsCounts(): void {
    for (const keyword of ['minContains', 'maxContains']) {
      if (!this.#has(keyword)) continue;
      const value = this.#schema[keyword];
      if (ASSERTIONS['minItems']?.isValid(value) !== true) {
        throw new UnusableSchema(step(this.#at, keyword), 'has to be a whole number, zero or more');
      }
      this.#out[keyword] = value;
    }
  }

  /** The keywords that count the steps of a validation; see `Budget`. */
  #cost(): void {
    const keywords = Object.keys(this.#out).length;
    if (keywords === 0) return;
    this.#out['steps'] = this.#steps + keywords;
    const ofText = ['maxLength', 'minLength', 'format'].filter((keyword) => keyword in this.#out).length;
    if (ofText > 0) this.#out['textSteps'] = ofText;
    if (LISTING.some((keyword) => keyword in this.#out)) this.#out['nameSteps'] = STEPS_PER_NAME;
  }

  /** Keywords that have to stand in a schema of their own. */
  #also(keywords: JsonObject): void {
    this.#out['allOf'] = [keywords, ...((this.#out['allOf'] as readonly unknown[] | undefined) ?? [])];
  }

  #inPlace(part: InPlace): void {
    this.#node.inPlace.push(part);
    this.#steps += 1;
  }

  #reference(keyword: string, dynamic: boolean): SchemaNode {
    return this.#reader.resolve(this.#schema[keyword], this.#base, step(this.#at, keyword), dynamic);
  }

  #read(schema: unknown, at: string): SchemaNode {
    return this.#reader.read(schema, this.#base, at);
  }

  #emitted(keyword: string, as = keyword): SchemaNode | undefined {
    if (!this.#has(keyword)) return undefined;
    const node = this.#read(this.#schema[keyword], step(this.#at, keyword));
    this.#out[as] = this.#reader.emit(node);
    return node;
  }

  #list(keyword: string): SchemaNode[] {
    if (!this.#has(keyword)) return [];
    const at = step(this.#at, keyword);
    const list = this.#schema[keyword];
    if (!Array.isArray(list)) throw new UnusableSchema(at, 'has to be a list of schemas');
    if (list.length > MOST_MEMBERS) throw new UnusableSchema(at, `has more than ${MOST_MEMBERS} members`);
    this.#steps += list.length;
    return list.map((each: unknown, position) => this.#read(each, step(at, position)));
  }

  #map(keyword: string): [string, SchemaNode][] {
    if (!this.#has(keyword)) return [];
    const at = step(this.#at, keyword);
    const map = this.#schema[keyword];
    if (!isJsonObject(map)) throw new UnusableSchema(at, 'has to be an object of schemas');
    const entries = Object.entries(map);
    if (entries.length > MOST_MEMBERS) throw new UnusableSchema(at, `has more than ${MOST_MEMBERS} members`);
    this.#steps += entries.length;
    return entries.map(([name, schema]) => [name, this.#read(schema, step(at, name))]);
  }

  #emitMap(nodes: readonly (readonly [string, SchemaNode])[]): JsonObject {
    return Object.fromEntries(nodes.map(([name, node]) => [name, this.#reader.emit(node)]));
  }
}
