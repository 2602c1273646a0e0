import type { Facts } from './condition/condition.ts';
import { Leaf } from './leaf.ts';
import type { ObjectPattern } from './object-pattern.ts';
import { type Identity, markOf } from './principal-memo.ts';
import type { Question, Rule } from './rule.ts';
import type { Glob } from './segment-glob.ts';
import { SegmentTrie } from './segment-trie.ts';
import { ShardedMap } from './sharded-map.ts';
import { aliasesOf, KIND_COUNT, kindNumber, type Target } from './target.ts';

/** Where a rule applies. */
export interface Scope {
  readonly server: Glob;
  readonly action: Glob;
  readonly object: ObjectPattern;
}

const MAX_ROUTES = 1024;
const PREFIX_BUDGET = 100_000;

/** Values by glob over plain names: the exact ones by hash. */
class NameIndex<T> {
  readonly #exact = new Map<string, T>();
  #globs: SegmentTrie<T> | undefined;

  at(glob: Glob, make: () => T): T {
    if (glob.exact === undefined) return (this.#globs ??= new SegmentTrie()).insert(glob.segments, -1, make);
    let value = this.#exact.get(glob.exact);
    if (value === undefined) this.#exact.set(glob.exact, (value = make()));
    return value;
  }

  find(name: string, found: T[]): void {
    const exact = this.#exact.get(name);
    if (exact !== undefined) found.push(exact);
    const globs = this.#globs;
    const count = globs?.find(name, 0, false) ?? 0;
    for (let i = 0; i < count; i += 1) found.push(globs?.found(i) as T);
  }
}

/** The rules for one server pattern and one action pattern, by object. */
class ObjectIndex {
  readonly exact = new ShardedMap<Leaf>();
  /** By kind of object. Resources are here even when exact: templates are looked up by prefix. */
  readonly globs: (SegmentTrie<Leaf> | undefined)[] = Array.from({ length: KIND_COUNT }, () => undefined);
  everything: Leaf | undefined;

  leavesOf(pattern: ObjectPattern, marks: number): readonly Leaf[] {
    if (pattern.kind === 'everything') return [(this.everything ??= new Leaf())];
    const { of, exact, glob, normal } = pattern;
    if (of !== 'resource' && exact !== undefined) {
      let leaf = this.exact.get(exact);
      if (leaf === undefined) this.exact.set(exact, (leaf = new Leaf()));
      return [leaf];
    }
    const trie = (this.globs[kindNumber(of)] ??= new SegmentTrie());
    const leaf = trie.insert(glob.segments, marks, newLeaf);
    return normal === undefined ? [leaf] : [leaf, trie.insert(normal.segments, marks, newLeaf)];
  }
}

function newLeaf(): Leaf {
  return new Leaf();
}

/** What is asked of the rules of one effect. */
export interface Lookup {
  readonly identity: Identity;
  readonly server: string;
  readonly action: string;
  readonly target: Target;
  readonly question: Question;
  readonly facts: Facts;
}

/** The rules of one effect. A question costs what its names and matches cost, not what there are rules. */
export class RuleIndex {
  readonly #servers = new NameIndex<NameIndex<ObjectIndex>>();
  /** What there is for a server and an action, once no rules are added any more; bounded. */
  readonly #routes = new Map<string, Map<string, readonly ObjectIndex[]>>();
  #routeCount = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns an earlier rule beside which this one never decides, if there is one */
  add(rule: Rule, scope: Scope): Rule | undefined {
    this.#size += 1;
    const objects = this.#servers.at(scope.server, newNameIndex).at(scope.action, newObjectIndex);
    let instead: Rule | undefined;
    for (const leaf of objects.leavesOf(scope.object, markOf(rule.subject))) instead ??= leaf.add(rule);
    return instead;
  }

  /** The earliest rule that covers an object as it is named, and counts. For allow rules. */
  allowing(lookup: Lookup): Rule | undefined {
    if (lookup.identity.ids.length === 0) return undefined;
    return this.#first(lookup, this.#route(lookup.server, lookup.action), lookup.target, undefined);
  }

  /**
   * The earliest rule that covers an object under any name it might be resolved to, and counts. For deny
   * rules.
   */
  denying(lookup: Lookup): Rule | undefined {
    if (this.#size === 0 || lookup.identity.ids.length === 0) return undefined;
    const route = this.#route(lookup.server, lookup.action);
    if (route.length === 0) return undefined;
    let best: Rule | undefined;
    for (const alias of aliasesOf(lookup.target)) best = this.#first(lookup, route, alias, best);
    return best;
  }

  /** Whether a rule that counts covers some resource which begins like the target. For allow rules. */
  allowingPrefix(lookup: Lookup): boolean {
    const { identity, question, facts } = lookup;
    const { object, kind, from, ambiguous } = lookup.target;
    if (ambiguous) return false;
    const counts = (leaf: Leaf): boolean => leaf.first(identity, undefined, question, facts) !== undefined;
    return this.#route(lookup.server, lookup.action).some((objects) => {
      if (objects.everything !== undefined && counts(objects.everything)) return true;
      const trie = objects.globs[kind];
      return trie?.someWithPrefix(object.slice(from), identity.marks, PREFIX_BUDGET, counts) === true;
    });
  }

  /** Whether a rule that counts covers every resource which begins like the target. For deny rules. */
  denyingPrefix({ identity, server, action, target, question, facts }: Lookup): boolean {
    return this.#route(server, action).some((objects) => {
      const leaves = objects.globs[target.kind]?.covering(target.object.slice(target.from)) ?? [];
      if (objects.everything !== undefined) leaves.push(objects.everything);
      return leaves.some((leaf) => leaf.first(identity, undefined, question, facts) !== undefined);
    });
  }

  #first(
    { identity, question, facts }: Lookup,
    route: readonly ObjectIndex[],
    { object, kind, from, ambiguous }: Target,
    before: Rule | undefined,
  ): Rule | undefined {
    let best = before;
    for (let i = 0; i < route.length; i += 1) {
      const { exact, everything, globs } = route[i] as ObjectIndex;
      const leaf = exact.get(object);
      if (leaf !== undefined) best = leaf.first(identity, best, question, facts);
      if (everything !== undefined && !ambiguous) best = everything.first(identity, best, question, facts);
      const trie = globs[kind];
      if (trie === undefined) continue;
      const count = trie.find(object, from, ambiguous);
      for (let k = 0; k < count; k += 1)
        best = (trie.found(k) as Leaf).first(identity, best, question, facts);
    }
    return best;
  }

  #route(server: string, action: string): readonly ObjectIndex[] {
    const known = this.#routes.get(server)?.get(action);
    if (known !== undefined) return known;
    const actions: NameIndex<ObjectIndex>[] = [];
    this.#servers.find(server, actions);
    const route: ObjectIndex[] = [];
    for (const index of actions) index.find(action, route);
    if (this.#routeCount < MAX_ROUTES) {
      this.#routeCount += 1;
      const routes = this.#routes.get(server) ?? new Map<string, readonly ObjectIndex[]>();
      this.#routes.set(server, routes.set(action, route));
    }
    return route;
  }
}

function newNameIndex(): NameIndex<ObjectIndex> {
  return new NameIndex();
}

function newObjectIndex(): ObjectIndex {
  return new ObjectIndex();
}
