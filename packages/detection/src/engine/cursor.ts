/** What a matcher sees: the text, where the trigger is, and where to leave the match. */
export interface Cursor {
  readonly text: string;
  /** The same text as code units, followed by zeros. */
  readonly codes: Uint16Array;
  readonly length: number;
  /** First code unit of the trigger. */
  readonly at: number;
  /** After the last code unit of the trigger. */
  readonly end: number;
  from: number;
  to: number;
  /** Between these are units of one name, as far as it has been read: a name full of triggers is read once. */
  nameFrom: number;
  nameTo: number;
  /** What `validate` of the rule says of the match, where the matcher found it out on its way. */
  valid: boolean | undefined;
}
