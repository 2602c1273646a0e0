import { ShardedMap } from './sharded-map.ts';

/** A subject as rules name it (`user:alice`), by number. */
export type SubjectId = number;

const PREFIX = /^(?:user|role|client):./s;

/** Whether a subject says what it is. Without prefixes, a user could be named like a role, and have it. */
export function isSubject(name: string): boolean {
  return PREFIX.test(name);
}

export const SUBJECT_ADVICE =
  'A subject begins with user:, role: or client:, and is exact; write role:<name>, or user:<subject> for one.';

/** Who has which role, directly or through others; built once, then read only. */
export class Roles {
  readonly #ids = new ShardedMap<SubjectId>();
  readonly #names: string[] = [];
  readonly #parents: (SubjectId[] | undefined)[] = [];

  /** The number of a subject, which it gets when first named. */
  idOf(name: string): SubjectId {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#ids.set(name, id);
    this.#names.push(name);
    this.#parents.push(undefined);
    return id;
  }

  /** The number of a subject that some rule names. */
  find(name: string): SubjectId | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: SubjectId): string {
    return this.#names[id] ?? '';
  }

  grant(member: SubjectId, role: SubjectId): void {
    const parents = this.#parents[member];
    if (parents === undefined) this.#parents[member] = [role];
    else parents.push(role);
  }

  parentsOf(id: SubjectId): readonly SubjectId[] {
    return this.#parents[id] ?? [];
  }

  /** Everything that is reachable from `names`, however deep, the names' own numbers included. */
  closure(names: readonly string[]): ReadonlySet<SubjectId> {
    const reached = new Set<SubjectId>();
    for (const name of names) {
      const id = this.#ids.get(name);
      if (id !== undefined) reached.add(id);
    }
    // A set is iterated in order of insertion, with what is added meanwhile: this is the queue.
    for (const id of reached) {
      const parents = this.#parents[id];
      if (parents !== undefined) for (const parent of parents) reached.add(parent);
    }
    return reached;
  }

  /** The roles that inherit themselves, each as the path that closes. Yields while it works. */
  *cycles(): Generator<void, readonly (readonly SubjectId[])[]> {
    const found: (readonly SubjectId[])[] = [];
    const state = new Uint8Array(this.#names.length);
    for (let start = 0; start < this.#names.length; start += 1) {
      if (start % 64 === 0) yield;
      if (state[start] !== UNSEEN || this.#parents[start] === undefined) continue;
      const path = [{ id: start, next: 0 }];
      state[start] = OPEN;
      for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
        const parent = this.parentsOf(top.id)[top.next];
        top.next += 1;
        if (top.next % 64 === 0) yield;
        if (parent === undefined) {
          state[top.id] = CLOSED;
          path.pop();
        } else if (state[parent] === OPEN) {
          const ids = path.map(({ id }) => id);
          found.push([...ids.slice(ids.indexOf(parent)), parent]);
        } else if (state[parent] === UNSEEN) {
          state[parent] = OPEN;
          path.push({ id: parent, next: 0 });
        }
      }
    }
    return found;
  }
}

const UNSEEN = 0;
const OPEN = 1;
const CLOSED = 2;
