import { isJsonObject, type JsonObject, Refusal } from '@sallyport/core';
import type { KeyReader, Verdict } from '@sallyport/detection';

import { columnsOf } from './columns-of.ts';
import { EmbeddedTexts } from './embedded-texts.ts';
import { readAttached, readBlob } from './encoded-text.ts';
import { FIRST_OF_WRAPPED, wrappedNumber, wrapNumber } from './json-text.ts';
import { type Demand, demandOn, ELEMENT, type Step } from './output-shape.ts';
import { joinPieces, Pending } from './pending.ts';
import { plainObject, putMember, renameKeys } from './plain-object.ts';
import { type Leaf, resolve, Shape, type Treatment } from './protocol-shapes.ts';
import { rewriteUri } from './rewrite-uri.ts';
import type { StreamEdit } from './stream/text-stream.ts';
import type { TextRewriter } from './text-rewriter.ts';

export interface WalkLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
  readonly maxDecodedBytes: number;
}

/** A text of the message of which some parts were found together with other messages. */
export interface EditedText {
  /** A member of the message itself. */
  readonly member: string;
  /** Sorted, none over another. */
  readonly edits: readonly StreamEdit[];
}

interface Late {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly pending: Pending;
}

/** Numbers with fewer digits are amounts and years, whatever else they could be; their key may say otherwise. */
const SMALLEST_NUMBER = 1_000_000;
/** One with fewer digits may be anything, also where it was written elsewhere as something. */
const SMALLEST_KNOWN = 10_000;
const WORD = /^[A-Za-z][A-Za-z_]{0,39}$/;
const MEDIA_TYPE = /^[A-Za-z]+\/[\w.+-]{1,100}(?: ?; ?[\w-]+=[\w."-]{1,40})*$/;
/** The first revision is of November 2024. */
const PROTOCOL_VERSION = /^20(?:2[4-9]|[3-9]\d)-\d\d-\d\d$/;
/** What a JSON Schema says to readers. */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(['title', 'description', '$comment', 'enumNames']);
const SCHEMA_VALUES: ReadonlySet<string> = new Set(['default', 'examples']);
const NO_DEMAND = (): Demand => 'none';
const LONGEST_LISTED = 4096;
const MOST_NAMES = 64;

/**
 * One walk over one message, copy-on-write: what has nothing in it is answered as it was given. Recursion is bounded by
 * `maxDepth`, which also ends it in a circle; JSON and base64 inside texts count as levels.
 */
export class Walk {
  readonly #texts: TextRewriter;
  readonly #keys: KeyReader;
  readonly #limits: WalkLimits;
  readonly #embedded: EmbeddedTexts;
  /** Copies in which something waits for the vault; inner ones first. */
  readonly #late: Late[] = [];
  readonly #root: Record<string, unknown> = {};
  readonly #cleanKeys = new Set<string>();
  /** By depth: names that need not be read, where they stood in the object before. */
  readonly #cleanNames: string[][] = [];
  readonly #path: Step[] = [];
  #valuesLeft: number;
  #members = 0;
  readonly #demands = new Map<string, Demand>();
  #schema: unknown;
  #edited: EditedText | undefined;
  #schemaFrom = -1;

  constructor(texts: TextRewriter, keys: KeyReader, limits: WalkLimits) {
    this.#texts = texts;
    this.#keys = keys;
    this.#limits = limits;
    this.#valuesLeft = limits.maxValues;
    this.#embedded = new EmbeddedTexts(
      {
        value: (value, depth) => this.#inside(() => this.#any(value, this.#keys.start, depth)),
        text: (text, depth) => {
          this.#checkDepth(depth);
          return this.#words(text, depth);
        },
        words: (text) => this.#texts.rewrite(text, NO_DEMAND),
        late: () => this.#late.length,
        members: () => this.#members,
      },
      limits.maxDecodedBytes,
    );
  }

  /**
   * @param about the `schema` that an `output` in the message has to satisfy; a text that is `edited`
   */
  run(
    message: JsonObject,
    shape: Treatment,
    about: { readonly schema?: unknown; readonly edited?: EditedText },
  ): void {
    this.#schema = about.schema;
    this.#edited = about.edited;
    try {
      this.#put(this.#root, 'message', this.#treat(message, shape, 0));
    } finally {
      this.#keys.forget();
    }
  }

  /** Puts in what the vault answered. */
  settle(): void {
    for (const { holder, key, pending } of this.#late) putMember(holder, key, pending.settle());
  }

  /** The message as rewritten; the one that was given where nothing was. */
  get rewritten(): JsonObject {
    return this.#root['message'] as JsonObject;
  }

  #treat(value: unknown, treatment: Treatment, depth: number): unknown {
    if (treatment === 'any') return this.#any(value, this.#keys.start, depth);
    if (Array.isArray(value)) return this.#elements(value, treatment, depth);
    const kind = resolve(treatment, value);
    if (kind instanceof Shape)
      return isJsonObject(value) ? this.#shaped(value, kind, depth) : this.#data(value, depth);
    return this.#leaf(value, kind, depth, {});
  }

  #data(value: unknown, depth: number): unknown {
    return this.#any(value, this.#keys.start, depth);
  }

  #leaf(value: unknown, kind: Leaf, depth: number, container: JsonObject): unknown {
    if (kind === 'any') return this.#data(value, depth);
    if (kind === 'output') return this.#output(value, depth);
    if (kind === 'schema') return this.#schemaText(value, depth);
    if (Array.isArray(value)) return this.#list(value, kind, depth, container);
    if (typeof value === 'object') return this.#data(value, depth);
    if (typeof value !== 'string') return value;
    this.#spend(1);
    switch (kind) {
      case 'id':
        return value;
      case 'word':
        return WORD.test(value) ? value : this.#words(value, depth);
      case 'mime':
        return MEDIA_TYPE.test(value) ? value : this.#words(value, depth);
      case 'version':
        return PROTOCOL_VERSION.test(value) ? value : this.#words(value, depth);
      case 'text':
        return this.#words(value, depth);
      case 'uri':
        return this.#uri(value, depth);
      case 'blob': {
        const type = container['mimeType'];
        const blob = readBlob(value, typeof type === 'string' ? type : undefined);
        return blob === undefined ? value : this.#embedded.encoded(value, blob, depth);
      }
    }
  }

  #list(values: readonly unknown[], kind: Leaf, depth: number, container: JsonObject): unknown {
    this.#checkDepth(depth);
    let copy: unknown[] | undefined;
    for (let index = 0; index < values.length; index += 1) {
      const next = this.#leaf(values[index], kind, depth + 1, container);
      if (next !== values[index]) this.#put((copy ??= values.slice()), index, next);
    }
    return copy ?? values;
  }

  #elements(values: readonly unknown[], treatment: Treatment, depth: number): unknown {
    this.#checkDepth(depth);
    let copy: unknown[] | undefined;
    for (let index = 0; index < values.length; index += 1) {
      const next = this.#treat(values[index], treatment, depth + 1);
      if (next !== values[index]) this.#put((copy ??= values.slice()), index, next);
    }
    return copy ?? values;
  }

  /** An object of the protocol. What is held to a schema comes first. */
  #shaped(source: JsonObject, shape: Shape, depth: number): unknown {
    this.#checkDepth(depth);
    const object = plainObject(source);
    if (!isJsonObject(object)) return this.#data(object, depth + 1);
    let copy: Record<string, unknown> | undefined = object === source ? undefined : { ...object };
    let renamed: Map<string, string | Pending> | undefined;
    const names = Object.keys(object);
    for (const isFirst of [true, false]) {
      for (const name of names) {
        const treatment = shape.members.get(name);
        if ((treatment === 'output') !== isFirst) continue;
        const member = object[name];
        const next =
          depth === 0 && name === this.#edited?.member && typeof member === 'string'
            ? this.#editedText(member, this.#edited.edits)
            : treatment === undefined && shape.rest === 'any'
              ? // What the protocol does not know is data, and its name a key.
                this.#any(member, this.#keys.step(this.#keys.start, name, object, member), depth + 1)
              : this.#member(member, treatment ?? shape.rest, depth, object);
        if (next !== member) this.#put((copy ??= { ...object }), name, next);
        if (treatment === undefined) {
          const key = this.#key(name, depth);
          if (key !== name) (renamed ??= new Map()).set(name, key);
        }
      }
    }
    return renamed === undefined ? (copy ?? object) : renameKeys(copy ?? object, renamed);
  }

  #editedText(text: string, edits: readonly StreamEdit[]): string | Pending {
    this.#spend(1);
    const parts: (string | Pending)[] = [];
    let done = 0;
    for (const edit of edits) {
      const replacement = this.#texts.rewriteEdit(edit);
      if (replacement === undefined) continue;
      parts.push(this.#words(text.slice(done, edit.start), 1), replacement);
      done = edit.end;
    }
    parts.push(this.#words(text.slice(done), 1));
    return joinPieces(parts, '');
  }

  #member(member: unknown, treatment: Treatment, depth: number, container: JsonObject): unknown {
    if (typeof treatment === 'string' && treatment !== 'any')
      return this.#leaf(member, treatment, depth + 1, container);
    return this.#treat(member, treatment, depth + 1);
  }

  /** Data: the key reader knows what a place means, and words are read where it does not. Its container paid for it. */
  #any(value: unknown, place: number, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value, this.#keys.verdict(place), depth);
    if (typeof value === 'object') {
      if (value === null) return value;
      return Array.isArray(value)
        ? this.#array(value, place, depth)
        : this.#object(value as JsonObject, place, depth);
    }
    if (typeof value === 'number') return this.#number(value, this.#keys.verdict(place));
    // Functions are not sent, but a `toJSON` among them would decide what is.
    return typeof value === 'function' ? undefined : value;
  }

  #array(values: readonly unknown[], place: number, depth: number): unknown {
    this.#enter(depth, values.length);
    const path = this.#path;
    let copy: unknown[] | undefined;
    const isHeld = this.#schemaFrom >= 0;
    if (isHeld) path.push(ELEMENT);
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      const next = this.#any(value, place, depth + 1);
      if (next !== value) this.#put((copy ??= values.slice()), index, next);
    }
    if (isHeld) path.pop();
    return copy ?? values;
  }

  /** Rows beside the names of their columns, each read as an object of them; else data. */
  #held(value: unknown, place: number, depth: number, columns: readonly string[] | undefined): unknown {
    return columns !== undefined && Array.isArray(value)
      ? this.#each(value, depth, (row) =>
          Array.isArray(row) ? this.#row(row, place, depth + 1, columns) : this.#any(row, place, depth + 1),
        )
      : this.#any(value, place, depth);
  }

  #row(cells: readonly unknown[], place: number, depth: number, columns: readonly string[]): unknown {
    const container: Record<string, unknown> = {};
    cells.forEach((cell, index) => putMember(container, columns[index] ?? '', cell));
    return this.#each(cells, depth, (cell, index) => {
      const name = columns[index] ?? '';
      return this.#any(cell, name === '' ? place : this.#keys.step(place, name, container, cell), depth + 1);
    });
  }

  #each(
    values: readonly unknown[],
    depth: number,
    walk: (value: unknown, index: number) => unknown,
  ): unknown {
    this.#enter(depth, values.length);
    let copy: unknown[] | undefined;
    const isHeld = this.#schemaFrom >= 0;
    if (isHeld) this.#path.push(ELEMENT);
    for (let index = 0; index < values.length; index += 1) {
      const next = walk(values[index], index);
      if (next !== values[index]) this.#put((copy ??= values.slice()), index, next);
    }
    if (isHeld) this.#path.pop();
    return copy ?? values;
  }

  /** Base64 beside its media type, as FHIR has it in `Attachment` and `Binary`; else data. */
  #attached(value: unknown, place: number, depth: number, container: JsonObject): unknown {
    const type = container['contentType'] ?? container['mimeType'];
    if (typeof value === 'string' && typeof type === 'string' && this.#keys.verdict(place) === undefined) {
      const blob = readAttached(value, type);
      if (blob !== undefined) {
        const rewritten = this.#embedded.encoded(value, blob, depth);
        return rewritten === value ? this.#texts.rewrite(value, NO_DEMAND) : rewritten;
      }
    }
    return this.#any(value, place, depth);
  }

  #object(source: JsonObject, place: number, depth: number): unknown {
    this.#enter(depth, 1);
    const object = plainObject(source);
    if (!isJsonObject(object)) return this.#any(object, place, depth + 1);
    const keys = this.#keys;
    const path = this.#path;
    const at = path.length;
    const isHeld = this.#schemaFrom >= 0;
    const clean = (this.#cleanNames[depth] ??= []);
    let copy: Record<string, unknown> | undefined = object === source ? undefined : { ...object };
    let renamed: Map<string, string | Pending> | undefined;
    let count = 0;
    for (const key in object) {
      const member = object[key];
      if (isHeld) path[at] = key;
      const next =
        typeof member === 'object'
          ? this.#held(
              member,
              keys.step(place, key, object, member),
              depth + 1,
              columnsOf(key, member, object),
            )
          : key === 'data' || key === 'blob'
            ? this.#attached(member, keys.step(place, key, object, member), depth + 1, object)
            : this.#any(member, keys.step(place, key, object, member), depth + 1);
      if (next !== member) this.#put((copy ??= { ...object }), key, next);
      // Objects in a row mostly have the same names in the same order, and to compare is faster than to look up.
      if (clean[count] !== key) {
        const name = this.#key(key, depth);
        if (name !== key) (renamed ??= new Map()).set(key, name);
        else if (count < MOST_NAMES) clean[count] = key;
      }
      count += 1;
    }
    this.#members += count;
    this.#spend(count);
    if (isHeld) path.length = at;
    return renamed === undefined ? (copy ?? object) : renameKeys(copy ?? object, renamed);
  }

  #text(text: string, verdict: Verdict, depth: number): string | Pending {
    if (text === '') return text;
    if (verdict === 'keep') return this.#texts.rewriteKept(text);
    const demand = this.#schemaFrom < 0 ? NO_DEMAND : this.#demand;
    if (text.charCodeAt(0) === FIRST_OF_WRAPPED) {
      const whole = wrappedNumber(text);
      if (whole !== undefined) return this.#longNumber(text, whole, verdict);
    }
    if (verdict !== undefined) {
      const rewritten = this.#texts.rewriteWhole(text, verdict.entity, demand);
      if (rewritten !== undefined) return rewritten;
    }
    if (this.#texts.isClean(text)) return text;
    return this.#embedded.rewrite(text, depth) ?? this.#texts.rewrite(text, demand);
  }

  #number(value: number, verdict: Verdict): number {
    if (value >= SMALLEST_KNOWN && Number.isInteger(value)) {
      const entity = this.#texts.knownNumber(String(value));
      if (entity !== undefined) return this.#texts.rewriteNumber(value, entity);
    }
    if (verdict === 'keep') return value;
    if (verdict !== undefined) {
      const rewritten = this.#texts.rewriteNumber(value, verdict.entity);
      if (rewritten !== value) return rewritten;
    }
    if (value < SMALLEST_NUMBER || !Number.isInteger(value)) return value;
    const found = this.#texts.findWhole(String(value));
    return found === undefined ? value : this.#texts.rewriteNumber(value, found);
  }

  /** A number of more digits than JavaScript tells apart; the JSON text that it is from gets it back as digits. */
  #longNumber(text: string, digits: string, verdict: Verdict): string {
    const rewritten = this.#number(Number(digits), verdict);
    if (rewritten !== Number(digits)) return wrapNumber(String(BigInt(Math.trunc(rewritten))));
    if (verdict === 'keep' || !/^\d+$/.test(digits)) return text;
    const found = this.#texts.findWhole(digits);
    if (found === undefined) return text;
    const last = this.#texts.rewriteNumber(Number(digits), found);
    return last === Number(digits) ? text : wrapNumber(String(BigInt(Math.trunc(last))));
  }

  /** A text of which the place says nothing. */
  #words(text: string, depth: number): string | Pending {
    return this.#inside(() => this.#text(text, undefined, depth));
  }

  #uri(text: string, depth: number): string | Pending {
    const data = this.#embedded.dataUri(text, depth);
    return (
      data ??
      rewriteUri(text, {
        words: (part) => this.#texts.rewrite(part, NO_DEMAND),
        member: (name, value) => this.#embedded.member(name, value, depth),
      })
    );
  }

  /** What stands in a text is not held to the schema of what is around it. */
  #inside<T>(walk: () => T): T {
    const from = this.#schemaFrom;
    this.#schemaFrom = -1;
    const value = walk();
    this.#schemaFrom = from;
    return value;
  }

  #output(value: unknown, depth: number): unknown {
    this.#schemaFrom = this.#schema === undefined ? -1 : this.#path.length;
    const late = this.#late.length;
    const rewritten = this.#data(value, depth);
    const isLate = this.#late.length > late || rewritten instanceof Pending;
    if (typeof value === 'object' && value !== null)
      this.#embedded.twin = { given: value, rewritten, isLate };
    this.#schemaFrom = -1;
    return rewritten;
  }

  readonly #demand = (): Demand => {
    const path = this.#path.slice(this.#schemaFrom);
    const key = JSON.stringify(path.map((step) => (step === ELEMENT ? 0 : step)));
    let demand = this.#demands.get(key);
    if (demand === undefined) {
      demand = demandOn(this.#schema, path);
      if (this.#demands.size < LONGEST_LISTED) this.#demands.set(key, demand);
    }
    return demand;
  };

  #schemaText(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    this.#spend(1);
    this.#checkDepth(depth);
    if (Array.isArray(value)) return this.#list(value, 'schema', depth, {});
    const object = value as JsonObject;
    let copy: Record<string, unknown> | undefined;
    for (const [key, member] of Object.entries(object)) {
      const isWords = SCHEMA_WORDS.has(key) && (typeof member === 'string' || Array.isArray(member));
      const kind = isWords ? 'text' : SCHEMA_VALUES.has(key) ? 'any' : 'schema';
      const next = this.#leaf(member, kind, depth + 1, object);
      if (next !== member) this.#put((copy ??= { ...object }), key, next);
    }
    return copy ?? object;
  }

  #key(key: string, depth: number): string | Pending {
    if (this.#cleanKeys.has(key)) return key;
    const name = this.#words(key, depth);
    if (name === key && this.#cleanKeys.size < LONGEST_LISTED) this.#cleanKeys.add(key);
    return name;
  }

  #put(holder: unknown[] | Record<string, unknown>, key: string | number, value: unknown): void {
    if (value instanceof Pending) {
      this.#late.push({ holder: holder as Record<string | number, unknown>, key, pending: value });
    }
    putMember(holder as Record<string | number, unknown>, key, value);
  }

  #enter(depth: number, values: number): void {
    this.#checkDepth(depth);
    this.#spend(values);
  }

  #spend(values: number): void {
    this.#valuesLeft -= values;
    if (this.#valuesLeft < 0) {
      throw new Refusal('too_large', `A message has at most ${this.#limits.maxValues} values.`);
    }
  }

  #checkDepth(depth: number): void {
    if (depth > this.#limits.maxDepth) {
      throw new Refusal('too_large', `A message has at most ${this.#limits.maxDepth} levels.`);
    }
  }
}
