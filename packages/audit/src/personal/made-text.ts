/** A text that was made from another one, and where in that one each of its UTF-16 units comes from. */
export interface MadeText {
  readonly text: string;
  /** Where the part begins that a unit was made from, and where it ends; undefined: each unit from the one in its place. */
  readonly origin: { readonly from: readonly number[]; readonly to: readonly number[] } | undefined;
}

/** A letter with its marks. More than 30 no language needs (UAX #15, 12.1); to sort more of them takes too long. */
const LETTER = /\P{M}\p{M}{0,30}|\p{M}{1,30}/gu;
const NOT_ASCII = /\P{ASCII}/u;
const ENCODED = /(?:%[0-9a-f]{2})+/gi;

export function asItIs(text: string): MadeText {
  return { text, origin: undefined };
}

/** Where in the first text a part of a made one comes from, wholly or partly. */
export function originOf({ origin }: MadeText, begin: number, end: number): readonly [number, number] {
  return [origin?.from[begin] ?? begin, origin?.to[end - 1] ?? end];
}

/**
 * Texts that differ in case, or in how a letter and its marks are written (NFC, NFD), become the same: canonical caseless
 * matching (Unicode 16, D145), with `ı` and `i` as one letter. Forms that only look alike stay different.
 */
export function folded(made: MadeText): MadeText {
  const { text, origin } = made;
  // Mostly so, and then each unit stays in its place.
  if (!NOT_ASCII.test(text)) return { text: text.toLowerCase(), origin };
  const maker = new Maker(made);
  for (const { 0: letter, index } of text.matchAll(LETTER)) {
    if (letter.length === 1) {
      maker.add(foldedUnit(letter), index, index + 1);
      continue;
    }
    const whole = foldedLetter(letter);
    const parts = Array.from(letter, (part) => [part, foldedLetter(part)] as const);
    if (parts.map(([, part]) => part).join('') !== whole) {
      maker.add(whole, index, index + letter.length);
      continue;
    }
    let at = index;
    for (const [part, made] of parts) {
      maker.add(made, at, at + part.length);
      at += part.length;
    }
  }
  return maker.made();
}

/** With every percent-encoded letter as itself (RFC 3986, 2.1); undefined where there is none. */
export function decoded(made: MadeText): MadeText | undefined {
  const { text } = made;
  const maker = new Maker(made);
  let done = 0;
  let found = false;
  for (const { 0: run, index } of text.matchAll(ENCODED)) {
    maker.copy(done, index);
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    for (let at = 0; at < bytes.length;) {
      const size = sizeOf(bytes[at] ?? 0);
      const letter = bytes.toString('utf8', at, at + size);
      const begin = index + at * 3;
      // What is no UTF-8 stays as it is.
      const isLetter = size > 0 && Buffer.from(letter).equals(bytes.subarray(at, at + size));
      const end = begin + (isLetter ? size : 1) * 3;
      if (isLetter) maker.add(letter, begin, end);
      else maker.copy(begin, end);
      found ||= isLetter;
      at = (end - index) / 3;
    }
    done = index + run.length;
  }
  maker.copy(done, text.length);
  return found ? maker.made() : undefined;
}

class Maker {
  readonly #source: MadeText;
  readonly #parts: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  constructor(source: MadeText) {
    this.#source = source;
  }

  /** @param begin where the part of the source begins that the text is made from */
  add(text: string, begin: number, end: number): void {
    const { origin } = this.#source;
    const from = origin?.from[begin] ?? begin;
    const to = origin?.to[end - 1] ?? end;
    this.#parts.push(text);
    for (let unit = 0; unit < text.length; unit += 1) {
      this.#from.push(from);
      this.#to.push(to);
    }
  }

  copy(begin: number, end: number): void {
    for (let at = begin; at < end; at += 1) this.add(this.#source.text.charAt(at), at, at + 1);
  }

  made(): MadeText {
    return { text: this.#parts.join(''), origin: { from: this.#from, to: this.#to } };
  }
}

/** Capitals know that `ß` is `SS`, small letters that `ẞ` is `ß`; each alone, since `Σ` has another form at the end of a word. */
function foldedLetter(letter: string): string {
  let made = '';
  for (const part of letter.normalize('NFD')) made += part.toLowerCase().toUpperCase().toLowerCase();
  return made.normalize('NFD').replaceAll('i\u0307', 'i');
}

/** The same for one without marks; most of a text is ASCII also where not all of it is. */
function foldedUnit(letter: string): string {
  return letter < '\x80' ? letter.toLowerCase() : foldedLetter(letter);
}

/** Of a letter in UTF-8, by its first byte; 0 for none. */
function sizeOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}
