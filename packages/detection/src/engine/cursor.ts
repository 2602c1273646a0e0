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
}
