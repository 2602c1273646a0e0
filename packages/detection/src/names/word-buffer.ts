/** What a word looks like. */
export const Shape = {
  lower: 0,
  capitalized: 1,
  upper: 2,
  /** One capital letter. */
  initial: 3,
  number: 4,
  /** McDonald, DeVito, O'Brien. */
  innerCapital: 5,
  /** camelCase, very long runs: never a name. */
  code: 6,
  /** Letters and digits in one run. */
  alphanumeric: 7,
} as const;

/** What stands between a word and the one before it. When several marks do, the strongest. */
export const Gap = {
  none: 0,
  space: 1,
  hyphen: 2,
  /** 's */
  possessive: 3,
  /** 'll, 'm, n't */
  contraction: 4,
  quote: 5,
  bracket: 6,
  comma: 7,
  period: 8,
  /** A period with no white space after it. */
  dot: 9,
  colon: 10,
  ending: 11,
  table: 12,
  /** A mark that code, handles and identifiers put right against a word. */
  code: 13,
  other: 14,
  line: 15,
} as const;

/** The words of one stretch of text, as parallel arrays that are filled again for each stretch. */
export interface WordBuffer {
  readonly capacity: number;
  count: number;
  /** The gap after the last word. */
  lastGap: number;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Of the word in lower case without diacritics. */
  readonly hash: Int32Array;
  /** Of its last two, three and four letters, and of its first three. */
  readonly tail2: Int32Array;
  readonly tail3: Int32Array;
  readonly tail4: Int32Array;
  readonly head3: Int32Array;
  readonly shape: Uint8Array;
  /** The `Gap` before the word. */
  readonly gap: Uint8Array;
  /** Membership bits and role, see `lexicon.ts`. */
  readonly kind: Int32Array;
  /** 1 when a letter is not plain ASCII. */
  readonly accented: Uint8Array;
  readonly length: Uint8Array;
  readonly candidate: Uint8Array;
  readonly lineCase: Uint8Array;
}

export function createWordBuffer(capacity: number): WordBuffer {
  return {
    capacity,
    count: 0,
    lastGap: Gap.line,
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    hash: new Int32Array(capacity),
    tail2: new Int32Array(capacity),
    tail3: new Int32Array(capacity),
    tail4: new Int32Array(capacity),
    head3: new Int32Array(capacity),
    shape: new Uint8Array(capacity),
    gap: new Uint8Array(capacity),
    kind: new Int32Array(capacity),
    accented: new Uint8Array(capacity),
    length: new Uint8Array(capacity),
    candidate: new Uint8Array(capacity),
    lineCase: new Uint8Array(capacity),
  };
}
