import type { Tally, TallyKind } from './tally.ts';

/** How much a correlation may remember. */
export interface Limits {
  readonly groups: number;
  /** Times, values and ids, of all groups together. */
  readonly entries: number;
}

/** One group: all records with the same values of `group-by`. */
export interface Group {
  tally: Tally;
  /** Of its newest record, in milliseconds since the epoch. */
  seen: number;
  /** Of its last match. */
  fired: number | undefined;
}

/** Both halves, with the time at which they were turned last. */
export interface SavedGroups {
  readonly turned: number;
  readonly old: readonly unknown[];
  readonly young: readonly unknown[];
}

type Half = Map<string, Group>;

/**
 * Groups by their key, in two halves: those that were heard of lately, and those before. The older half goes at once, when
 * a timespan has passed or when there are too many, so that no record pays for looking through them.
 */
export class Groups {
  readonly #kind: TallyKind;
  readonly #spanMs: number;
  readonly #limits: Limits;
  #young: Half = new Map();
  #old: Half = new Map();
  #entries = 0;
  #evicted = 0;
  /** When the halves were last turned, by the time of a record. */
  #turned = 0;

  constructor(kind: TallyKind, spanMs: number, limits: Limits) {
    this.#kind = kind;
    this.#spanMs = spanMs;
    this.#limits = limits;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** How many groups went although they could still have matched. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Gives the group of a key to `change`, and counts what it holds after. */
  with<T>(key: string, time: number, change: (group: Group) => T): T {
    // What is in the older half then was not heard of for a timespan.
    if (Math.abs(time - this.#turned) > this.#spanMs) this.#turn(time);
    const group = this.#groupOf(key, time);
    this.#entries -= group.tally.size;
    // A clock that was set back by more than the timespan: what came before cannot be told from what comes after.
    if (group.seen - time > this.#spanMs) group.tally = this.#kind.create();
    group.seen = time;
    const result = change(group);
    this.#entries += group.tally.size;
    for (let turns = 0; turns < 2 && this.#entries > this.#limits.entries; turns += 1) this.#turn(time);
    return result;
  }

  #groupOf(key: string, time: number): Group {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const known = this.#old.get(key);
    if (known !== undefined) this.#old.delete(key);
    if (this.#young.size >= Math.max(1, Math.floor(this.#limits.groups / 2))) this.#turn(time);
    const group = known ?? { tally: this.#kind.create(), seen: time, fired: undefined };
    if (known === undefined) this.#entries += group.tally.size;
    this.#young.set(key, group);
    return group;
  }

  /** The older half goes, and the younger one becomes it. */
  #turn(time: number): void {
    for (const { seen, tally } of this.#old.values()) {
      this.#entries -= tally.size;
      if (Math.abs(time - seen) <= this.#spanMs) this.#evicted += 1;
    }
    this.#old = this.#young;
    this.#young = new Map();
    this.#turned = time;
  }

  /** As JSON, that changes with the next record. */
  save(): SavedGroups {
    const half = (groups: Half): readonly unknown[] =>
      [...groups].map(([key, { tally, seen, fired }]) => [key, seen, fired ?? null, tally.save()]);
    return { turned: this.#turned, old: half(this.#old), young: half(this.#young) };
  }

  /** Takes what `save` wrote. Answers false, and stays empty, when it is something else. */
  restore(saved: unknown): boolean {
    const { turned, old, young } = (saved ?? {}) as Readonly<Record<'turned' | 'old' | 'young', unknown>>;
    const [before, lately] = [this.#half(old), this.#half(young)];
    if (typeof turned !== 'number' || before === undefined || lately === undefined) return false;
    if (before.size + lately.size > this.#limits.groups + 1) return false;
    this.#turned = turned;
    this.#old = before;
    this.#young = lately;
    for (const { tally } of [...before.values(), ...lately.values()]) this.#entries += tally.size;
    return true;
  }

  #half(saved: unknown): Half | undefined {
    if (!Array.isArray(saved)) return undefined;
    const half: Half = new Map();
    for (const one of saved as readonly unknown[]) {
      const entry = this.#load(one);
      if (entry === undefined) return undefined;
      half.set(entry.key, entry.group);
    }
    return half;
  }

  #load(saved: unknown): { readonly key: string; readonly group: Group } | undefined {
    if (!Array.isArray(saved)) return undefined;
    const [key, seen, fired, rest] = saved as readonly unknown[];
    if (typeof key !== 'string' || typeof seen !== 'number') return undefined;
    if (fired !== null && typeof fired !== 'number') return undefined;
    const tally = this.#kind.load(rest);
    return tally && { key, group: { tally, seen, fired: fired ?? undefined } };
  }
}
