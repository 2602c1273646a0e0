/** Labels are compared by character up to here, and by hash beyond: so a text of near misses takes no longer. */
const COMPARED = 8;
/** Odd, so that no character is lost modulo 2^32. */
const BASE = 0x01_00_01_93;

/** A place in the trie of all forms. */
export interface Branch {
  /** The characters on the way to it from the branch before. */
  label: string;
  /** Of the label, when it is longer than what is compared by character. */
  hash: number;
  /** How many values have the form that ends here. */
  uses: number;
  children: Map<number, Branch> | undefined;
}

/** A text that is compared with labels. */
export class Reader {
  readonly text: string;
  /** The hashes of everything before each place; made when the first long label is met. */
  #hashes: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether the label of a branch stands at a place, whose first character is known to be right. */
  has({ label, hash }: Branch, at: number): boolean {
    const { text } = this;
    const { length } = label;
    if (at + length > text.length) return false;
    const compared = Math.min(length, COMPARED);
    for (let index = 1; index < compared; index += 1) {
      if (text.charCodeAt(at + index) !== label.charCodeAt(index)) return false;
    }
    // Equal hashes of unequal texts could only conceal too much, and that once in billions of near misses.
    return length === compared || this.#hashOf(at, at + length) === hash;
  }

  #hashOf(start: number, end: number): number {
    this.#hashes ??= hashesOf(this.text);
    const before = this.#hashes[start] ?? 0;
    return ((this.#hashes[end] ?? 0) - Math.imul(before, power(end - start))) | 0;
  }
}

function hashesOf(text: string): Int32Array {
  const hashes = new Int32Array(text.length + 1);
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at) + 1) | 0;
    hashes[at + 1] = hash;
  }
  return hashes;
}

/** The base to the power of a length, modulo 2^32. */
function power(length: number): number {
  let result = 1;
  let square = BASE;
  for (let rest = length; rest > 0; rest >>>= 1) {
    if ((rest & 1) === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

export function branch(label: string, uses = 0, children?: Map<number, Branch>): Branch {
  return { label, hash: hashOf(label), uses, children };
}

function relabel(node: Branch, label: string): void {
  node.label = label;
  node.hash = hashOf(label);
}

function hashOf(label: string): number {
  if (label.length <= COMPARED) return 0;
  let hash = 0;
  for (let at = 0; at < label.length; at += 1) hash = (Math.imul(hash, BASE) + label.charCodeAt(at) + 1) | 0;
  return hash;
}

/** How many characters of a label a text has at a place. */
export function sameLength(label: string, text: string, at: number): number {
  const most = Math.min(label.length, text.length - at);
  let same = 0;
  while (same < most && text.charCodeAt(at + same) === label.charCodeAt(same)) same += 1;
  return same;
}

export function insert(root: Branch, form: string): void {
  let node = root;
  let at = 0;
  while (at < form.length) {
    node.children ??= new Map();
    const code = form.charCodeAt(at);
    const next = node.children.get(code);
    if (next === undefined) {
      node.children.set(code, branch(form.slice(at), 1));
      return;
    }
    const same = sameLength(next.label, form, at);
    at += same;
    if (same === next.label.length) node = next;
    else {
      const fork = branch(next.label.slice(0, same), 0, new Map([[next.label.charCodeAt(same), next]]));
      relabel(next, next.label.slice(same));
      node.children.set(code, fork);
      node = fork;
    }
  }
  node.uses += 1;
}

/** The opposite of `insert`: leaves the trie as if the form had not come, when no other value has it. */
export function remove(root: Branch, form: string): void {
  let parent = root;
  let node = root;
  for (let at = 0; at < form.length; at += node.label.length) {
    const next = node.children?.get(form.charCodeAt(at));
    if (next === undefined) return;
    parent = node;
    node = next;
  }
  node.uses -= 1;
  if (node.uses > 0) return;
  if (node.children !== undefined) return joinOnly(node);
  parent.children?.delete(node.label.charCodeAt(0));
  if (parent.children?.size === 0) parent.children = undefined;
  else if (parent !== root && parent.uses === 0) joinOnly(parent);
}

/** Makes one of a branch at which nothing ends and the only one that follows it. */
function joinOnly(node: Branch): void {
  const [only, another] = node.children?.values() ?? [];
  if (only === undefined || another !== undefined) return;
  relabel(node, node.label + only.label);
  node.uses = only.uses;
  node.children = only.children;
}
