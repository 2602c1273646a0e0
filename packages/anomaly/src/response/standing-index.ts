import { isPseudonym } from '@sallyport/audit/recording';
import type { Restriction } from './restriction.ts';

/** What of a call restrictions are about. */
export interface CallFacts {
  readonly subject: string;
  /** The pseudonym of the subject, where restrictions are about those. */
  readonly pseudonym?: string | undefined;
  readonly server: string;
  /** As records name it; undefined for what is about nothing in particular. */
  readonly target: string | undefined;
}

interface Timed {
  readonly restriction: Restriction;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** At most one of each kind stands for one thing. */
interface Slot {
  quarantine?: Timed;
  approval?: Timed;
}

interface ServerSlot {
  readonly own: Slot;
  readonly targets: Map<string, Slot>;
}

/** Restrictions, to be asked about every call: without a loop, and without an allocation. */
export class StandingIndex {
  /** Also those that are over. */
  readonly size: number;
  readonly #subjects: Map<string, Slot> = new Map();
  readonly #servers: Map<string, ServerSlot> = new Map();

  /** When the last of those is over that are about people who are known by their pseudonyms only; -Infinity where none is. */
  #pseudonymsUntil = -Infinity;

  constructor(restrictions: readonly Restriction[]) {
    this.size = restrictions.length;
    for (const restriction of restrictions) this.#add(restriction);
  }

  /** Whether some stand that are about people who are known by their pseudonyms only. */
  hasPseudonyms(now: number): boolean {
    return this.#pseudonymsUntil > now;
  }

  /** What stands in the way of a call: a quarantine before an approval, and then what says most about who calls. */
  find({ subject, pseudonym, server, target }: CallFacts, now: number): Restriction | undefined {
    let found = stricter(undefined, this.#subjects.get(subject), now);
    if (pseudonym !== undefined) found = stricter(found, this.#subjects.get(pseudonym), now);
    const ofServer = this.#servers.get(server);
    if (ofServer === undefined) return found;
    found = stricter(found, ofServer.own, now);
    return target === undefined ? found : stricter(found, ofServer.targets.get(target), now);
  }

  #add(restriction: Restriction): void {
    const slot = this.#slotFor(restriction);
    const until = Date.parse(restriction.until);
    const { of } = restriction;
    if ('subject' in of && isPseudonym(of.subject))
      this.#pseudonymsUntil = Math.max(this.#pseudonymsUntil, until);
    const there = slot[restriction.kind];
    if (there === undefined || there.until < until) slot[restriction.kind] = { restriction, until };
  }

  #slotFor({ of }: Restriction): Slot {
    if ('subject' in of) return gotten(this.#subjects, of.subject, () => ({}));
    const server = gotten(this.#servers, of.server, () => ({ own: {}, targets: new Map() }));
    return 'target' in of ? gotten(server.targets, of.target, () => ({})) : server.own;
  }
}

function stricter(
  found: Restriction | undefined,
  slot: Slot | undefined,
  now: number,
): Restriction | undefined {
  if (slot === undefined || found?.kind === 'quarantine') return found;
  const { quarantine, approval } = slot;
  if (quarantine !== undefined && quarantine.until > now) return quarantine.restriction;
  if (found !== undefined || approval === undefined || approval.until <= now) return found;
  return approval.restriction;
}

function gotten<V>(map: Map<string, V>, key: string, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
