import type { Facts } from './condition/condition.ts';
import type { Identity } from './principal-memo.ts';
import type { SubjectId } from './roles.ts';
import type { Question, Rule } from './rule.ts';

/** The rules of one effect on one server, action and object pattern, by subject, in the order of the file. */
export class Leaf {
  // Most hold one rule; a map each would cost more memory than the rules themselves.
  #only: Rule | undefined;
  #bySubject: Map<SubjectId, Rule[]> | undefined;

  /**
   * @returns an earlier rule without a condition, beside which this one never decides; it is not added then
   */
  add(rule: Rule): Rule | undefined {
    if (this.#only === undefined && this.#bySubject === undefined) {
      this.#only = rule;
      return undefined;
    }
    if (this.#bySubject === undefined) {
      this.#bySubject = new Map();
      if (this.#only !== undefined) this.#bySubject.set(this.#only.subject, [this.#only]);
      this.#only = undefined;
    }
    const rules = this.#bySubject.get(rule.subject);
    if (rules === undefined) {
      this.#bySubject.set(rule.subject, [rule]);
      return undefined;
    }
    const last = rules.at(-1);
    if (last !== undefined && last.condition === undefined) return last;
    rules.push(rule);
    return undefined;
  }

  /** The earliest rule in the file, before `best`, that is for this principal and counts; else `best`. */
  first(identity: Identity, best: Rule | undefined, question: Question, facts: Facts): Rule | undefined {
    const only = this.#only;
    if (only !== undefined) {
      return identity.set.has(only.subject) && isBefore(only, best) && only.counts(question, facts)
        ? only
        : best;
    }
    const bySubject = this.#bySubject;
    if (bySubject === undefined) return best;
    let found = best;
    if (bySubject.size < identity.ids.length) {
      for (const [subject, rules] of bySubject) {
        if (identity.set.has(subject)) found = earliest(rules, found, question, facts);
      }
    } else {
      for (const id of identity.ids) {
        const rules = bySubject.get(id);
        if (rules !== undefined) found = earliest(rules, found, question, facts);
      }
    }
    return found;
  }
}

function earliest(
  rules: readonly Rule[],
  best: Rule | undefined,
  question: Question,
  facts: Facts,
): Rule | undefined {
  for (const rule of rules) {
    if (!isBefore(rule, best)) return best;
    if (rule.counts(question, facts)) return rule;
  }
  return best;
}

function isBefore(rule: Rule, best: Rule | undefined): boolean {
  return best === undefined || rule.order < best.order;
}
