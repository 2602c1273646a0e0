import type { EntityName } from '../entity.ts';
import type { Starts } from '../pattern/starts.ts';
import type { Except, Matcher } from '../rule.ts';
import type { WordIndex } from './word-index.ts';

/** A rule as the scan uses it. */
export interface CompiledRule {
  readonly id: string;
  readonly entity: EntityName;
  /** Its place among the rules: the last word when two findings are equal. */
  readonly order: number;
  readonly except: Except | undefined;
  /** A credential: whatever it is a part of, a URL or a number, it is found as what it is. */
  readonly secret: boolean;
  readonly validate: ((value: string) => boolean) | undefined;
  readonly costly: boolean;
  /** Index of its context group, or -1. */
  readonly before: number;
  readonly window: number;
  readonly label: boolean;
  /** Index of its group in `others`, or -1. */
  readonly unless: number;
  readonly alone: number;
  readonly invalid: number;
  readonly context: number;
  readonly contextInvalid: number;
  readonly threshold: number;
  /** Without a context word it cannot reach its threshold. */
  readonly needsContext: boolean;
}

/** A form as the scan uses it. */
export interface CompiledForm {
  readonly rule: CompiledRule;
  /** Sticky. */
  readonly regex: RegExp | undefined;
  /** Of `regex`; asked first. */
  readonly starts: Starts;
  readonly find: Matcher | undefined;
  /** The most code units that one attempt reads. */
  readonly cost: number;
  readonly edges: 'closed' | 'open' | 'dotted';
  readonly joined: boolean;
  readonly inner: boolean;
  /** Units of the lead before the trigger that belong to the match. */
  readonly lead: number;
}

/** A pattern of a user that has no literal to stop at: it is searched for on its own. */
interface Pass {
  readonly rule: CompiledRule;
  /** Global. */
  readonly regex: RegExp;
}

/** The forms to try at a place. */
export interface FormTable {
  readonly always: readonly (readonly CompiledForm[] | undefined)[];
  /** Those that need a context word before them: skipped at once where no such word is near. */
  readonly near: readonly (readonly CompiledForm[] | undefined)[];
}

export interface Program {
  readonly classes: Uint8Array;
  /** See `createPairs`. */
  readonly pairs: Uint16Array;
  /** For four classes in a row, what to do at the last two of them: the `STOP_` bits. */
  readonly stops: Uint8Array;
  /** One bit for each of these: whether it is not 0. */
  readonly stopBits: Int32Array;
  /** By `numberKey`. */
  readonly numbers: FormTable;
  /** By `tokenKey`. */
  readonly tokens: FormTable;
  /** Whether a context group belongs to a form of `near`. */
  readonly gates: Uint8Array;
  /** The widest window of these. */
  readonly reach: number;
  readonly at: readonly CompiledForm[];
  readonly scheme: readonly CompiledForm[];
  readonly colon: readonly CompiledForm[];
  /** What `IndexedWord.forms` points into. */
  readonly wordForms: readonly CompiledForm[];
  readonly words: WordIndex;
  /** Words that are asked for only where a form has matched: the scan does not stop for them. */
  readonly others: WordIndex;
  readonly groups: number;
  readonly passes: readonly Pass[];
}

/** A run of digits began one unit before the third of four, or before the fourth. */
export const STOP_DIGIT_THIRD = 1;
export const STOP_DIGIT_FOURTH = 2;
export const STOP_DIGITS: number = STOP_DIGIT_THIRD | STOP_DIGIT_FOURTH;
/** An `@`, or a colon and what follows it. */
export const STOP_MARK_THIRD = 4;
export const STOP_MARK_FOURTH = 8;
export const STOP_MARKS: number = STOP_MARK_THIRD | STOP_MARK_FOURTH;
/** The anchor of a word. */
export const STOP_WORD = 16;
/** The text has to be normalized. */
export const STOP_ODD = 32;

/** Longer runs of digits and longer tokens are nothing that a rule knows. */
export const LONGEST_RUN = 24;
export const LONGEST_TOKEN = 64;

export const NEXT_END = 0;
export const NEXT_DASH = 1;
export const NEXT_DASH_LETTER = 2;
export const NEXT_DOT = 3;
export const NEXT_SLASH = 4;
export const NEXT_SPACE = 5;
export const NEXT_SPACE_LETTER = 6;
export const NEXT_COLON = 7;
export const NEXT_CLOSE = 8;
export const NEXT_COMMA = 9;
export const NEXT_DECIMAL = 10;
export const NEXTS = 11;

export const LEAD_NONE = 0;
export const LEAD_PLUS = 1;
export const LEAD_OPEN = 2;

export function numberKey(lead: number, digits: number, next: number): number {
  return (lead * (LONGEST_RUN + 1) + digits) * NEXTS + next;
}

export function tokenKey(length: number, next: number): number {
  return length * NEXTS + next;
}
