import type { AlertFacts } from '@sallyport/audit';
import { HOUR } from '../durations.ts';
import type { Restricted } from './restriction.ts';

/** Different things that alerts of one rule may restrict within an hour. There are only so many servers. */
const MOST = { subject: 1000, target: 100, server: Infinity } as const;
/** Targets that alerts of one rule about one subject may restrict within an hour. */
const MOST_OF_SUBJECT = 20;

interface Restraint {
  readonly subject: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * How much the alerts of one rule may restrict within an hour. Names of tools and resources are made up by whoever calls: who
 * makes up thousands of them must not fill the place that there is for restrictions, nor use up what others may cause.
 */
export class RestrictionBudget {
  /** By rule and scope, then by what is restricted; the oldest first. */
  readonly #rules = new Map<string, Map<string, Restraint>>();

  /** @returns why nothing is restricted; undefined where it may be. What was restricted before may be for longer. */
  refusal({ rule, subject }: AlertFacts, of: Restricted, now: number): string | undefined {
    const scope = scopeOf(of);
    const spent = this.#rules.get(keyOf(rule.id, scope));
    if (spent === undefined) return undefined;
    for (const [name, { at }] of spent) {
      if (at > now - HOUR) break;
      spent.delete(name);
    }
    if (spent.has(nameOf(of))) return undefined;
    if (spent.size >= MOST[scope])
      return `The rule restricted ${String(MOST[scope])} different ${WORDS[scope]} within an hour, which is as many as it may.`;
    if (scope !== 'target') return undefined;
    let ofSubject = 0;
    for (const one of spent.values()) if (one.subject === subject) ofSubject += 1;
    return ofSubject < MOST_OF_SUBJECT
      ? undefined
      : `The rule restricted ${String(MOST_OF_SUBJECT)} different targets of this subject within an hour, which is as many as it may.`;
  }

  /** Counts what is restricted. */
  spend({ rule, subject }: AlertFacts, of: Restricted, now: number): void {
    const scope = scopeOf(of);
    if (MOST[scope] === Infinity) return;
    const key = keyOf(rule.id, scope);
    const spent = this.#rules.get(key) ?? new Map<string, Restraint>();
    this.#rules.set(key, spent);
    const name = nameOf(of);
    if (!spent.has(name)) spent.set(name, { subject, at: now });
  }
}

type Scope = keyof typeof MOST;

const WORDS: Readonly<Record<Scope, string>> = {
  subject: 'subjects',
  target: 'targets',
  server: 'servers',
};

function scopeOf(of: Restricted): Scope {
  if ('subject' in of) return 'subject';
  return 'target' in of ? 'target' : 'server';
}

function keyOf(rule: string, scope: Scope): string {
  return `${scope} ${rule}`;
}

function nameOf(of: Restricted): string {
  return JSON.stringify(of);
}
