import { Refusal } from '@sallyport/core';

import { type EncodedText, findEncodedRuns, mayHoldBase64, readDataUri } from './encoded-text.ts';
import { findHeaderRows, type HeaderRows } from './header-rows.ts';
import { findJson, type JsonPlace } from './json-in-prose.ts';
import { indentOf, type JsonText, mayBeJson, readJsonText } from './json-text.ts';
import { joinPieces, Pending } from './pending.ts';
import { findQueryPairs } from './query-pairs.ts';
import { type Cut, spliceCuts } from './splice-cuts.ts';

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

/**
 * Texts that hold another form: JSON, lines of JSON, JSON between words, rows with a header, pairs of a query, base64,
 * `data:` URIs. Read, walked, and written as they were.
 */
export class EmbeddedTexts {
  twin: Twin | undefined;
  readonly #twinTexts = new Map<string, string>();
  readonly #walk: InnerWalk;
  readonly #maxBytes: number;
  #bytesLeft: number;
  #isInTable = false;

  constructor(walk: InnerWalk, maxDecodedBytes: number) {
    this.#walk = walk;
    this.#maxBytes = maxDecodedBytes;
    this.#bytesLeft = maxDecodedBytes;
  }

  /**
   * Undefined for a text that is nothing but a text, or has nothing in its other form.
   *
   * @param isMarked what `hasMarks` says of it
   * @param hasRun whether it may have a long run of what base64 is of
   */
  rewrite(text: string, depth: number, isMarked: boolean, hasRun: boolean): string | Pending | undefined {
    if (!isMarked) return mayHoldBase64(text, hasRun) ? this.#runs(text, depth) : undefined;
    if (mayBeJson(text)) {
      const json = this.#asTwin(text) ?? this.#json(text, depth);
      if (json !== undefined) return json;
    }
    const data = this.dataUri(text, depth);
    return data ?? this.#rows(text, depth);
  }

  /** The value of one member as its name says, and as its words say. */
  member(name: string, value: string, depth: number): string | Pending {
    return this.#cells([name], [value], depth)[0] ?? value;
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

  /**
   * Rows with a header; undefined where nothing of another form is found. Cells that stay are read with their neighbours
   * too. What is in a table in a table is read once only: else the work would double with every level.
   */
  #rows(text: string, depth: number): string | Pending | undefined {
    const tables = findHeaderRows(text);
    if (tables.length === 0) return this.#prose(text, depth);
    const isInner = this.#isInTable;
    this.#isInTable = true;
    try {
      const cuts = tables.map((table) => this.#cellCuts(table, depth));
      if (!isInner)
        return spliceCuts(text, cuts.flat(), (rest) => this.#prose(rest, depth) ?? this.#walk.words(rest));
      const whole = tables.map(({ start, end }, index) => ({
        start,
        end,
        rewritten: spliceCuts(
          text.slice(start, end),
          (cuts[index] ?? []).map((cut) => ({ ...cut, start: cut.start - start, end: cut.end - start })),
          (rest) => this.#walk.words(rest),
        ),
      }));
      return spliceCuts(text, whole, (rest) => this.#prose(rest, depth) ?? this.#walk.words(rest));
    } finally {
      this.#isInTable = isInner;
    }
  }

  #cellCuts({ names, rows }: HeaderRows, depth: number): readonly Cut[] {
    const cuts: Cut[] = [];
    for (const row of rows) {
      const given = row.map((cell) => cell.text);
      this.#cells(names, given, depth).forEach((rewritten, index) => {
        const cell = row[index];
        if (cell === undefined || rewritten === cell.text) return;
        const { start, end } = cell;
        const written =
          rewritten instanceof Pending
            ? new Pending(() => cell.write(String(rewritten.settle())))
            : cell.write(rewritten);
        cuts.push({ start, end, rewritten: written });
      });
    }
    return cuts;
  }

  /** Cells as members of an object with these names; one that stands twice is a member of another object. */
  #cells(names: readonly string[], cells: readonly string[], depth: number): readonly (string | Pending)[] {
    const result: (string | Pending)[] = [...cells];
    const objects: Map<string, number>[] = [];
    const times = new Map<string, number>();
    cells.forEach((cell, index) => {
      const name = names[index] ?? '';
      if (cell === '') return;
      const time = times.get(name) ?? 0;
      times.set(name, time + 1);
      (objects[time] ??= new Map()).set(name, index);
    });
    for (const row of objects) {
      const given = Object.fromEntries(Array.from(row, ([name, index]) => [name, cells[index]]));
      const walked = this.#walk.value(given, depth + 1);
      if (walked === given) continue;
      // By their places, since a name may have been rewritten as well.
      const values = walked instanceof Pending ? undefined : Object.values(walked as object);
      [...row.values()].forEach((index, at) => {
        const value: unknown = values?.[at];
        if (walked instanceof Pending)
          result[index] = new Pending(() => settled(Object.values(walked.settle() as object)[at]));
        else result[index] = value instanceof Pending ? value : String(value);
      });
    }
    return result;
  }

  /** JSON between words, or undefined. */
  #prose(text: string, depth: number): string | Pending | undefined {
    const places = text.includes('{') || text.includes('[') ? findJson(text) : [];
    const cuts = places.length === 0 ? [] : places.flatMap((place) => this.#place(text, place, depth));
    if (cuts.length === 0) return this.#pairs(text, depth);
    return spliceCuts(text, cuts, (rest) => this.#pairs(rest, depth) ?? this.#walk.words(rest));
  }

  #place(text: string, { start, end, brackets }: JsonPlace, depth: number): readonly Cut[] {
    const [open = '', close = ''] = brackets;
    const source = open + text.slice(start, end) + close;
    const json = readJsonText(source);
    if (json === undefined) return [];
    const rewritten = this.#parsed(source, json, depth);
    const strip = (written: string): string => (brackets === '' ? written : written.slice(1, -1).trim());
    return [
      {
        start,
        end,
        rewritten:
          rewritten instanceof Pending
            ? new Pending(() => strip(String(rewritten.settle())))
            : rewritten === source
              ? text.slice(start, end)
              : strip(rewritten),
      },
    ];
  }

  #pairs(text: string, depth: number): string | Pending | undefined {
    const cuts: Cut[] = [];
    for (const { name, value, start, end } of findQueryPairs(text)) {
      const rewritten = this.member(name, value, depth);
      if (rewritten !== value) cuts.push({ start, end, rewritten });
    }
    if (cuts.length === 0) return this.#runs(text, depth);
    return spliceCuts(text, cuts, (rest) => this.#runs(rest, depth) ?? this.#walk.words(rest));
  }

  /** Base64 in the middle of a text; undefined where nothing is found in it. */
  #runs(text: string, depth: number): string | Pending | undefined {
    const runs = text.length < SHORTEST_ENCODED ? [] : findEncodedRuns(text);
    if (runs.length === 0) return undefined;
    const given = runs.map(({ start, end }) => text.slice(start, end));
    const rewritten = runs.map((run, index) => this.encoded(given[index] ?? '', run, depth));
    if (rewritten.every((part, index) => part === given[index])) return undefined;
    const cuts = runs.map(({ start, end }, index) => ({ start, end, rewritten: rewritten[index] ?? '' }));
    return spliceCuts(text, cuts, (rest) => this.#walk.words(rest));
  }
}

function settled(value: unknown): unknown {
  return value instanceof Pending ? value.settle() : value;
}
