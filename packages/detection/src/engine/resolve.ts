import { isAlnum } from '../code-units.ts';
import type { Finding } from '../finding.ts';
import type { FindingRule, Hits } from './hits.ts';

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Makes findings of hits in `text`: sorted, and none over another. */
export type Resolver = (hits: Hits, text: string) => readonly Finding[];

/** What one run of hits takes, unit by unit from where the run begins. */
interface Taken {
  /** Of a unit that is taken, where the units taken with it end; 0 of the others. */
  readonly pasts: Int32Array;
  /** At the first of them, whose they are. */
  readonly owners: Int32Array;
}

/** Runs of so many units share what they are settled in: nearly all, and an array for each would cost more than the rest. */
const USUAL = 1_024;

/**
 * A credential wins, then the higher score, then the longer, then the rule that stands first. What a loser covers alone
 * stays a finding of its own, so nothing that a rule found is uncovered.
 */
export function createResolver(): Resolver {
  const usual = createTaken(USUAL);
  return (hits, text) => {
    const { length, starts, ends } = hits;
    const findings: Finding[] = [];
    let from = 0;
    while (from < length) {
      let end = ends[from] as number;
      let to = from + 1;
      while (to < length && (starts[to] as number) < end) {
        end = Math.max(end, ends[to] as number);
        to += 1;
      }
      const only = to === from + 1 ? from : coveringOf(hits, from, to, end);
      if (only !== -1) findings.push(findingAt(hits, only));
      else if (isRanked(hits, from, to)) settleRanked(hits, from, to, text, findings);
      else {
        const size = end - (starts[from] as number);
        settle(hits, from, to, size <= USUAL ? usual : createTaken(size), text, findings);
      }
      from = to;
    }
    return findings;
  };
}

function createTaken(size: number): Taken {
  return { pasts: new Int32Array(size), owners: new Int32Array(size) };
}

/** In the usual run the best one covers all others: which one it is, or -1. */
function coveringOf(hits: Hits, from: number, to: number, end: number): number {
  let best = from;
  for (let at = from + 1; at < to; at++) if (rank(hits, best, at) > 0) best = at;
  return hits.starts[best] === hits.starts[from] && hits.ends[best] === end ? best : -1;
}

/** The order of two hits: below 0 where `one` wins, 0 where it is the first of equals. */
function rank({ starts, ends, scores, rules }: Hits, one: number, other: number): number {
  const [a, b] = [rules[one] as FindingRule, rules[other] as FindingRule];
  return (
    Number(b.secret) - Number(a.secret) ||
    (scores[other] as number) - (scores[one] as number) ||
    (ends[other] as number) - (starts[other] as number) - ((ends[one] as number) - (starts[one] as number)) ||
    a.order - b.order
  );
}

/** Whether of the hits from `from` to `to` none is better than the one before it: a rule over itself, again and again. */
function isRanked(hits: Hits, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (rank(hits, at - 1, at) > 0) return false;
  return true;
}

/** Such a run is settled as it comes: all before `reach` is taken, and there is nothing to sort. */
function settleRanked(hits: Hits, from: number, to: number, text: string, findings: Finding[]): void {
  const { starts, ends } = hits;
  let reach = starts[from] as number;
  for (let at = from; at < to; at++) {
    const end = ends[at] as number;
    if (end <= reach) continue;
    const start = starts[at] as number;
    if (start >= reach) findings.push(findingAt(hits, at));
    else clip(hits, at, reach, end, text, findings);
    reach = end;
  }
}

/**
 * One run of hits that overlap: the better takes what it covers before the worse does. Nothing is made for a hit but a
 * number, because an attack makes all of a text one run.
 */
function settle(
  hits: Hits,
  from: number,
  to: number,
  { pasts, owners }: Taken,
  text: string,
  findings: Finding[],
): void {
  const { starts, ends } = hits;
  const base = starts[from] as number;
  const best: number[] = [];
  for (let hit = from; hit < to; hit++) best.push(hit);
  // Equals stay in the order of where they begin.
  for (const hit of best.sort((a, b) => rank(hits, a, b))) {
    const stop = (ends[hit] as number) - base;
    let at = (starts[hit] as number) - base;
    while (at < stop) {
      const past = pasts[at] as number;
      if (past !== 0) {
        at = past;
        continue;
      }
      const start = at;
      while (at < stop && pasts[at] === 0) at += 1;
      owners[start] = hit;
      // No `fill`: what is taken is a few units, and the call costs more than the loop.
      for (let place = start; place < at; place++) pasts[place] = at;
    }
  }
  // All of a run is taken, so these follow one another; behind the last of them no unit is.
  for (let start = 0; start < pasts.length && pasts[start] !== 0;) {
    const hit = owners[start] as number;
    const past = pasts[start] as number;
    if (base + start === starts[hit] && base + past === ends[hit]) findings.push(findingAt(hits, hit));
    else clip(hits, hit, base + start, base + past, text, findings);
    for (let place = start; place < past; place++) pasts[place] = 0;
    start = past;
  }
}

function findingAt(hits: Hits, at: number): Finding {
  return findingOf(hits, at, hits.starts[at] as number, hits.ends[at] as number);
}

function findingOf({ rules, scores }: Hits, at: number, start: number, end: number): Finding {
  const { entity, id } = rules[at] as FindingRule;
  return { start, end, entity, score: scores[at] as number, rule: id };
}

/** The part of a hit that no better one covers, without the marks around it; nothing where it is only marks. */
function clip(hits: Hits, at: number, start: number, end: number, text: string, findings: Finding[]): void {
  let [from, to] = [start, end];
  while (from < to && !says(text.charCodeAt(from))) from += 1;
  while (to > from && !says(text.charCodeAt(to - 1))) to -= 1;
  if (from < to) findings.push(findingOf(hits, at, from, to));
}

/** A letter or digit of any alphabet, or half of what takes two units, such as a mathematical digit. */
function says(code: number): boolean {
  if (code < 0x80) return isAlnum(code);
  return (code >= 0xd800 && code <= 0xdfff) || LETTER_OR_DIGIT.test(String.fromCharCode(code));
}
