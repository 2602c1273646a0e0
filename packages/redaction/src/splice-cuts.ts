import { joinPieces, type Pending } from './pending.ts';

/** A part of a text that was rewritten by itself. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly rewritten: string | Pending;
}

/** The text with its cuts in place. @param cuts sorted, none over another */
export function spliceCuts(
  text: string,
  cuts: readonly Cut[],
  rewriteRest: (part: string) => string | Pending,
): string | Pending {
  const parts: (string | Pending)[] = [];
  let done = 0;
  const rest = (end: number): void => {
    if (end > done) parts.push(rewriteRest(text.slice(done, end)));
  };
  for (const { start, end, rewritten } of cuts) {
    rest(start);
    parts.push(rewritten);
    done = end;
  }
  rest(text.length);
  return joinPieces(parts, '');
}
