import type { Found } from '../find-in-text.ts';
import type { StreamReader } from './stream-reader.ts';

/**
 * Something that is found only where the texts of a stream are read together, and what to do with its part in one of
 * them.
 *
 * - `value`: it begins here; what stands for the whole of it is written
 * - `cut`: an earlier text has what stands for it
 * - `rest`: its beginning was let go as it was, so that nothing of the rest may be shown
 */
export type StreamEdit = {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
} & ({ readonly part: 'value'; readonly value: string } | { readonly part: 'cut' | 'rest' });

/** Units that were let go and are still read before what follows: the beginning of a value, or a word such as `SSN:`. */
const CONTEXT = 512;
const CAPITAL = /^\p{Lu}/u;
const MARKS = /[.,:;!?)\s]{1,3}$/;
const NOTHING: readonly StreamEdit[] = Object.freeze([]);

/** The texts of one stream: those that are held back, and the end of what was let go. */
export class TextStream {
  readonly #reader: StreamReader;
  readonly #held: string[] = [];
  #before = '';
  /** Where in `#before` a finding that was replaced begins, if it reaches its end. */
  #coveredFrom = 0;

  constructor(reader: StreamReader) {
    this.#reader = reader;
  }

  /**
   * Whether a text begins anew, whatever is held: what came before ends in something whole, and this begins with a
   * capital. `Sent to jane@example.com` and `Done` are two messages, although `example.comDone` could be a name of a host.
   */
  beginsWith(text: string): boolean {
    if (!CAPITAL.test(text)) return false;
    const earlier = this.#before + this.#held.join('');
    const end = earlier.length - (MARKS.exec(earlier)?.[0].length ?? 0);
    return end > 0 && this.#reader.find(earlier).some((one) => one.end >= end);
  }

  /** Holds a text back. @returns how many of those that are held can go now: the rest may go on in what follows */
  add(text: string): number {
    this.#held.push(text);
    const joined = this.#before + this.#held.join('');
    if (this.#reader.openFrom(joined, []) === joined.length) return this.#held.length;
    const open = this.#reader.openFrom(joined, this.#reader.find(joined));
    let end = this.#before.length;
    let count = 0;
    for (const one of this.#held) {
      end += one.length;
      if (end > open) break;
      count += 1;
    }
    return count;
  }

  /** Lets the first of those that are held go. @returns what is found in it only together with the others, by place */
  take(): readonly StreamEdit[] {
    const text = this.#held.shift() ?? '';
    if (text === '') return NOTHING;
    const start = this.#before.length;
    const joined = this.#before + text + this.#held.join('');
    const isAlone = joined.length === text.length;
    const end = start + text.length;
    if (isAlone && this.#reader.openFrom(joined, []) === end) {
      this.#letGo(joined, end, end);
      return NOTHING;
    }
    const found = this.#reader.find(joined).filter((one) => one.end > start && one.start < end);
    const coveredFrom = found.find((one) => one.end >= end)?.start ?? end;
    const edits = isAlone ? NOTHING : this.#edits(joined, start, end, found);
    this.#letGo(joined, end, coveredFrom);
    return edits;
  }

  /** Forgets what was let go: what comes next is another text. */
  forget(): void {
    this.#before = '';
    this.#coveredFrom = 0;
  }

  #edits(joined: string, start: number, end: number, found: readonly Found[]): readonly StreamEdit[] {
    let alone: readonly Found[] | undefined;
    const edits: StreamEdit[] = [];
    for (const one of found) {
      const place = {
        start: Math.max(one.start, start) - start,
        end: Math.min(one.end, end) - start,
        entity: one.entity,
      };
      if (one.start < start) {
        edits.push({ ...place, part: this.#coveredFrom < start ? 'cut' : 'rest' });
        continue;
      }
      // What is found in it anyway is left to those who read it.
      alone ??= this.#reader.find(joined.slice(start, end));
      const isKnown = alone.some((other) => other.start === place.start && other.end >= one.end - start);
      if (!isKnown)
        edits.push({ ...place, part: 'value', value: one.value ?? joined.slice(one.start, one.end) });
    }
    return edits;
  }

  #letGo(joined: string, end: number, coveredFrom: number): void {
    const from = Math.max(0, end - CONTEXT);
    this.#before = joined.slice(from, end);
    this.#coveredFrom = Math.max(0, coveredFrom - from);
  }
}
