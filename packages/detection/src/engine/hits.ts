import type { EntityName } from '../entity.ts';
import type { CompiledRule } from './compiled.ts';

const LEAST = 64;
/** Longer columns, 24 bytes a row, are given back before the next scan. */
const MOST_KEPT = 1 << 17;

/** Findings before overlaps are resolved, in columns, sorted by where they begin. */
export class Hits {
  length = 0;
  rules: CompiledRule[] = [];
  starts: Int32Array = new Int32Array(LEAST);
  ends: Int32Array = new Int32Array(LEAST);
  scores: Float64Array = new Float64Array(LEAST);

  add(rule: CompiledRule, start: number, end: number, score: number): void {
    const at = this.length;
    if (at === this.starts.length) this.#grow();
    this.length = at + 1;
    // They come nearly sorted: a match begins at most some hundred units before the place that set it off.
    let place = at;
    while (place > 0 && (this.starts[place - 1] as number) > start) {
      this.#put(
        place,
        this.rules[place - 1] as CompiledRule,
        this.starts[place - 1] as number,
        this.ends[place - 1] as number,
        this.scores[place - 1] as number,
      );
      place -= 1;
    }
    this.#put(place, rule, start, end, score);
  }

  clear(): void {
    this.length = 0;
    if (this.starts.length > MOST_KEPT) {
      this.rules = [];
      this.starts = new Int32Array(LEAST);
      this.ends = new Int32Array(LEAST);
      this.scores = new Float64Array(LEAST);
    }
  }

  /** Drops those that do not pass. */
  keep(
    passes: (hit: { readonly entity: EntityName; readonly start: number; readonly end: number }) => boolean,
  ): void {
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      const [rule, start, end] = [
        this.rules[at] as CompiledRule,
        this.starts[at] as number,
        this.ends[at] as number,
      ];
      if (passes({ entity: rule.entity, start, end }))
        this.#put(kept++, rule, start, end, this.scores[at] as number);
    }
    this.length = kept;
  }

  /** Leads places in a normalized text back to the original. */
  moveTo(starts: Int32Array, ends: Int32Array): void {
    for (let at = 0; at < this.length; at++) {
      this.starts[at] = starts[this.starts[at] as number] as number;
      this.ends[at] = ends[(this.ends[at] as number) - 1] as number;
    }
  }

  #put(at: number, rule: CompiledRule, start: number, end: number, score: number): void {
    this.rules[at] = rule;
    this.starts[at] = start;
    this.ends[at] = end;
    this.scores[at] = score;
  }

  #grow(): void {
    const wider = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    const size = this.starts.length * 2;
    this.starts = wider(new Int32Array(size), this.starts);
    this.ends = wider(new Int32Array(size), this.ends);
    this.scores = wider(new Float64Array(size), this.scores);
  }
}
