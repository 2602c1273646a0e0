import type { EntityName } from '../entity.ts';
import type { Finding } from '../finding.ts';
import type { CompiledRule } from './compiled.ts';
import type { Normalized } from './normalize.ts';

const LEAST = 64;
/** Longer columns, 24 bytes a row, are given back before the next scan. */
const MOST_KEPT = 1 << 17;

/** Of a rule, what its findings say, and what decides between two of them. */
export type FindingRule = Pick<CompiledRule, 'id' | 'entity' | 'order' | 'secret'>;

/** Findings before overlaps are resolved, in columns, sorted by where they begin. */
export class Hits {
  length = 0;
  rules: FindingRule[] = [];
  starts: Int32Array = new Int32Array(LEAST);
  ends: Int32Array = new Int32Array(LEAST);
  scores: Float64Array = new Float64Array(LEAST);

  add(rule: FindingRule, start: number, end: number, score: number): void {
    const at = this.length;
    if (at === this.starts.length) this.#grow();
    this.length = at + 1;
    // They come nearly sorted: a match begins at most some hundred units before the place that set it off.
    let place = at;
    while (place > 0 && (this.starts[place - 1] as number) > start) {
      this.#move(place - 1, place);
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
        this.rules[at] as FindingRule,
        this.starts[at] as number,
        this.ends[at] as number,
      ];
      if (passes({ entity: rule.entity, start, end }))
        this.#put(kept++, rule, start, end, this.scores[at] as number);
    }
    this.length = kept;
  }

  /** Puts findings that no rule of the program made, sorted by where they begin, among these: before them where both begin. */
  merge(findings: readonly Finding[]): void {
    let from = this.length - 1;
    this.length += findings.length;
    while (this.starts.length < this.length) this.#grow();
    const ruleOf = createOutsideRules();
    // From the first to the last, or V8 makes a hash table of the array.
    while (this.rules.length < this.length) this.rules.push(ruleOf('', 'PERSON'));
    let at = this.length - 1;
    for (let index = findings.length - 1; index >= 0; index--) {
      const { start, end, entity, score, rule } = findings[index] as Finding;
      while (from >= 0 && (this.starts[from] as number) >= start) this.#move(from--, at--);
      this.#put(at--, ruleOf(rule, entity), start, end, score);
    }
  }

  /** Leads places in a normalized text back to the original. */
  moveBack({ startOf, endOf }: Pick<Normalized, 'startOf' | 'endOf'>): void {
    for (let at = 0; at < this.length; at++) {
      this.starts[at] = startOf(this.starts[at] as number);
      this.ends[at] = endOf(this.ends[at] as number);
    }
  }

  #move(from: number, to: number): void {
    this.rules[to] = this.rules[from] as FindingRule;
    this.starts[to] = this.starts[from] as number;
    this.ends[to] = this.ends[from] as number;
    this.scores[to] = this.scores[from] as number;
  }

  #put(at: number, rule: FindingRule, start: number, end: number, score: number): void {
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

/** Stands behind every rule of a program. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Makes a rule of what a finding says of its own: one for all that say the same. */
function createOutsideRules(): (id: string, entity: EntityName) => FindingRule {
  let last: FindingRule = { id: '', entity: 'PERSON', order: LAST, secret: false };
  return (id, entity) => {
    if (id !== last.id || entity !== last.entity) last = { id, entity, order: LAST, secret: false };
    return last;
  };
}
