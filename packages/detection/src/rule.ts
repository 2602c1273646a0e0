import type { Entity } from './entity.ts';
import type { Cursor } from './engine/cursor.ts';

/** The packs that rules belong to; a rule without one holds everywhere. */
export const LOCALES = ['us', 'uk', 'ca', 'in', 'pl', 'es', 'fr', 'de', 'au'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * What follows the first run of digits. `end`: nothing that continues a number. `' '`: a space and a digit or a
 * bracket. `' a'`: a space and a letter. `-`, `.`, `/`, `,`: the mark and a digit;
 * of dots, there are two (`1.2.`), and `.0` is one alone. `-a`: a dash and a letter.
 * `:`: a colon and a hexadecimal digit or a colon. `)`: a closing bracket.
 */
export type Next = 'end' | '-' | '-a' | '.' | '.0' | '/' | ' ' | ' a' | ':' | ')' | ',';

/**
 * Where in a text a form is tried. Everything else in the text is passed over without a look.
 *
 * - `number`: at a run of digits of that length, followed so; `lead` is the mark before it, and part of the match.
 * - `token`: at a run of letters and digits that holds both, of that length, followed so (default: by anything).
 * - `word`: where one of the words stands, alone (or as the beginning of a word, if `open`).
 * - `at`: at an `@`. `scheme`: at a `:/`. `colon`: where hexadecimal digits and colons meet.
 */
export type Trigger =
  | {
      readonly on: 'number';
      readonly digits: readonly [number, number];
      readonly next: readonly Next[];
      readonly lead?: '+' | '(';
    }
  | { readonly on: 'token'; readonly length: readonly [number, number]; readonly next?: readonly Next[] }
  | {
      readonly on: 'word';
      readonly words: readonly string[];
      readonly open?: boolean;
      readonly exact?: boolean;
    }
  | { readonly on: 'at' }
  | { readonly on: 'scheme' }
  | { readonly on: 'colon' };

/** Sets `from` and `to` of the cursor (`valid` if it likes) and answers true, or answers false. Reads at most `reach` code units. */
export type Matcher = (cursor: Cursor) => boolean;

/** One written form of what a rule finds. */
export type Form = Trigger & {
  /** What may touch the match. `open` leaves it to the matcher; default `closed`. */
  readonly edges?: 'closed' | 'open' | 'dotted';
  /** It may follow `-`, `.`, `_` or `/` and a letter: `scan_2019-03-12`. Default false. */
  readonly joined?: boolean;
  /**
   * It is tried inside what was found already, too, and what it finds keeps no other form away: a key in a URL. Only
   * at a word. Default false.
   */
  readonly inner?: boolean;
} & (
    | {
        /** A regular expression of the linear subset (see `pattern/`), matched where the trigger is. */
        readonly pattern: string;
        readonly ignoreCase?: boolean;
      }
    | {
        readonly find: Matcher;
        /** The most code units that `find` reads in one attempt; where it reads on, it moves the scan along. */
        readonly reach: number;
      }
  );

/** From 0 to 1; a finding counts when its score reaches the threshold of its entity. */
export interface Scores {
  /** The shape alone, its check digits right where it has some. */
  readonly alone: number;
  /** A context word near. */
  readonly context?: number;
  /** The shape alone, its check digits wrong. Default 0. */
  readonly invalid?: number;
  /** A context word near, check digits wrong. Default 0. */
  readonly contextInvalid?: number;
}

/** How much harm a leaked secret does: `low` is a test key or a publishable one. */
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** Of a value, and of the units that it is: those from `from` to `to`. */
export type Except = (value: string, codes: Uint16Array, from: number, to: number) => boolean;

/** A rule is data. */
export interface Rule {
  readonly id: string;
  readonly entity: Entity;
  readonly locale?: Locale;
  /** Where the pattern comes from: a standard, an authority, a vendor. */
  readonly source: string;
  readonly forms: readonly Form[];
  /** Only of secrets. */
  readonly severity?: Severity;
  /** Whether a match is none after all: a placeholder, a published example. */
  readonly except?: Except;
  /** Checks the digits of a match. */
  readonly validate?: (value: string) => boolean;
  /** `validate` takes microseconds: past 8,192 of them in one text the shape is believed unchecked. Default false. */
  readonly costly?: boolean;
  /** Words before the match; lower case, without accents; a space also stands for `_`, `-` and camelCase. */
  readonly before?: readonly string[];
  /** How far before the match, in code units, a word of `before` may end. Default 48. */
  readonly window?: number;
  /** With `before`: no other number may stand between the word and the match. Default false. */
  readonly label?: boolean;
  /** Words just before the match that say it is something else; they count when no context word is near. */
  readonly unless?: readonly string[];
  readonly scores: Scores;
  readonly examples: {
    /** Each text holds the value between `⟦` and `⟧`. */
    readonly ok: readonly string[];
    /** Texts in which this rule must find nothing. */
    readonly ng: readonly string[];
  };
}
