import { isJsonObject, type JsonObject, type Principal } from '@sallyport/core';
import type { Detector, Finding, KeyReader } from '@sallyport/detection';
import type { RedactionPlan } from './redaction-plan.ts';

/** One finding, and what becomes of it; never the value. */
export interface ExplainedFinding {
  /** `3:14` in a text, line and column from 1; `/entry/0/name` in JSON, and the place in a value of which it is a part. */
  readonly at: string;
  /** Code units. */
  readonly length: number;
  readonly entity: string;
  /** What found it: a rule by its id, or a key. */
  readonly rule: string;
  readonly score: number;
  /** `keep` where it stays. */
  readonly operator: string;
}

export interface ExplainTextsOptions {
  readonly plan: RedactionPlan;
  readonly principal: Principal;
  /** Default: those that the principal came with. */
  readonly rolesOf?: ((principal: Principal) => readonly string[]) | undefined;
  readonly server: string;
  readonly tool?: string | undefined;
  readonly direction: 'arguments' | 'results';
}

const DEEPEST = 128;

/**
 * Says what is found in texts, by which rule and how sure. It reads words, keys and JSON as redaction does; names that
 * another text of a message gives away, and what is encoded inside a text, are not listed.
 */
export class ExplainTexts {
  readonly #detector: Detector;
  readonly #keys: KeyReader;
  readonly #operators: ReadonlyMap<string, string>;

  private constructor(detector: Detector, keys: KeyReader, operators: ReadonlyMap<string, string>) {
    this.#detector = detector;
    this.#keys = keys;
    this.#operators = operators;
  }

  static async open(options: ExplainTextsOptions): Promise<ExplainTexts> {
    const { plan, direction, principal, rolesOf, server, tool } = options;
    const [{ createKeyReader }, { detectorOf }, { explainRedaction }] = await Promise.all([
      import('@sallyport/detection'),
      import('./detector-of.ts'),
      import('./explain-redaction.ts'),
    ]);
    const roles = rolesOf?.(principal) ?? principal.roles;
    const operators = await explainRedaction(plan, { server, roles, tool });
    return new ExplainTexts(detectorOf(plan), createKeyReader(), operators[direction]);
  }

  /** @param line the number of its first line */
  explain(text: string, line: number): readonly ExplainedFinding[] {
    const value = parsed(text);
    if (value === undefined) return this.#words(text, textPlaces(text, line));
    const found = this.#value(value, this.#keys.start, '', 0);
    this.#keys.forget();
    return found;
  }

  #value(value: unknown, place: number, pointer: string, depth: number): readonly ExplainedFinding[] {
    if (depth > DEEPEST) throw new RangeError(`A value has at most ${DEEPEST} levels.`);
    if (Array.isArray(value)) {
      return value.flatMap((element, index) => this.#value(element, place, `${pointer}/${index}`, depth + 1));
    }
    if (isJsonObject(value)) {
      return Object.entries(value).flatMap(([key, member]) => {
        const there = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        return this.#value(member, this.#keys.step(place, key, value, member), there, depth + 1);
      });
    }
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const verdict = this.#keys.verdict(place);
    if (verdict === 'keep') return [];
    const text = String(value);
    if (verdict !== undefined && this.#operators.has(verdict.entity)) {
      return [this.#explained({ ...verdict, start: 0, end: text.length }, pointer)];
    }
    return typeof value === 'string' ? this.#words(text, (start) => `${pointer}:${start + 1}`) : [];
  }

  #words(text: string, place: (start: number) => string): readonly ExplainedFinding[] {
    return this.#detector.scan(text).map((finding) => this.#explained(finding, place(finding.start)));
  }

  #explained({ start, end, entity, rule, score }: Finding, at: string): ExplainedFinding {
    return { at, length: end - start, entity, rule, score, operator: this.#operators.get(entity) ?? 'keep' };
  }
}

/** The value of JSON, or of lines of JSON as a list; undefined for other texts. */
function parsed(text: string): readonly unknown[] | JsonObject | undefined {
  if (!/^\uFEFF?\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as JsonObject;
  } catch {
    // Not one value; perhaps one in each line.
  }
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

/** Line and column; asked from left to right. */
function textPlaces(text: string, firstLine: number): (start: number) => string {
  let line = firstLine;
  let lineStart = 0;
  return (start) => {
    for (
      let end = text.indexOf('\n', lineStart);
      end !== -1 && end < start;
      end = text.indexOf('\n', lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    return `${line}:${start - lineStart + 1}`;
  };
}
