import { matchesChunks, type Segment } from './segment-glob.ts';

interface WildChild<T> {
  readonly chunks: readonly string[];
  readonly node: TrieNode<T>;
}

/**
 * The segments with a `*` beside other text below one node, by the literal text before or after the `*`,
 * whichever is longer: a name is hashed character by character, and looked up at the lengths that occur.
 */
class WildChildren<T> {
  readonly all = new Map<string, WildChild<T>>();
  readonly #prefixes = new Affixes<T>(1);
  readonly #suffixes = new Affixes<T>(-1);
  readonly #rest: WildChild<T>[] = [];

  child(chunks: readonly string[]): TrieNode<T> {
    const key = chunks.join('\u0000');
    const known = this.all.get(key);
    if (known !== undefined) return known.node;
    const child = { chunks, node: new TrieNode<T>() };
    this.all.set(key, child);
    const prefix = chunks[0] ?? '';
    const suffix = chunks.at(-1) ?? '';
    if (prefix === '' && suffix === '') this.#rest.push(child);
    else if (prefix.length >= suffix.length) this.#prefixes.add(prefix, child);
    else this.#suffixes.add(suffix, child);
    return child.node;
  }

  visit(segment: string, visitor: (node: TrieNode<T>) => void): void {
    this.#prefixes.visit(segment, visitor);
    this.#suffixes.visit(segment, visitor);
    for (const child of this.#rest) if (matchesChunks(child.chunks, segment)) visitor(child.node);
  }
}

/** Texts that a segment may begin with (`step` 1) or end with (`step` -1). */
class Affixes<T> {
  readonly #step: 1 | -1;
  readonly #byHash = new Map<number, WildChild<T>[]>();
  readonly #lengths = new Set<number>();
  #longest = 0;

  constructor(step: 1 | -1) {
    this.#step = step;
  }

  add(affix: string, child: WildChild<T>): void {
    const hash = this.#hash(affix);
    const bucket = this.#byHash.get(hash);
    if (bucket === undefined) this.#byHash.set(hash, [child]);
    else bucket.push(child);
    this.#lengths.add(affix.length);
    this.#longest = Math.max(this.#longest, affix.length);
  }

  visit(segment: string, visitor: (node: TrieNode<T>) => void): void {
    const end = Math.min(this.#longest, segment.length);
    let hash = 0;
    for (let i = 0; i < end; i += 1) {
      hash = mix(hash, segment.charCodeAt(this.#step === 1 ? i : segment.length - 1 - i));
      if (!this.#lengths.has(i + 1)) continue;
      const bucket = this.#byHash.get(hash);
      if (bucket === undefined) continue;
      // Two texts may share a hash; the chunks themselves decide.
      for (const child of bucket) {
        const affix = this.#step === 1 ? child.chunks[0] : child.chunks.at(-1);
        if (affix?.length === i + 1 && matchesChunks(child.chunks, segment)) visitor(child.node);
      }
    }
  }

  #hash(affix: string): number {
    let hash = 0;
    for (let i = 0; i < affix.length; i += 1) {
      hash = mix(hash, affix.charCodeAt(this.#step === 1 ? i : affix.length - 1 - i));
    }
    return hash;
  }
}

function mix(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

class TrieNode<T> {
  literals: Map<string, TrieNode<T>> | undefined;
  wilds: WildChildren<T> | undefined;
  any: TrieNode<T> | undefined;
  deep: TrieNode<T> | undefined;
  value: T | undefined;
  /** Which kinds of marks the values here and below carry; see `SegmentTrie.insert`. */
  marks = 0;
  /** The walk, and the step of it, that last reached this node. */
  stamp = 0;
  /** For `**`: reached without having consumed a segment in this step. */
  fresh = false;
  isDeep = false;
}

/**
 * Many globs at once. Finding those that match a name costs what the name's segments cost, not what there are
 * globs.
 */
export class SegmentTrie<T> {
  readonly #root = new TrieNode<T>();
  #stamp = 0;
  // Kept from search to search, with counts: emptying an array costs more than the search itself.
  #active: TrieNode<T>[] = [];
  #activeCount = 0;
  #next: TrieNode<T>[] = [];
  #nextCount = 0;
  readonly #found: T[] = [];

  /**
   * The value of a glob, made where there is none.
   * @param marks bits that a search may be narrowed to
   */
  insert(segments: readonly Segment[], marks: number, make: () => T): T {
    let node = this.#root;
    node.marks |= marks;
    for (const segment of segments) {
      node = childOf(node, segment);
      node.marks |= marks;
    }
    return (node.value ??= make());
  }

  /**
   * Finds the values of all globs that match a name; of globs without wildcards only, if `exactOnly`.
   * @param from where in `text` the name begins
   * @returns how many there are, for `found`, until the next search
   */
  find(text: string, from: number, exactOnly: boolean): number {
    if (exactOnly) return this.#findExact(text, from);
    this.#walk(text, from, text.length);
    let count = 0;
    for (let i = 0; i < this.#activeCount; i += 1) {
      const node = this.#active[i] as TrieNode<T>;
      if (node.value === undefined || (node.isDeep && node.fresh)) continue;
      this.#found[count] = node.value;
      count += 1;
    }
    return count;
  }

  found(index: number): T | undefined {
    return this.#found[index];
  }

  /**
   * Whether `test` holds for the value of a glob that matches some name which begins with `prefix`. Looks no
   * further than `budget` nodes.
   */
  someWithPrefix(prefix: string, marks: number, budget: number, test: (value: T) => boolean): boolean {
    const slash = prefix.lastIndexOf('/');
    const partial = prefix.slice(slash + 1);
    const search = new Search(marks, budget, test);
    for (const node of this.#before(prefix, slash)) {
      if (node.isDeep && search.below(node)) return true;
      if (node.any !== undefined && search.below(node.any)) return true;
      for (const [text, child] of node.literals ?? []) {
        if (text.startsWith(partial) && search.below(child)) return true;
      }
      for (const { chunks, node: child } of node.wilds?.all.values() ?? []) {
        const first = chunks[0] ?? '';
        if ((first.startsWith(partial) || partial.startsWith(first)) && search.below(child)) return true;
      }
    }
    return false;
  }

  /** The values of all globs that match every name which begins with `prefix`. */
  covering(prefix: string): T[] {
    const values: T[] = [];
    for (const node of this.#before(prefix, prefix.lastIndexOf('/'))) {
      if (node.isDeep && node.value !== undefined) values.push(node.value);
    }
    return values;
  }

  #findExact(name: string, begin: number): number {
    let node: TrieNode<T> | undefined = this.#root;
    for (let from = begin; node !== undefined;) {
      const slash = name.indexOf('/', from);
      node = node.literals?.get(slash === -1 ? name.slice(from) : name.slice(from, slash));
      if (slash !== -1) {
        from = slash + 1;
        continue;
      }
      if (node?.value === undefined) return 0;
      this.#found[0] = node.value;
      return 1;
    }
    return 0;
  }

  /** The nodes that are reached by the segments of `prefix` before its last slash, which is at `slash`. */
  #before(prefix: string, slash: number): readonly TrieNode<T>[] {
    if (slash === -1) this.#start();
    else this.#walk(prefix, 0, slash);
    return this.#active.slice(0, this.#activeCount);
  }

  /** Makes active the nodes that are reached by the segments of `name` from `begin` up to `end`. */
  #walk(name: string, begin: number, end: number): void {
    this.#start();
    for (let from = begin; from <= end && this.#activeCount > 0;) {
      const slash = name.indexOf('/', from);
      const to = slash === -1 || slash > end ? end : slash;
      this.#step(name.slice(from, to));
      from = to + 1;
    }
  }

  #start(): void {
    this.#stamp += 1;
    this.#nextCount = 0;
    this.#enter(this.#root);
    this.#swap();
  }

  #step(segment: string): void {
    this.#stamp += 1;
    this.#nextCount = 0;
    for (let i = 0; i < this.#activeCount; i += 1) {
      const node = this.#active[i] as TrieNode<T>;
      if (node.isDeep) this.#stay(node);
      const literal = node.literals?.get(segment);
      if (literal !== undefined) this.#enter(literal);
      if (node.any !== undefined && segment !== '') this.#enter(node.any);
      node.wilds?.visit(segment, this.#enter);
    }
    this.#swap();
  }

  #swap(): void {
    const active = this.#active;
    this.#active = this.#next;
    this.#next = active;
    this.#activeCount = this.#nextCount;
  }

  #push(node: TrieNode<T>): void {
    node.stamp = this.#stamp;
    this.#next[this.#nextCount] = node;
    this.#nextCount += 1;
  }

  #stay(node: TrieNode<T>): void {
    if (node.stamp !== this.#stamp) this.#push(node);
    node.fresh = false;
  }

  readonly #enter = (node: TrieNode<T>): void => {
    if (node.stamp !== this.#stamp) this.#push(node);
    const { deep } = node;
    if (deep !== undefined && deep.stamp !== this.#stamp) {
      this.#push(deep);
      deep.fresh = true;
    }
  };
}

function childOf<T>(node: TrieNode<T>, segment: Segment): TrieNode<T> {
  switch (segment.kind) {
    case 'literal': {
      const literals = (node.literals ??= new Map());
      let child = literals.get(segment.text);
      if (child === undefined) literals.set(segment.text, (child = new TrieNode()));
      return child;
    }
    case 'any':
      return (node.any ??= new TrieNode());
    case 'deep':
      if (node.deep === undefined) {
        node.deep = new TrieNode();
        node.deep.isDeep = true;
      }
      return node.deep;
    case 'wild':
      return (node.wilds ??= new WildChildren()).child(segment.chunks);
  }
}

/** Looks for a value in whole subtrees. */
class Search<T> {
  readonly #marks: number;
  readonly #test: (value: T) => boolean;
  #budget: number;

  constructor(marks: number, budget: number, test: (value: T) => boolean) {
    this.#marks = marks;
    this.#budget = budget;
    this.#test = test;
  }

  /** Whether a value in or below `node` passes. Recursion is bounded by the number of segments in a glob. */
  below(node: TrieNode<T>): boolean {
    if ((node.marks & this.#marks) === 0 || this.#budget <= 0) return false;
    this.#budget -= 1;
    if (node.value !== undefined && this.#test(node.value)) return true;
    for (const child of node.literals?.values() ?? []) if (this.below(child)) return true;
    for (const { node: child } of node.wilds?.all.values() ?? []) if (this.below(child)) return true;
    return (
      (node.any !== undefined && this.below(node.any)) || (node.deep !== undefined && this.below(node.deep))
    );
  }
}
