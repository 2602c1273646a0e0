import type { Scores } from '../../../rule.ts';

/** What most rules leave to their kind. */
export interface Details {
  readonly scores?: Scores;
  /** Checks digits; with it, a token whose check is wrong scores less. */
  readonly validate?: (value: string) => boolean;
  /** What sets the rule off, where it is not the literal beginning of its shapes, or the rarest word of its names. */
  readonly words?: readonly string[];
  /** A shape of one length that stands before the words and is part of the token. */
  readonly behind?: string;
  /** More texts in which nothing is found. */
  readonly ng?: readonly string[];
}
