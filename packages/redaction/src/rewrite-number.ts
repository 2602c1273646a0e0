import type { Verdict } from '@sallyport/detection';

import { wrapNumber } from './json-text.ts';
import type { TextRewriter } from './text-rewriter.ts';

/** Numbers with fewer digits are amounts and years, whatever else they could be; their key may say otherwise. */
const SMALLEST_NUMBER = 1_000_000;
/** One with fewer digits may be anything, also where it was written elsewhere as something. */
const SMALLEST_KNOWN = 10_000;

/** A number as its key says, and as its digits say; itself where they say nothing. */
export function rewriteNumber(texts: TextRewriter, value: number, verdict: Verdict): number {
  if (value >= SMALLEST_KNOWN && Number.isInteger(value)) {
    const entity = texts.knownNumber(String(value));
    if (entity !== undefined) return texts.rewriteNumber(value, entity);
  }
  if (verdict === 'keep') return value;
  if (verdict !== undefined) {
    const rewritten = texts.rewriteNumber(value, verdict.entity);
    if (rewritten !== value) return rewritten;
  }
  if (value < SMALLEST_NUMBER || !Number.isInteger(value)) return value;
  const found = texts.findWhole(String(value));
  return found === undefined ? value : texts.rewriteNumber(value, found);
}

/** A number of more digits than JavaScript tells apart; the JSON text that it is from gets it back as digits. */
export function rewriteLongNumber(
  texts: TextRewriter,
  text: string,
  digits: string,
  verdict: Verdict,
): string {
  const rewritten = rewriteNumber(texts, Number(digits), verdict);
  if (rewritten !== Number(digits)) return wrapNumber(String(BigInt(Math.trunc(rewritten))));
  if (verdict === 'keep' || !/^\d+$/.test(digits)) return text;
  const found = texts.findWhole(digits);
  if (found === undefined) return text;
  const last = texts.rewriteNumber(Number(digits), found);
  return last === Number(digits) ? text : wrapNumber(String(BigInt(Math.trunc(last))));
}
