import { isJsonObject, type JsonObject } from '@sallyport/core';
import { HAS_MARK, HAS_RUN, type KeyReader, type Verdict } from '@sallyport/detection';

import type { Budget } from './budget.ts';
import { columnsOf } from './columns-of.ts';
import { EmbeddedTexts } from './embedded-texts.ts';
import { readAttached } from './encoded-text.ts';
import { FIRST_OF_WRAPPED, mayBeJson, wrappedNumber } from './json-text.ts';
import { type KnownMember, knownMember, KnownMembers } from './known-members.ts';
import type { LateCopies } from './late-copies.ts';
import { hasMarks } from './marks.ts';
import { NO_DEMAND, type OutputPlace } from './output-place.ts';
import { ELEMENT } from './output-shape.ts';
import type { Pending } from './pending.ts';
import { plainObject, putMember, renameKeys } from './plain-object.ts';
import { rewriteLongNumber, rewriteNumber } from './rewrite-number.ts';
import type { TextRewriter } from './text-rewriter.ts';

const MOST_CLEAN_KEYS = 4096;

/** What a walk over data works with. */
export interface DataTools {
  readonly texts: TextRewriter;
  readonly keys: KeyReader;
  readonly budget: Budget;
  readonly late: LateCopies;
  readonly output: OutputPlace;
  readonly maxDecodedBytes: number;
}

/** The walk over data, of which the protocol says nothing: any JSON, and JSON inside of texts. */
export class DataWalk {
  readonly embedded: EmbeddedTexts;
  readonly budget: Budget;
  readonly late: LateCopies;
  readonly #texts: TextRewriter;
  readonly #keys: KeyReader;
  readonly #output: OutputPlace;
  readonly #cleanKeys = new Set<string>();
  /** Of data, wherever it stands. */
  readonly #known: KnownMember = knownMember('');
  #membersSeen = 0;

  constructor({ texts, keys, budget, late, output, maxDecodedBytes }: DataTools) {
    this.budget = budget;
    this.late = late;
    this.#texts = texts;
    this.#keys = keys;
    this.#output = output;
    this.embedded = new EmbeddedTexts(
      {
        value: (value, depth) => output.outside(() => this.data(value, depth)),
        text: (text, depth) => {
          budget.checkDepth(depth);
          return this.words(text, depth);
        },
        words: (text) => texts.rewrite(text, NO_DEMAND),
        late: () => late.count,
        members: () => this.#membersSeen,
      },
      maxDecodedBytes,
    );
  }

  data(value: unknown, depth: number): unknown {
    return this.#any(value, this.#keys.start, depth, this.#known);
  }

  /** A member that the protocol does not know, of an object of the protocol. */
  member(name: string, value: unknown, container: JsonObject, depth: number): unknown {
    const keys = this.#keys;
    return this.#any(value, keys.step(keys.start, name, container, value), depth, this.#known);
  }

  /** A text of which the place says nothing. */
  words(text: string, depth: number): string | Pending {
    return this.#output.outside(() => this.#text(text, undefined, depth));
  }

  /** A name of a member, which is data where the protocol does not know it. */
  key(key: string, depth: number): string | Pending {
    if (this.#cleanKeys.has(key)) return key;
    const name = this.words(key, depth);
    if (name === key && this.#cleanKeys.size < MOST_CLEAN_KEYS) this.#cleanKeys.add(key);
    return name;
  }

  /** Data: the key reader knows what a place means, and words are read where it does not. Its container paid for it. */
  #any(value: unknown, place: number, depth: number, known: KnownMember): unknown {
    if (typeof value === 'string') return this.#text(value, this.#keys.verdict(place), depth);
    if (typeof value === 'object') {
      if (value === null) return value;
      return Array.isArray(value)
        ? this.#array(value, place, depth, known)
        : this.#object(value as JsonObject, place, depth, known);
    }
    if (typeof value === 'number') return rewriteNumber(this.#texts, value, this.#keys.verdict(place));
    // Functions are not sent, but a `toJSON` among them would decide what is.
    return typeof value === 'function' ? undefined : value;
  }

  #array(values: readonly unknown[], place: number, depth: number, known: KnownMember): unknown {
    this.budget.enter(depth, values.length);
    const { path } = this.#output;
    const verdict = this.#keys.verdict(place);
    let copy: unknown[] | undefined;
    const { isHeld } = this.#output;
    if (isHeld) path.push(ELEMENT);
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      if (typeof value === 'string') {
        const text = this.#text(value, verdict, depth + 1);
        if (text !== value) this.late.put((copy ??= values.slice()), index, text);
      } else {
        const next = this.#any(value, place, depth + 1, known);
        if (next !== value) this.late.put((copy ??= values.slice()), index, next);
      }
    }
    if (isHeld) path.pop();
    return copy ?? values;
  }

  /** Rows beside the names of their columns, each read as an object of them; else data. */
  #rows(
    value: unknown,
    place: number,
    depth: number,
    known: KnownMember,
    columns: readonly string[] | undefined,
  ): unknown {
    return columns !== undefined && Array.isArray(value)
      ? this.#each(value, depth, (row) =>
          Array.isArray(row)
            ? this.#row(row, place, depth + 1, columns)
            : this.#any(row, place, depth + 1, known),
        )
      : this.#any(value, place, depth, known);
  }

  #row(cells: readonly unknown[], place: number, depth: number, columns: readonly string[]): unknown {
    const container: Record<string, unknown> = {};
    cells.forEach((cell, index) => putMember(container, columns[index] ?? '', cell));
    return this.#each(cells, depth, (cell, index) => {
      const name = columns[index] ?? '';
      const at = name === '' ? place : this.#keys.step(place, name, container, cell);
      return this.#any(cell, at, depth + 1, this.#known);
    });
  }

  #each(
    values: readonly unknown[],
    depth: number,
    walk: (value: unknown, index: number) => unknown,
  ): unknown {
    this.budget.enter(depth, values.length);
    let copy: unknown[] | undefined;
    const { isHeld } = this.#output;
    if (isHeld) this.#output.path.push(ELEMENT);
    for (let index = 0; index < values.length; index += 1) {
      const next = walk(values[index], index);
      if (next !== values[index]) this.late.put((copy ??= values.slice()), index, next);
    }
    if (isHeld) this.#output.path.pop();
    return copy ?? values;
  }

  /** Base64 beside its media type, as FHIR has it in `Attachment` and `Binary`; undefined for other data. */
  #attached(
    value: unknown,
    place: number,
    depth: number,
    container: JsonObject,
  ): string | Pending | undefined {
    const type = container['contentType'] ?? container['mimeType'];
    if (typeof value !== 'string' || typeof type !== 'string' || this.#keys.verdict(place) !== undefined)
      return undefined;
    const blob = readAttached(value, type);
    if (blob === undefined) return undefined;
    const rewritten = this.embedded.encoded(value, blob, depth);
    return rewritten === value ? this.#texts.rewrite(value, NO_DEMAND) : rewritten;
  }

  #object(source: JsonObject, place: number, depth: number, around: KnownMember): unknown {
    this.budget.enter(depth, 1);
    const object = plainObject(source);
    if (object !== source && !isJsonObject(object)) return this.#any(object, place, depth + 1, around);
    return this.#members(source, object as JsonObject, place, depth, (around.inner ??= new KnownMembers()));
  }

  #members(source: JsonObject, object: JsonObject, place: number, depth: number, all: KnownMembers): unknown {
    const { path } = this.#output;
    const at = path.length;
    const { isHeld } = this.#output;
    const { row } = all;
    const kind = this.#keys.byName?.kindOf(place, object) ?? -1;
    let copy: Record<string, unknown> | undefined = object === source ? undefined : { ...object };
    let renamed: Map<string, string | Pending> | undefined;
    let count = 0;
    for (const key in object) {
      const member = object[key];
      if (isHeld) path[at] = key;
      let known = row[count];
      const isUsual = known !== undefined && known.key === key;
      if (known === undefined || known.key !== key) known = all.meet(count, key);
      if (known.kind !== kind) this.#learnPlace(known, kind);
      const usual = typeof member === 'number' ? known.numberPlace : known.place;
      const inner = usual < 0 ? this.#keys.step(place, key, object, member) : usual;
      if (typeof member === 'string' && !known.isBlob) {
        const text = this.#text(member, this.#keys.verdict(inner), depth + 1);
        if (text !== member) this.late.put((copy ??= { ...object }), key, text);
      } else {
        const next = this.#member(member, inner, depth + 1, known, object);
        if (next !== member) this.late.put((copy ??= { ...object }), key, next);
      }
      if (!isUsual) {
        const name = this.key(key, depth);
        if (name !== key) (renamed ??= new Map()).set(key, name);
        else all.put(count, known);
      }
      count += 1;
    }
    this.#membersSeen += count;
    this.budget.spend(count);
    if (isHeld) path.length = at;
    return renamed === undefined ? (copy ?? object) : renameKeys(copy ?? object, renamed);
  }

  #member(value: unknown, place: number, depth: number, known: KnownMember, container: JsonObject): unknown {
    if (known.isRows && typeof value === 'object')
      return this.#rows(value, place, depth, known, columnsOf(known.key, value, container));
    if (known.isBlob) {
      const rewritten = this.#attached(value, place, depth, container);
      if (rewritten !== undefined) return rewritten;
    }
    return this.#any(value, place, depth, known);
  }

  #learnPlace(known: KnownMember, kind: number): void {
    const { byName } = this.#keys;
    known.kind = kind;
    known.place = byName?.placeOf(kind, known.key) ?? -1;
    known.numberPlace = byName?.placeOfNumber(kind, known.key) ?? -1;
  }

  #text(text: string, verdict: Verdict, depth: number): string | Pending {
    if (text === '') return text;
    if (verdict === 'keep') return this.#texts.rewriteKept(text);
    const { demand } = this.#output;
    if (text.charCodeAt(0) === FIRST_OF_WRAPPED) {
      const whole = wrappedNumber(text);
      if (whole !== undefined) return rewriteLongNumber(this.#texts, text, whole, verdict);
    }
    if (verdict !== undefined) {
      const rewritten = this.#texts.rewriteWhole(text, verdict.entity, demand);
      if (rewritten !== undefined) return rewritten;
    }
    if (this.#texts.isClean(text)) return text;
    const kinds = mayBeJson(text) ? undefined : this.#texts.kindsOf(text);
    const isMarked = kinds === undefined ? hasMarks(text) : (kinds & HAS_MARK) !== 0;
    const hasRun = kinds === undefined || (kinds & HAS_RUN) !== 0;
    return (
      this.embedded.rewrite(text, depth, isMarked, hasRun) ?? this.#texts.rewrite(text, demand, isMarked)
    );
  }
}
