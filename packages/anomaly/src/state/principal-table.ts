import type { Profile } from './profile.ts';
import { Recency } from './recency.ts';
import { createProfile, Tenant } from './tenant.ts';

/** After so many calls a principal is no passer-by any more. */
const RESIDENT_AFTER = 20;
/** What share of all places passers-by may take from residents. */
const PASSING = 0.2;

export interface TableLimits {
  readonly tenants: number;
  readonly principals: number;
}

/**
 * Servers and their principals, at most so many. Those not seen for the longest time are given up; passers-by first, so
 * that somebody who makes up names does not drive out those who are known.
 */
export class PrincipalTable {
  readonly tenants: Map<string, Tenant> = new Map();
  readonly passing: Recency = new Recency();
  readonly residents: Recency = new Recency();
  readonly #limits: TableLimits;
  /** How many were given up. */
  evicted = 0;

  constructor(limits: TableLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.passing.size + this.residents.size;
  }

  tenant(name: string, time: number): Tenant {
    const known = this.tenants.get(name);
    if (known !== undefined) {
      known.last = time;
      return known;
    }
    if (this.tenants.size >= this.#limits.tenants) this.#dropTenant();
    const tenant = new Tenant(name, time);
    this.tenants.set(name, tenant);
    return tenant;
  }

  principal(tenant: Tenant, subject: string, time: number): Profile {
    const known = tenant.principals.get(subject);
    if (known === undefined) return this.insert(createProfile(tenant, subject, time));
    known.last = time;
    if (known.resident) this.residents.touch(known);
    else if (known.calls < RESIDENT_AFTER) this.passing.touch(known);
    else {
      this.passing.remove(known);
      known.resident = true;
      this.residents.add(known);
    }
    return known;
  }

  insert(profile: Profile): Profile {
    while (this.size >= this.#limits.principals) this.#dropPrincipal();
    profile.tenant.principals.set(profile.subject, profile);
    (profile.resident ? this.residents : this.passing).add(profile);
    return profile;
  }

  #dropPrincipal(): void {
    const fromPassing = this.passing.size > PASSING * this.#limits.principals || this.residents.size === 0;
    const victim = (fromPassing ? this.passing : this.residents).oldest;
    if (victim !== undefined) this.#drop(victim);
  }

  #drop(profile: Profile): void {
    (profile.resident ? this.residents : this.passing).remove(profile);
    profile.tenant.principals.delete(profile.subject);
    this.evicted += 1;
  }

  #dropTenant(): void {
    let victim: Tenant | undefined;
    for (const tenant of this.tenants.values())
      if (victim === undefined || tenant.last < victim.last) victim = tenant;
    if (victim === undefined) return;
    for (const profile of victim.principals.values()) this.#drop(profile);
    this.tenants.delete(victim.name);
  }
}
