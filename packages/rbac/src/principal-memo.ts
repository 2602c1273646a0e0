import type { Principal } from '@sallyport/core';
import type { Roles, SubjectId } from './roles.ts';

/** Everything that a principal is, as far as rules name it. */
export interface Identity {
  readonly ids: readonly SubjectId[];
  readonly set: ReadonlySet<SubjectId>;
  /** One bit for each id, several ids sharing one; see `marksOf`. */
  readonly marks: number;
}

export function markOf(id: SubjectId): number {
  return 1 << (id & 31);
}

/** Limits of the memo: principals, and ids over all of them. */
const MAX_ENTRIES = 4096;
const MAX_IDS = 1 << 20;

interface Seen {
  readonly subject: string;
  readonly client: string | undefined;
  readonly roles: readonly string[];
  readonly identity: Identity;
}

/**
 * What principals are, worked out once for each. It belongs to one compiled policy, so a new policy begins
 * with a new memo. Bounded twice: by principal object it holds nothing alive, by content it holds the latest.
 */
export class PrincipalMemo {
  readonly #roles: Roles;
  readonly #byObject = new WeakMap<Principal, Seen>();
  readonly #byContent = new Map<string, Identity>();
  #held = 0;

  constructor(roles: Roles) {
    this.#roles = roles;
  }

  identityOf(principal: Principal): Identity {
    const seen = this.#byObject.get(principal);
    // A host may have changed an object since, whatever its type says.
    if (seen !== undefined && isSame(seen, principal)) return seen.identity;
    const { subject, client } = principal;
    const roles = [...principal.roles];
    const identity = this.#recall(subject, client, roles);
    this.#byObject.set(principal, { subject, client, roles, identity });
    return identity;
  }

  #recall(subject: string, client: string | undefined, roles: readonly string[]): Identity {
    // JSON, because joining with a separator lets two principals collide.
    const key = JSON.stringify([subject, client ?? null, roles]);
    const known = this.#byContent.get(key);
    if (known !== undefined) return known;
    const identity = this.#workOut(subject, client, roles);
    for (const [oldest, { ids }] of this.#byContent) {
      if (this.#byContent.size < MAX_ENTRIES && this.#held + identity.ids.length <= MAX_IDS) break;
      this.#byContent.delete(oldest);
      this.#held -= ids.length;
    }
    if (identity.ids.length <= MAX_IDS) {
      this.#byContent.set(key, identity);
      this.#held += identity.ids.length;
    }
    return identity;
  }

  #workOut(subject: string, client: string | undefined, roles: readonly string[]): Identity {
    const set = this.#roles.closure(namesOf({ subject, client, roles }));
    const ids = [...set];
    return { ids, set, marks: ids.reduce((marks, id) => marks | markOf(id), 0) };
  }
}

/** A principal's own names, as rules write them. */
export function namesOf(principal: {
  readonly subject: string;
  readonly client?: string | undefined;
  readonly roles: readonly string[];
}): readonly string[] {
  const names = [`user:${principal.subject}`, ...principal.roles.map((role) => `role:${role}`)];
  if (principal.client !== undefined) names.push(`client:${principal.client}`);
  return names;
}

function isSame(seen: Seen, principal: Principal): boolean {
  if (seen.subject !== principal.subject || seen.client !== principal.client) return false;
  const { roles } = principal;
  if (seen.roles.length !== roles.length) return false;
  for (let i = 0; i < roles.length; i += 1) if (seen.roles[i] !== roles[i]) return false;
  return true;
}
