import { isJsonObject, type JsonObject } from '@sallyport/core';
import type { KeyReader } from '@sallyport/detection';

import { Budget } from './budget.ts';
import { DataWalk } from './data-walk.ts';
import { readBlob } from './encoded-text.ts';
import { LateCopies } from './late-copies.ts';
import { NO_DEMAND, OutputPlace } from './output-place.ts';
import { joinPieces, Pending } from './pending.ts';
import { plainObject, renameKeys } from './plain-object.ts';
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

/** What is known of a message besides its shape. */
export interface AboutMessage {
  readonly schema?: unknown;
  readonly edited?: EditedText;
}

const WORD = /^[A-Za-z][A-Za-z_]{0,39}$/;
const MEDIA_TYPE = /^[A-Za-z]+\/[\w.+-]{1,100}(?: ?; ?[\w-]+=[\w."-]{1,40})*$/;
/** The first revision is of November 2024. */
const PROTOCOL_VERSION = /^20(?:2[4-9]|[3-9]\d)-\d\d-\d\d$/;
/** What a JSON Schema says to readers. */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(['title', 'description', '$comment', 'enumNames']);
const SCHEMA_VALUES: ReadonlySet<string> = new Set(['default', 'examples']);

/**
 * One walk over one message, copy-on-write: what has nothing in it is answered as it was given. What the protocol knows is
 * read as it says, and the rest is data. Recursion is bounded by `maxDepth`, which also ends it in a circle; JSON and base64
 * inside texts count as levels.
 */
export class Walk {
  readonly #texts: TextRewriter;
  readonly #keys: KeyReader;
  readonly #budget: Budget;
  readonly #late = new LateCopies();
  readonly #output: OutputPlace;
  readonly #data: DataWalk;
  readonly #edited: EditedText | undefined;
  readonly #root: Record<string, unknown> = {};

  /** @param about the `schema` that an `output` in the message has to satisfy; a text that is `edited` */
  constructor(texts: TextRewriter, keys: KeyReader, limits: WalkLimits, about: AboutMessage) {
    const { maxDepth, maxValues, maxDecodedBytes } = limits;
    this.#texts = texts;
    this.#keys = keys;
    this.#budget = new Budget(maxDepth, maxValues);
    this.#output = new OutputPlace(about.schema);
    this.#data = new DataWalk({
      texts,
      keys,
      budget: this.#budget,
      late: this.#late,
      output: this.#output,
      maxDecodedBytes,
    });
    this.#edited = about.edited;
  }

  run(message: JsonObject, shape: Treatment): void {
    try {
      this.#late.put(this.#root, 'message', this.#treat(message, shape, 0));
    } finally {
      this.#keys.forget();
    }
  }

  /** Puts in what the vault answered. */
  settle(): void {
    this.#late.settle();
  }

  /** The message as rewritten; the one that was given where nothing was. */
  get rewritten(): JsonObject {
    return this.#root['message'] as JsonObject;
  }

  #treat(value: unknown, treatment: Treatment, depth: number): unknown {
    if (treatment === 'any') return this.#data.data(value, depth);
    if (Array.isArray(value)) return this.#elements(value, treatment, depth);
    const kind = resolve(treatment, value);
    if (kind instanceof Shape)
      return isJsonObject(value) ? this.#shaped(value, kind, depth) : this.#data.data(value, depth);
    return this.#leaf(value, kind, depth, {});
  }

  #leaf(value: unknown, kind: Leaf, depth: number, container: JsonObject): unknown {
    if (kind === 'any') return this.#data.data(value, depth);
    if (kind === 'output') return this.#outputOf(value, depth);
    if (kind === 'schema') return this.#schemaText(value, depth);
    if (Array.isArray(value)) return this.#list(value, kind, depth, container);
    if (typeof value === 'object') return this.#data.data(value, depth);
    if (typeof value !== 'string') return value;
    this.#budget.spend(1);
    switch (kind) {
      case 'id':
        return value;
      case 'word':
        return WORD.test(value) ? value : this.#data.words(value, depth);
      case 'mime':
        return MEDIA_TYPE.test(value) ? value : this.#data.words(value, depth);
      case 'version':
        return PROTOCOL_VERSION.test(value) ? value : this.#data.words(value, depth);
      case 'text':
        return this.#data.words(value, depth);
      case 'uri':
        return this.#uri(value, depth);
      case 'blob': {
        const type = container['mimeType'];
        const blob = readBlob(value, typeof type === 'string' ? type : undefined);
        return blob === undefined ? value : this.#data.embedded.encoded(value, blob, depth);
      }
    }
  }

  #list(values: readonly unknown[], kind: Leaf, depth: number, container: JsonObject): unknown {
    this.#budget.checkDepth(depth);
    let copy: unknown[] | undefined;
    for (let index = 0; index < values.length; index += 1) {
      const next = this.#leaf(values[index], kind, depth + 1, container);
      if (next !== values[index]) this.#late.put((copy ??= values.slice()), index, next);
    }
    return copy ?? values;
  }

  #elements(values: readonly unknown[], treatment: Treatment, depth: number): unknown {
    this.#budget.checkDepth(depth);
    let copy: unknown[] | undefined;
    for (let index = 0; index < values.length; index += 1) {
      const next = this.#treat(values[index], treatment, depth + 1);
      if (next !== values[index]) this.#late.put((copy ??= values.slice()), index, next);
    }
    return copy ?? values;
  }

  /** An object of the protocol. What is held to a schema comes first. */
  #shaped(source: JsonObject, shape: Shape, depth: number): unknown {
    this.#budget.checkDepth(depth);
    const object = plainObject(source);
    if (!isJsonObject(object)) return this.#data.data(object, depth + 1);
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
                this.#data.member(name, member, object, depth + 1)
              : this.#treated(member, treatment ?? shape.rest, depth, object);
        if (next !== member) this.#late.put((copy ??= { ...object }), name, next);
        if (treatment === undefined) {
          const key = this.#data.key(name, depth);
          if (key !== name) (renamed ??= new Map()).set(name, key);
        }
      }
    }
    return renamed === undefined ? (copy ?? object) : renameKeys(copy ?? object, renamed);
  }

  #editedText(text: string, edits: readonly StreamEdit[]): string | Pending {
    this.#budget.spend(1);
    const parts: (string | Pending)[] = [];
    let done = 0;
    for (const edit of edits) {
      const replacement = this.#texts.rewriteEdit(edit);
      if (replacement === undefined) continue;
      parts.push(this.#data.words(text.slice(done, edit.start), 1), replacement);
      done = edit.end;
    }
    parts.push(this.#data.words(text.slice(done), 1));
    return joinPieces(parts, '');
  }

  #treated(member: unknown, treatment: Treatment, depth: number, container: JsonObject): unknown {
    if (typeof treatment === 'string' && treatment !== 'any')
      return this.#leaf(member, treatment, depth + 1, container);
    return this.#treat(member, treatment, depth + 1);
  }

  #outputOf(value: unknown, depth: number): unknown {
    const before = this.#late.count;
    const rewritten = this.#output.inside(() => this.#data.data(value, depth));
    const isLate = this.#late.count > before || rewritten instanceof Pending;
    if (typeof value === 'object' && value !== null)
      this.#data.embedded.twin = { given: value, rewritten, isLate };
    return rewritten;
  }

  #uri(text: string, depth: number): string | Pending {
    const data = this.#data.embedded.dataUri(text, depth);
    return (
      data ??
      rewriteUri(text, {
        words: (part) => this.#texts.rewrite(part, NO_DEMAND),
        member: (name, value) => this.#data.embedded.member(name, value, depth),
      })
    );
  }

  #schemaText(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    this.#budget.spend(1);
    this.#budget.checkDepth(depth);
    if (Array.isArray(value)) return this.#list(value, 'schema', depth, {});
    const object = value as JsonObject;
    let copy: Record<string, unknown> | undefined;
    for (const [key, member] of Object.entries(object)) {
      const isWords = SCHEMA_WORDS.has(key) && (typeof member === 'string' || Array.isArray(member));
      const kind = isWords ? 'text' : SCHEMA_VALUES.has(key) ? 'any' : 'schema';
      const next = this.#leaf(member, kind, depth + 1, object);
      if (next !== member) this.#late.put((copy ??= { ...object }), key, next);
    }
    return copy ?? object;
  }
}
