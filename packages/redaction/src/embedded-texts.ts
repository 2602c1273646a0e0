import { Refusal } from '@sallyport/core';

import { type EncodedRun, type EncodedText, findEncodedRuns, readDataUri } from './encoded-text.ts';
import { indentOf, type JsonText, mayBeJson, readJsonText } from './json-text.ts';
import { joinPieces, Pending } from './pending.ts';

/** The walk that goes on inside a text. */
export interface InnerWalk {
  value(value: unknown, depth: number): unknown;
  text(text: string, depth: number): string | Pending;
  /** Words only: nothing is looked for in the text that has a form of its own. */
  words(text: string): string | Pending;
  /** How many values wait for the vault. */
  late(): number;
  /** How many members of objects were walked. */
  members(): number;
}

/** What stands as `structuredContent`; servers repeat it as text. */
export interface Twin {
  readonly given: object;
  readonly rewritten: unknown;
  /** Whether something in it waits for the vault. */
  readonly isLate: boolean;
}

/** Servers indent in one way, or not at all. */
const MOST_INDENTS = 3;
/** With less there is nothing to find in it. */
const SHORTEST_ENCODED = 24;
const FIRST_OF_DATA = 0x64;

/** Texts that hold another form: JSON, lines of JSON, base64, `data:` URIs. Read, walked, and written as they were. */
export class EmbeddedTexts {
  twin: Twin | undefined;
  readonly #twinTexts = new Map<string, string>();
  readonly #walk: InnerWalk;
  readonly #maxBytes: number;
  #bytesLeft: number;

  constructor(walk: InnerWalk, maxDecodedBytes: number) {
    this.#walk = walk;
    this.#maxBytes = maxDecodedBytes;
    this.#bytesLeft = maxDecodedBytes;
  }

  /** Undefined for a text that is nothing but a text, or has nothing in its other form. */
  rewrite(text: string, depth: number): string | Pending | undefined {
    if (mayBeJson(text)) {
      const json = this.#asTwin(text) ?? this.#json(text, depth);
      if (json !== undefined) return json;
    }
    if (text.length < SHORTEST_ENCODED) return undefined;
    const data = this.dataUri(text, depth);
    if (data !== undefined) return data;
    const runs = findEncodedRuns(text);
    return runs.length === 0 ? undefined : this.#runs(text, runs, depth);
  }

  /** Undefined for what is no `data:` URI of a text. */
  dataUri(text: string, depth: number): string | Pending | undefined {
    const data =
      text.charCodeAt(0) === FIRST_OF_DATA && text.startsWith('data:') ? readDataUri(text) : undefined;
    return data === undefined ? undefined : this.encoded(text, data, depth);
  }

  /** @param text how it stands in the message */
  encoded(text: string, encoded: EncodedText, depth: number): string | Pending {
    this.#bytesLeft -= encoded.size;
    if (this.#bytesLeft < 0) {
      throw new Refusal('too_large', `At most ${this.#maxBytes} bytes of encoded text are read.`);
    }
    const rewritten = this.#walk.text(encoded.text, depth + 1);
    if (rewritten === encoded.text) return text;
    return rewritten instanceof Pending
      ? new Pending(() => encoded.write(String(rewritten.settle())))
      : encoded.write(rewritten);
  }

  /** The text of `structuredContent`, which was walked already. */
  #asTwin(text: string): string | Pending | undefined {
    const { twin } = this;
    if (twin === undefined) return undefined;
    const indent = indentOf(text);
    let given = this.#twinTexts.get(indent);
    if (given === undefined) {
      if (this.#twinTexts.size >= MOST_INDENTS) return undefined;
      given = JSON.stringify(twin.given, undefined, indent);
      this.#twinTexts.set(indent, given);
    }
    if (given !== text) return undefined;
    const { rewritten } = twin;
    if (rewritten === twin.given) return text;
    const write = (): string =>
      JSON.stringify(rewritten instanceof Pending ? rewritten.settle() : rewritten, undefined, indent);
    return twin.isLate ? new Pending(write) : write();
  }

  /** JSON, or lines of JSON; undefined for others. */
  #json(text: string, depth: number): string | Pending | undefined {
    const json = readJsonText(text);
    if (json !== undefined) return this.#parsed(text, json, depth);
    if (!text.includes('\n')) return undefined;
    const lines = text.split('\n');
    const read = lines.map((line) => (line.trim() === '' ? line : readJsonText(line)));
    if (read.includes(undefined)) return undefined;
    const written = read.map((line, index) =>
      typeof line === 'object' ? this.#parsed(lines[index] ?? '', line, depth) : (line ?? ''),
    );
    return written.every((line, index) => line === lines[index]) ? text : joinPieces(written, '\n');
  }

  #parsed(text: string, json: JsonText, depth: number): string | Pending {
    const members = this.#walk.members();
    const late = this.#walk.late();
    const value = this.#walk.value(json.value, depth + 1);
    if (value instanceof Pending) return new Pending(() => json.write(value.settle()));
    if (this.#walk.late() > late) return new Pending(() => json.write(value));
    // A name that stands twice hides its first value from the walk; what was walked is what is delivered.
    const isWhole = value === json.value && !json.hasMoreThan(this.#walk.members() - members);
    return isWhole ? text : json.write(value);
  }

  /** Base64 in the middle of a text; undefined where nothing is found in it. */
  #runs(text: string, runs: readonly EncodedRun[], depth: number): string | Pending | undefined {
    const given = runs.map(({ start, end }) => text.slice(start, end));
    const rewritten = runs.map((run, index) => this.encoded(given[index] ?? '', run, depth));
    if (rewritten.every((part, index) => part === given[index])) return undefined;
    const parts: (string | Pending)[] = [];
    let done = 0;
    runs.forEach(({ start, end }, index) => {
      parts.push(this.#walk.words(text.slice(done, start)), rewritten[index] ?? '');
      done = end;
    });
    parts.push(this.#walk.words(text.slice(done)));
    return joinPieces(parts, '');
  }
}
