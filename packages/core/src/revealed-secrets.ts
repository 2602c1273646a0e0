import { type Branch, branch, insert, Reader, remove, sameLength } from './form-trie.ts';
import { formsOf, LONGEST_FORM, SHORTEST } from './secret-forms.ts';

const SHOWN = '[secret]';
/** Of one value, in characters: more than any secret may have. */
const LONGEST_VALUE = 1_048_576;
/** Characters, over all forms of all values. */
const MOST_REMEMBERED = 67_108_864;
/** What a form takes beside its characters, in characters. */
const FORM_OVERHEAD = 128;
/** Beyond as many at one place, which takes values that contain each other, a text counts as a value. */
const MOST_FORKS = 64;
const FEWEST_HEADS = 4096;
const MOST_HEADS = 1_048_576;

/** Where a text has values that overlap or touch: from `start` until before `end`. */
export interface SecretPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Every secret value that somebody asked for, in the one place where redaction and the logs look, so that a tool, an error
 * or a record that repeats one is caught. It finds a value without the white space around it: as it is, in JSON and URLs
 * as common languages write them, and in base64 at any offset; of a value with several lines also a line from 4 characters
 * on, of one that is JSON also a member from 8 on.
 *
 * What is bounded, so that no value makes a text slow: of a value the first 1,048,576 characters and the first 1,000 lines
 * and members count; one beyond 65,536 characters is not looked for in URLs; a form beyond 512 is looked for in pieces
 * of 512, and so a text with such a piece is concealed there. All forms together have at most 67,108,864 characters,
 * 128 for each included; the oldest values are forgotten before that. A text takes one pass, and at each place at most
 * 64 steps through what values have in common, however many there are: where more would be needed, it is concealed.
 */
export class RevealedSecrets {
  readonly #capacity: number;
  /** Oldest first; each with the forms that it may be met in. */
  readonly #forms = new Map<string, readonly string[]>();
  readonly #root: Branch = branch('');
  /** How many forms begin with four characters of a hash; 255 stands for more, and stays. */
  #heads = new Uint8Array(FEWEST_HEADS);
  #count = 0;
  #characters = 0;

  /** @param capacity how many values are remembered; the one that was revealed longest ago is forgotten first */
  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#forms.size;
  }

  /** Remembers a value, unless it is shorter than four characters. */
  add(value: string): void {
    if (value.length < SHORTEST) return;
    const key = value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value;
    const known = this.#forms.get(key);
    if (known !== undefined) {
      // Again the newest.
      this.#forms.delete(key);
      this.#forms.set(key, known);
      return;
    }
    const forms = formsOf(key);
    this.#forms.set(key, forms);
    for (const form of forms) this.#remember(form);
    while (
      this.#forms.size > this.#capacity ||
      (this.#characters > MOST_REMEMBERED && this.#forms.size > 1)
    ) {
      this.#forgetOldest();
    }
  }

  /** The text with every value in it replaced by `[secret]`; where values overlap or touch, all of it is by one. */
  conceal(text: string): string {
    const places = this.places(text);
    if (places.length === 0) return text;
    let shown = '';
    let from = 0;
    for (const { start, end } of places) {
      shown += text.slice(from, start) + SHOWN;
      from = end;
    }
    return shown + text.slice(from);
  }

  /** Whether a text has one of the values in it. */
  occursIn(text: string): boolean {
    return this.#find(text, true).length > 0;
  }

  /** Where a text has values, in order. */
  places(text: string): readonly SecretPlace[] {
    return this.#find(text, false);
  }

  /**
   * Where the end of a text may be the beginning of a value, which only what follows can tell; the length of the text when
   * it is none. At most 511 characters before the end.
   */
  heldFrom(text: string): number {
    for (let at = Math.max(0, text.length - LONGEST_FORM + 1); at < text.length; at += 1) {
      if (this.#mayBegin(text, at)) return at;
    }
    return text.length;
  }

  #find(text: string, isOneEnough: boolean): SecretPlace[] {
    const places: SecretPlace[] = [];
    if (this.#forms.size === 0) return places;
    const heads = this.#heads;
    const shift = Math.clz32(heads.length - 1);
    const reader = new Reader(text);
    let start = -1;
    let end = -1;
    // The last four characters; of such as take two bytes the upper ones overlap, which a hash may.
    let head = 0;
    for (let last = 0; last < text.length; last += 1) {
      head = (head << 8) ^ text.charCodeAt(last);
      if (heads[slot(head, shift)] === 0 || last < SHORTEST - 1) continue;
      const at = last - SHORTEST + 1;
      const length = this.#longestAt(reader, at);
      if (length === 0) continue;
      if (at > end) {
        if (end >= 0) places.push({ start, end });
        start = at;
      }
      end = Math.max(end, at + length);
      if (isOneEnough) break;
    }
    if (end >= 0) places.push({ start, end });
    return places;
  }

  /** The length of the longest form that stands at a place of a text, 0 for none. */
  #longestAt(reader: Reader, start: number): number {
    let longest = 0;
    let forks = 0;
    let at = start;
    let next = this.#root.children?.get(reader.text.charCodeAt(at));
    while (next !== undefined && reader.has(next, at)) {
      at += next.label.length;
      if (next.uses > 0) longest = at - start;
      forks += 1;
      if (forks > MOST_FORKS) return Math.min(LONGEST_FORM, reader.text.length - start);
      next = next.children?.get(reader.text.charCodeAt(at));
    }
    return longest;
  }

  /** Whether the text from a place to its end is the beginning of a longer form. */
  #mayBegin(text: string, start: number): boolean {
    let at = start;
    let node = this.#root;
    for (let forks = 0; at < text.length; forks += 1) {
      if (forks > MOST_FORKS) return true;
      const next = node.children?.get(text.charCodeAt(at));
      if (next === undefined) return false;
      const same = sameLength(next.label, text, at);
      at += same;
      if (same < next.label.length) return at === text.length;
      node = next;
    }
    return node.children !== undefined;
  }

  #forgetOldest(): void {
    for (const [value, forms] of this.#forms) {
      this.#forms.delete(value);
      for (const form of forms) this.#forget(form);
      return;
    }
  }

  #remember(form: string): void {
    this.#count += 1;
    this.#characters += form.length + FORM_OVERHEAD;
    insert(this.#root, form);
    if (this.#count * 8 > this.#heads.length && this.#heads.length < MOST_HEADS) {
      this.#heads = new Uint8Array(this.#heads.length * 4);
      // This form is among them.
      for (const forms of this.#forms.values()) for (const one of forms) this.#countHead(one, 1);
    } else this.#countHead(form, 1);
  }

  #forget(form: string): void {
    this.#count -= 1;
    this.#characters -= form.length + FORM_OVERHEAD;
    remove(this.#root, form);
    this.#countHead(form, -1);
  }

  #countHead(form: string, by: 1 | -1): void {
    let head = 0;
    for (let at = 0; at < SHORTEST; at += 1) head = (head << 8) ^ form.charCodeAt(at);
    const index = slot(head, Math.clz32(this.#heads.length - 1));
    const count = this.#heads[index] ?? 0;
    if (count < 255) this.#heads[index] = count + by;
  }
}

/** Fibonacci hashing: the upper bits depend on all four characters. */
function slot(head: number, shift: number): number {
  return Math.imul(head, 0x9e_37_79_b1) >>> shift;
}
