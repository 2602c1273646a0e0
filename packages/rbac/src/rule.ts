import type { Condition, Facts } from './condition/condition.ts';
import type { RuleEffect } from './object-pattern.ts';
import type { Decision } from './rbac.ts';
import type { SubjectId } from './roles.ts';
import type { PolicySource } from './rule-reader.ts';
import { FALSE, TRUE } from './tri.ts';

/**
 * `call`: does it apply? `use`, of facts without arguments: could it apply with some (allow), must it with
 * any (deny)? `unconditional`: has it no condition?
 */
export type Question = 'call' | 'use' | 'unconditional';

/** One rule of a compiled policy. */
export class Rule {
  /** Its number among all rules, whatever file they are from: the earliest that counts decides. */
  readonly order: number;
  readonly line: number;
  readonly effect: RuleEffect;
  readonly subject: SubjectId;
  readonly condition: Condition | undefined;
  readonly #source: PolicySource;
  // Where the rule's text begins and ends: a string for each of 100,000 rules would be the most of what they
  // cost.
  readonly #start: number;
  readonly #end: number;
  #decision: Decision | undefined;

  constructor(rule: {
    readonly order: number;
    readonly source: PolicySource;
    readonly line: number;
    readonly start: number;
    readonly end: number;
    readonly effect: RuleEffect;
    readonly subject: SubjectId;
    readonly condition: Condition | undefined;
  }) {
    this.order = rule.order;
    this.#source = rule.source;
    this.line = rule.line;
    this.#start = rule.start;
    this.#end = rule.end;
    this.effect = rule.effect;
    this.subject = rule.subject;
    this.condition = rule.condition;
  }

  /**
   * Whether the rule, where it matches, counts in this question. What is unknown never permits, and always
   * denies.
   */
  counts(question: Question, facts: Facts): boolean {
    if (this.condition === undefined) return true;
    if (question === 'unconditional') return false;
    const outcomes = this.condition(facts);
    if (this.effect === 'deny') return (outcomes & FALSE) === 0;
    return question === 'call' ? outcomes === TRUE : (outcomes & TRUE) !== 0;
  }

  /** The line as it stands in the file. */
  get text(): string {
    return this.#source.text.slice(this.#start, this.#end).trim();
  }

  get file(): string {
    return this.#source.file;
  }

  get at(): string {
    return `${this.file}:${this.line}`;
  }

  /** The decision that this rule makes. */
  get decision(): Decision {
    return (this.#decision ??= Object.freeze({
      effect: this.effect === 'allow' ? 'permit' : 'deny',
      rule: this.text,
      at: this.at,
    }));
  }
}
