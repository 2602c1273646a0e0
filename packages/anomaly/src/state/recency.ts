import type { Profile } from './profile.ts';

/** Profiles in the order in which they were seen last. Every step takes the same time, however many there are. */
export class Recency {
  #newest: Profile | undefined;
  #oldest: Profile | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): Profile | undefined {
    return this.#oldest;
  }

  add(profile: Profile): void {
    profile.older = this.#newest;
    profile.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = profile;
    this.#newest = profile;
    this.#oldest ??= profile;
    this.#size += 1;
  }

  remove(profile: Profile): void {
    const { newer, older } = profile;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    profile.newer = undefined;
    profile.older = undefined;
    this.#size -= 1;
  }

  touch(profile: Profile): void {
    if (profile === this.#newest) return;
    this.remove(profile);
    this.add(profile);
  }

  *[Symbol.iterator](): IterableIterator<Profile> {
    for (let profile = this.#oldest; profile !== undefined; profile = profile.newer) yield profile;
  }
}
