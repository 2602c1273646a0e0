import { isJsonObject, type JsonObject } from '@sallyport/core';

import { type Dialect, dialectOf, LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS } from './keywords.ts';
import { step, UnusableSchema } from './unusable.ts';

/**
 * The base of a document that has no `$id`. Nothing is ever fetched: a URI is only a key into the document.
 */
const ROOT_BASE = 'schema:///';

/** A place in a document, with the URI against which its references resolve. */
export interface Location {
  readonly schema: unknown;
  readonly base: string;
}

/**
 * The schemas of one document by URI: its root, the resources that have an `$id` of their own, and anchors
 * (JSON Schema 2020-12 core, sections 8.2 and 9). A reference out of the document leads nowhere.
 */
export class SchemaDocument {
  /** Of the root. */
  readonly base: string;
  readonly #dialect: Dialect;
  readonly #resources = new Map<string, Location>();
  readonly #bases = new Map<object, string>();
  #embedded = false;

  /** @throws UnusableSchema for an `$id` that is no URI, a repeated one, or a subschema of another dialect */
  constructor(schema: unknown, dialect: Dialect) {
    this.#dialect = dialect;
    this.#resources.set(ROOT_BASE, { schema, base: ROOT_BASE });
    this.#index(schema, ROOT_BASE, '');
    this.base = this.baseOf(schema, ROOT_BASE);
  }

  /** @throws UnusableSchema when the reference leads out of the document, or to nothing in it */
  resolve(reference: string, from: string, at: string): Location {
    const target = parse(reference, from);
    const fragment = target === undefined ? undefined : decode(target.hash.slice(1));
    if (target === undefined || fragment === undefined) throw new UnusableSchema(at, 'is no URI reference');
    target.hash = '';
    if (fragment !== '' && !fragment.startsWith('/')) {
      const anchored = this.#resources.get(`${target.href}#${fragment}`);
      if (anchored === undefined)
        throw new UnusableSchema(at, 'refers to an anchor that is not in the document');
      return anchored;
    }
    const resource = this.#resources.get(target.href);
    if (resource === undefined) {
      throw new UnusableSchema(
        at,
        'refers to another document; only "#/..." within the document is followed',
      );
    }
    return this.#follow(resource, fragment, at);
  }

  /**
   * Without embedded resources there is one dynamic scope, and `$dynamicRef` means what `$ref` does.
   *
   * @throws UnusableSchema when the document has embedded resources
   */
  resolveDynamic(reference: string, from: string, at: string): Location {
    if (this.#embedded)
      throw new UnusableSchema(at, 'is dynamic in a document with several "$id"; use "$ref"');
    return this.resolve(reference, from, at);
  }

  #follow(resource: Location, pointer: string, at: string): Location {
    let { schema, base } = resource;
    for (const token of pointer.split('/').slice(1)) {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const isThere = typeof schema === 'object' && schema !== null && Object.hasOwn(schema, key);
      if (!isThere) throw new UnusableSchema(at, 'refers to a place that is not in the document');
      schema = (schema as JsonObject)[key];
      base = this.baseOf(schema, base);
    }
    return { schema, base };
  }

  /** The base of a schema in the document; `otherwise` where nobody expected one. */
  baseOf(schema: unknown, otherwise: string): string {
    return (typeof schema === 'object' && schema !== null && this.#bases.get(schema)) || otherwise;
  }

  #index(schema: unknown, outer: string, at: string): void {
    if (!isJsonObject(schema)) return;
    const base = this.#identify(schema, outer, at);
    this.#bases.set(schema, base);
    for (const keyword of SCHEMA_KEYWORDS) this.#index(schema[keyword], base, step(at, keyword));
    for (const keyword of LIST_KEYWORDS) {
      const list = schema[keyword];
      if (!Array.isArray(list)) continue;
      for (const [position, each] of list.entries())
        this.#index(each, base, step(step(at, keyword), position));
    }
    for (const keyword of MAP_KEYWORDS) {
      const map = schema[keyword];
      if (!isJsonObject(map)) continue;
      for (const [name, each] of Object.entries(map)) this.#index(each, base, step(step(at, keyword), name));
    }
  }

  /** Notes what a schema calls itself; returns its base. */
  #identify(schema: JsonObject, outer: string, at: string): string {
    const { $id, $anchor, $dynamicAnchor, $schema } = schema;
    if ($schema !== undefined && dialectOf($schema) !== this.#dialect)
      throw new UnusableSchema(at, 'changes the dialect with "$schema"');
    let base = outer;
    // Draft-07 names an anchor by an `$id` that is only a fragment, and ignores what stands beside a `$ref`.
    const ignored = this.#dialect === 'draft-07' && schema['$ref'] !== undefined;
    if (typeof $id === 'string' && !ignored) {
      const uri = parse($id, outer);
      if (uri === undefined) throw new UnusableSchema(step(at, '$id'), 'is no URI');
      if ($id.startsWith('#')) {
        this.#add(uri.href, schema, outer, at);
      } else {
        uri.hash = '';
        base = uri.href;
        this.#embedded ||= at !== '';
        this.#add(base, schema, base, at);
      }
    }
    if (this.#dialect === 'draft-07') return base;
    for (const anchor of new Set([$anchor, $dynamicAnchor])) {
      if (typeof anchor === 'string') this.#add(`${base}#${anchor}`, schema, base, at);
    }
    return base;
  }

  #add(uri: string, schema: JsonObject, base: string, at: string): void {
    if (this.#resources.has(uri))
      throw new UnusableSchema(at, 'has a name that another schema of the document has');
    this.#resources.set(uri, { schema, base });
  }
}

function parse(reference: string, base: string): URL | undefined {
  try {
    return new URL(reference, base);
  } catch {
    return undefined;
  }
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}
