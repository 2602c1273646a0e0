import { isAlnum, isDigit, isHex, isLetter } from '../code-units.ts';
import { DIGIT, isLetterClass, PAIRS } from './classes.ts';
import type { Starts } from '../pattern/starts.ts';
import * as c from './compiled.ts';
import type { Cursor } from './cursor.ts';
import { Hits } from './hits.ts';
import { normalize } from './normalize.ts';
import { createSweep, type Sweep } from './sweep.ts';
import {
  headOf,
  type IndexedWord,
  LAST_ENTRY,
  standsAt,
  type WordIndex,
  type WordPlace,
} from './word-index.ts';

/** A long text is read in pieces of this many units, so that the buffer is small and stays in the L2 cache. */
const PIECE = 1 << 16;
/** Units of the text before a piece that matchers may look back at; no matcher looks back further. */
const BEFORE = 512;
/** And after it. A URL is the only thing that can be longer: what is past this is a URL no more. */
const AFTER = 4_096;
/** Zeros after the text, so that a matcher may look ahead without asking for the end. */
const MARGIN = 128;
/** Shorter texts are copied faster unit by unit (measured on Node 20). */
const SHORT = 48;
/** Costly checks in one text; an attack must not buy more. */
const MOST_CHECKS = 8_192;
const UNLESS_WINDOW = 24;
const NEVER = -0x40000000;

/** What stands to the left of a number or token. */
const CLEAN = 0;
const SOFT = 1;
const HARD = 2;

/**
 * One pass over a text, two units at a time. It looks these and the two before them up in a table and does nothing until
 * that says stop: a run of digits begins, an `@`, a `://`, or the rarest four letters of a word. What runs then reads a
 * bounded number of units, or moves the scan along by what it read, so the time is linear in the text, whatever the text.
 */
export class Scanner implements Cursor {
  text = '';
  readonly codes: Uint16Array = new Uint16Array(BEFORE + PIECE + AFTER + MARGIN);
  length = 0;
  at = 0;
  end = 0;
  from = 0;
  to = 0;
  /** Units that matchers were allowed to read in the last scan, at most; proves linearity without a clock. */
  work = 0;
  readonly #program: c.Program;
  readonly #bytes: Buffer;
  readonly #seen: Int32Array;
  readonly #place: WordPlace = { start: 0, end: 0 };
  readonly #hits: Hits;
  /** Which two of the current piece stop, and why, in the last eight bits. */
  readonly #noted: Int32Array = new Int32Array((BEFORE + PIECE + AFTER) / 2 + 8);
  readonly #sweep: Sweep;
  /** All of `codes` from here on is zero. */
  #dirty = 0;
  /** Whether `#seen` holds anything. */
  #anySeen = false;
  /** Where the piece begins in the text. */
  #base = 0;
  /** No form but an `inner` one is tried before it: it is inside what was found. */
  #skip = 0;
  #tokenEnd = 0;
  #checks = 0;
  #colonEnd = 0;
  #lastDigits = 0;
  /** After the last word that a form of the tables' `near` waits for. */
  #lastWord = NEVER;

  constructor(program: c.Program) {
    this.#program = program;
    this.#bytes = Buffer.from(this.codes.buffer);
    this.#seen = new Int32Array(program.groups).fill(NEVER);
    this.#hits = new Hits();
    const { classes, pairs, stops } = program;
    const twos = new Uint32Array(this.codes.buffer);
    this.#sweep = createSweep({ twos, noted: this.#noted, classes, pairs, stops });
  }

  /** What the rules find, overlaps included. The answer is the scanner's own and good until the next scan. */
  scan(text: string): Hits {
    this.work = 0;
    this.#checks = 0;
    this.#hits.clear();
    if (this.#scanPieces(text, true)) this.#passes(text);
    else {
      const plain = normalize(text);
      this.#hits.clear();
      this.#scanPieces(plain.text, false);
      this.#passes(plain.text);
      this.#hits.moveTo(plain.starts, plain.ends);
    }
    this.text = '';
    return this.#hits;
  }

  /** False where the text has to be normalized first. */
  #scanPieces(text: string, stopAtOdd: boolean): boolean {
    if (this.#anySeen) {
      this.#seen.fill(NEVER);
      this.#lastWord = NEVER;
      this.#anySeen = false;
    }
    this.#base = this.#skip = this.#tokenEnd = this.#colonEnd = this.#lastDigits = 0;
    if (text.length <= BEFORE + PIECE + AFTER) {
      this.#load(text);
      return this.#run(0, text.length + 1, stopAtOdd);
    }
    for (let at = 0; at <= text.length; at += PIECE) {
      const base = Math.max(0, at - BEFORE);
      this.#rebase(base);
      this.#load(text.slice(base, at + PIECE + AFTER));
      // One further at the end of the text, because some stops are at the unit after what they are for.
      if (!this.#run(at - base, Math.min(at - base + PIECE, this.length + 1), stopAtOdd)) return false;
    }
    return true;
  }

  /** Moves what is remembered of the text so far to a piece that begins at `base`. */
  #rebase(base: number): void {
    const shift = base - this.#base;
    this.#base = base;
    if (shift === 0) return;
    for (let group = 0; group < this.#seen.length; group++) {
      this.#seen[group] = Math.max(NEVER, (this.#seen[group] as number) - shift);
    }
    this.#lastWord = Math.max(NEVER, this.#lastWord - shift);
    this.#skip -= shift;
    this.#tokenEnd -= shift;
    this.#colonEnd -= shift;
    this.#lastDigits -= shift;
  }

  #load(text: string): void {
    const { codes } = this;
    const length = text.length;
    if (length < SHORT) for (let at = 0; at < length; at++) codes[at] = text.charCodeAt(at);
    else this.#bytes.write(text, 'utf16le');
    // What the text before left there, and no more: most texts are short, and a long one is followed by short ones.
    const dirty = this.#dirty;
    if (dirty - length < SHORT) for (let at = length; at < dirty; at++) codes[at] = 0;
    else codes.fill(0, length, dirty);
    this.#dirty = length;
    this.length = length;
    this.text = text;
  }

  #run(start: number, stop: number, stopAtOdd: boolean): boolean {
    const noted = this.#noted;
    // The classes of the two units before; past the end there are zeros, which stop nothing that is not before them.
    const before = start === 0 ? 0 : this.#quad(start - 1) & (PAIRS - 1);
    const count = this.#sweep(start >> 1, (stop + 1) >> 1, before, stopAtOdd);
    if (count === -1) return false;
    for (let index = 0; index < count; index++) {
      const note = noted[index] as number;
      const at = (note >> 8) * 2;
      // First the word: it may be what a number in the same four needs before it.
      if ((note & c.STOP_WORD) !== 0) this.#word(at + 1);
      if ((note & c.STOP_DIGIT_THIRD) !== 0) this.#digits(at);
      if ((note & c.STOP_MARK_THIRD) !== 0) this.#mark(at);
      if ((note & c.STOP_DIGIT_FOURTH) !== 0) this.#digits(at + 1);
      if ((note & c.STOP_MARK_FOURTH) !== 0) this.#mark(at + 1);
    }
    return true;
  }

  /** A run of digits begins one unit before. */
  #digits(at: number): void {
    if (at > this.#skip && at > this.#tokenEnd) this.#number(at - 1);
  }

  /** An `@`, or the second of `://` or `::`. */
  #mark(at: number): void {
    if (at < this.#skip) return;
    const { codes } = this;
    if (codes[at] === 64) {
      if (at > 0 && isAddressUnit(codes[at + 1] as number) && isAddressUnit(codes[at - 1] as number)) {
        this.#try(this.#program.at, at, at + 1);
      }
    } else if (codes[at - 1] === 58) {
      if (codes[at] === 58) this.#colons(at);
      this.#try(this.#program.scheme, at, at + 1);
    }
  }

  /** Words of which the four units that end at `at` may be the anchor. */
  #word(at: number): void {
    const { words } = this.#program;
    const { entries, backs } = words;
    let entry = headOf(words, this.#quad(at));
    for (;;) {
      const index = entries[entry] as number;
      this.#wordAt(words.words[index & (LAST_ENTRY - 1)] as IndexedWord, at - (backs[entry] as number));
      if ((index & LAST_ENTRY) !== 0) return;
      entry += 1;
    }
  }

  #wordAt(word: IndexedWord, run: number): void {
    const { classes, wordForms, gates } = this.#program;
    this.work += word.classes.length;
    if (!standsAt(word, this.codes, this.length, run, classes, this.#place)) return;
    const { start, end } = this.#place;
    this.#anySeen = true;
    for (const group of word.groups) {
      this.#seen[group] = end;
      if (gates[group] === 1) this.#lastWord = end;
    }
    const inside = start < this.#skip;
    for (const index of word.forms) {
      const form = wordForms[index] as c.CompiledForm;
      if (inside && !form.inner) continue;
      this.at = start;
      this.end = end;
      this.#attempt(form, start, CLEAN);
    }
  }

  /** The key of the four classes that end at `at`. */
  #quad(at: number): number {
    const { codes } = this;
    const { classes } = this.#program;
    let key = 0;
    for (let place = at - 3; place <= at; place++) {
      key = (key << 5) | (place < 0 ? 0 : (classes[codes[place] as number] as number));
    }
    return key;
  }

  #number(at: number): void {
    const { codes } = this;
    const { classes, numbers } = this.#program;
    let end = at + 1;
    while (classes[codes[end] as number] === DIGIT) end += 1;
    const before = at > 0 ? (codes[at - 1] as number) : 0;
    const next = codes[end] as number;
    if (isLetterClass(classes[before] as number) || isLetterClass(classes[next] as number)) {
      this.#token(at, end);
      return;
    }
    if (next === 58 || before === 58) this.#colons(at);
    const size = end - at;
    if (size <= c.LONGEST_RUN) {
      const kind = this.#nextKind(end);
      this.at = at;
      this.end = end;
      const lead = before === 43 ? c.LEAD_PLUS : before === 40 ? c.LEAD_OPEN : c.LEAD_NONE;
      if (lead !== c.LEAD_NONE) this.#tryAll(numbers, c.numberKey(lead, size, kind), at, at - 1);
      this.#tryAll(numbers, c.numberKey(c.LEAD_NONE, size, kind), at, at);
    }
    this.#passDigits(size > 2 ? end : 0);
  }

  /** What a label stands before has been read: it does not reach the next number. */
  #passDigits(end: number): void {
    this.#lastDigits = Math.max(this.#lastDigits, this.#skip, end);
  }

  #nextKind(end: number): number {
    const { codes } = this;
    const after = codes[end + 1] as number;
    switch (codes[end] as number) {
      case 45:
        return isDigit(after) || after === 40
          ? c.NEXT_DASH
          : isAlnum(after)
            ? c.NEXT_DASH_LETTER
            : c.NEXT_END;
      case 46:
        return isDigit(after) ? this.#dotKind(end + 2) : c.NEXT_END;
      case 47:
        return isDigit(after) ? c.NEXT_SLASH : c.NEXT_END;
      case 32:
        return isDigit(after) || after === 40
          ? c.NEXT_SPACE
          : isAlnum(after)
            ? c.NEXT_SPACE_LETTER
            : c.NEXT_END;
      case 58:
        return isHex(after) || after === 58 ? c.NEXT_COLON : c.NEXT_END;
      case 41:
        return c.NEXT_CLOSE;
      case 44:
        return isDigit(after) || after === 32 ? c.NEXT_COMMA : c.NEXT_END;
      default:
        return c.NEXT_END;
    }
  }

  /** `1.2.` begins an address or a date, `1.2` is a number. */
  #dotKind(at: number): number {
    let to = at;
    while (to < at + 3 && isDigit(this.codes[to] as number)) to += 1;
    return this.codes[to] === 46 && isDigit(this.codes[to + 1] as number) ? c.NEXT_DOT : c.NEXT_DECIMAL;
  }

  /** Whether something before `at` makes it part of something longer. */
  #leftOf(at: number): number {
    if (at === 0) return CLEAN;
    const { codes } = this;
    const before = codes[at - 1] as number;
    if (isAlnum(before) || before === 36 || before === 0x20ac || before === 0xa3) return HARD;
    if (before === 95) return SOFT;
    if (before !== 45 && before !== 46 && before !== 47 && before !== 64) return CLEAN;
    const further = at > 1 ? (codes[at - 2] as number) : 0;
    if (isDigit(further)) return HARD;
    return isAlnum(further) || further === 95 ? SOFT : CLEAN;
  }

  /** A run of letters and digits that holds the digits at `at`. */
  #token(at: number, digitsEnd: number): void {
    const { codes } = this;
    const { classes } = this.#program;
    let start = at;
    const least = Math.max(0, at - c.LONGEST_TOKEN);
    while (start > least && isTokenClass(classes[codes[start - 1] as number] as number)) start -= 1;
    let end = digitsEnd;
    while (isTokenClass(classes[codes[end] as number] as number)) end += 1;
    this.#tokenEnd = end;
    const size = end - start;
    if (size > c.LONGEST_TOKEN || start < this.#skip) return;
    if (codes[end] === 58 || (start > 0 && codes[start - 1] === 58)) this.#colons(at);
    this.at = start;
    this.end = end;
    this.#tryAll(this.#program.tokens, c.tokenKey(size, this.#nextKind(end)), start, start);
    // A house number with a letter: `221B Baker Street`.
    if (
      start === at &&
      end === digitsEnd + 1 &&
      digitsEnd - at < 6 &&
      codes[end] === 32 &&
      isAlnum(codes[end + 1] as number)
    ) {
      this.end = digitsEnd;
      this.#tryAll(
        this.#program.numbers,
        c.numberKey(c.LEAD_NONE, digitsEnd - at, c.NEXT_SPACE_LETTER),
        at,
        at,
      );
    }
    this.#passDigits(size > 2 ? end : 0);
  }

  /** The hexadecimal digits and colons around `at`. */
  #colons(at: number): void {
    const forms = this.#program.colon;
    if (at < this.#colonEnd || forms.length === 0) return;
    const { codes } = this;
    let from = at;
    const least = Math.max(0, at - 46);
    while (from > least && (isHex(codes[from - 1] as number) || codes[from - 1] === 58)) from -= 1;
    let end = from;
    let marks = 0;
    let double = false;
    let digits = false;
    for (; isHex(codes[end] as number) || codes[end] === 58; end++) {
      if (codes[end] !== 58) {
        digits ||= isDigit(codes[end] as number);
        continue;
      }
      marks += 1;
      double ||= codes[end + 1] === 58 || codes[end - 1] === 58;
    }
    this.#colonEnd = end;
    // A time, a port, a line number; `std::dec`.
    if ((!double && marks < 5) || !digits) return;
    if (from > 0 && (isAlnum(codes[from - 1] as number) || codes[from - 1] === 95)) {
      while (from < at && codes[from] !== 58) from += 1;
    }
    if (codes[from] === 58 && codes[from + 1] !== 58) from += 1;
    if (codes[end - 1] === 58 && codes[end - 2] !== 58) end -= 1;
    else if (isAlnum(codes[end] as number) || codes[end] === 95) return;
    if (end - from < 3 || from < this.#skip) return;
    this.#try(forms, from, end);
  }

  #try(forms: readonly c.CompiledForm[], at: number, end: number): void {
    for (const form of forms) {
      this.at = at;
      this.end = end;
      this.#attempt(form, at, CLEAN);
    }
  }

  /** `edge` is where the left edge of a match would be. */
  #tryAll(table: c.FormTable, key: number, at: number, edge: number): void {
    const always = table.always[key];
    const near = edge - this.#lastWord <= this.#program.reach ? table.near[key] : undefined;
    if (always === undefined && near === undefined) return;
    const left = this.#leftOf(edge);
    if (left === HARD) return;
    if (always !== undefined) {
      for (let index = 0; index < always.length; index++)
        this.#attempt(always[index] as c.CompiledForm, at, left);
    }
    if (near !== undefined) {
      for (let index = 0; index < near.length; index++)
        this.#attempt(near[index] as c.CompiledForm, at, left);
    }
  }

  #attempt(form: c.CompiledForm, at: number, left: number): void {
    const { rule } = form;
    const start = at - form.lead;
    const word = rule.before === -1 ? NEVER : (this.#seen[rule.before] as number);
    let near = word <= start && start - word <= rule.window && (!rule.label || word >= this.#lastDigits);
    if (left !== CLEAN && !(left === SOFT && (form.joined || (near && word >= start - 2)))) return;
    if (!near && rule.needsContext) return;
    this.work += form.cost;
    if (form.regex === undefined) {
      if (form.find === undefined || !form.find(this)) return;
    } else {
      if (!this.#canStart(form.starts, start)) return;
      form.regex.lastIndex = start;
      if (!form.regex.test(this.text)) return;
      this.from = start;
      this.to = form.regex.lastIndex;
    }
    const { from, to } = this;
    if (form.edges !== 'open' && this.#continues(to, form.edges === 'dotted')) return;
    if (
      !near &&
      rule.unless !== -1 &&
      this.#hasWord(this.#program.others, rule.unless, Math.max(0, from - UNLESS_WINDOW), from)
    ) {
      return;
    }
    const { except, validate } = rule;
    if (except?.(this.text.slice(from, to)) === true) return;
    const unchecked = validate === undefined || (rule.costly && this.#checks++ >= MOST_CHECKS);
    const valid = unchecked || validate(this.text.slice(from, to));
    const score = near ? (valid ? rule.context : rule.contextInvalid) : valid ? rule.alone : rule.invalid;
    if (score < rule.threshold || score === 0) return;
    this.#hits.add(rule, this.#base + from, this.#base + to, score);
    if (to > this.#skip && !form.inner) this.#skip = to;
  }

  #canStart({ units, places }: Starts, start: number): boolean {
    const { codes } = this;
    for (let place = 0; place < places; place++) {
      const unit = codes[start + place] as number;
      if (unit < 128 && (((units[unit] as number) >> place) & 1) === 0) return false;
    }
    return true;
  }

  /** Whether what stands at `to` continues the match. */
  #continues(to: number, dotted: boolean): boolean {
    const { codes } = this;
    const next = codes[to] as number;
    if (isAlnum(next) || next === 95) return true;
    if (dotted) return false;
    if (next === 64 || next === 37) return true;
    if (next === 45) return isAlnum(codes[to + 1] as number) && !this.#isWord(to + 1);
    return (next === 46 || next === 47) && isDigit(codes[to + 1] as number);
  }

  /** Three letters or more and then no digit: a word after a dash (`-Office`), not a part of a number (`-A`). */
  #isWord(at: number): boolean {
    const { codes } = this;
    let end = at;
    while (end < at + 24 && isLetter(codes[end] as number)) end += 1;
    return end - at > 2 && !isAlnum(codes[end] as number);
  }

  /** Users' patterns that begin with no literal. */
  #passes(text: string): void {
    for (const { rule, regex } of this.#program.passes) {
      regex.lastIndex = 0;
      for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
        const from = match.index;
        const to = regex.lastIndex;
        if (isInWord(text, from) || isInWord(text, to)) continue;
        if (rule.before !== -1) {
          this.#load(text.slice(Math.max(0, from - rule.window), from));
          if (!this.#hasWord(this.#program.words, rule.before, 0, this.length)) continue;
        }
        this.#hits.add(rule, from, to, rule.context);
      }
    }
  }

  /** Whether a word of the group ends between the two places. */
  #hasWord(index: WordIndex, group: number, from: number, to: number): boolean {
    const { classes } = this.#program;
    const { codes, length } = this;
    this.work += to - from;
    // As in `#run`, only the fours that end at odd places; the last of one may stand behind the word.
    for (let at = from | 1; at < to + 4; at += 2) {
      let entry = headOf(index, this.#quad(at));
      let more = entry !== -1;
      while (more) {
        const value = index.entries[entry] as number;
        const word = index.words[value & (LAST_ENTRY - 1)] as IndexedWord;
        const run = at - (index.backs[entry] as number);
        if (
          word.groups.includes(group) &&
          standsAt(word, codes, length, run, classes, this.#place) &&
          this.#place.end > from &&
          this.#place.end <= to
        ) {
          return true;
        }
        more = (value & LAST_ENTRY) === 0;
        entry += 1;
      }
    }
    return false;
  }
}

/** Whether a letter, digit or `_` stands on both sides of `at`. */
function isInWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && isWordUnit(text.charCodeAt(at - 1)) && isWordUnit(text.charCodeAt(at));
}

/** Letters and digits. */
function isTokenClass(value: number): boolean {
  return value !== 0 && value <= DIGIT;
}

/** What may stand beside the `@` of an address: no space, bracket or mark but `_`, `-`, `+`. */
function isAddressUnit(code: number): boolean {
  return isAlnum(code) || code === 95 || code === 45 || code === 43 || code > 0x24f;
}

function isWordUnit(code: number): boolean {
  return isAlnum(code) || code === 95;
}
