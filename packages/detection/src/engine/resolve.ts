import { isAlnum } from '../code-units.ts';
import type { Finding } from '../finding.ts';
import type { CompiledRule } from './compiled.ts';
import type { Hits } from './hits.ts';

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** A finding and the place of its rule among the rules. */
interface Candidate {
  readonly finding: Finding;
  readonly order: number;
  readonly secret: boolean;
}

/**
 * Makes findings that are sorted and not over one another. A credential wins, then the higher score, then the longer, then
 * the rule that stands first. What a loser covers alone stays a finding of its own, so nothing that a rule found is uncovered.
 */
export function resolveOverlaps(hits: Hits, text: string): readonly Finding[] {
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
    const only = to === from + 1 ? from : to === from + 2 ? coveringOf(hits, from) : -1;
    if (only !== -1) findings.push(findingAt(hits, only));
    else if (isRanked(hits, from, to)) settleRanked(hits, from, to, text, findings);
    else {
      const run: Candidate[] = [];
      for (let at = from; at < to; at++) run.push(candidateAt(hits, at));
      settle(run, end, text, findings);
    }
    from = to;
  }
  return findings;
}

/** The same when other findings, of no rule's order, are among them. */
export function resolveWith(hits: Hits, others: readonly Finding[], text: string): readonly Finding[] {
  const candidates: Candidate[] = others.map((finding) => ({ finding, order: Infinity, secret: false }));
  for (let at = 0; at < hits.length; at++) {
    candidates.push(candidateAt(hits, at));
  }
  candidates.sort((a, b) => a.finding.start - b.finding.start);
  const findings: Finding[] = [];
  let from = 0;
  while (from < candidates.length) {
    let { end } = (candidates[from] as Candidate).finding;
    let to = from + 1;
    while (to < candidates.length && (candidates[to] as Candidate).finding.start < end) {
      end = Math.max(end, (candidates[to] as Candidate).finding.end);
      to += 1;
    }
    if (to === from + 1) findings.push((candidates[from] as Candidate).finding);
    else settle(candidates.slice(from, to), end, text, findings);
    from = to;
  }
  return findings;
}

/** The usual run is two, and the better one covers the other: which one it is, or -1. */
function coveringOf(hits: Hits, at: number): number {
  const { starts, ends } = hits;
  const [best, worse] = rank(hits, at, at + 1) <= 0 ? [at, at + 1] : [at + 1, at];
  const covers =
    (starts[best] as number) <= (starts[worse] as number) &&
    (ends[best] as number) >= (ends[worse] as number);
  return covers ? best : -1;
}

/** The order of two hits: below 0 where `one` wins, 0 where it is the first of equals. */
function rank({ starts, ends, scores, rules }: Hits, one: number, other: number): number {
  const [a, b] = [rules[one] as CompiledRule, rules[other] as CompiledRule];
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
  const { rules, starts, ends, scores } = hits;
  let reach = starts[from] as number;
  for (let at = from; at < to; at++) {
    const end = ends[at] as number;
    if (end <= reach) continue;
    const start = starts[at] as number;
    if (start >= reach) findings.push(findingAt(hits, at));
    else clip(rules[at] as CompiledRule, scores[at] as number, reach, end, text, findings);
    reach = end;
  }
}

function candidateAt(hits: Hits, at: number): Candidate {
  const { order, secret } = hits.rules[at] as CompiledRule;
  return { finding: findingAt(hits, at), order, secret };
}

function findingAt({ rules, starts, ends, scores }: Hits, at: number): Finding {
  const { entity, id } = rules[at] as CompiledRule;
  return {
    start: starts[at] as number,
    end: ends[at] as number,
    entity,
    score: scores[at] as number,
    rule: id,
  };
}

/** One run of candidates that overlap, up to `end`. */
function settle(run: readonly Candidate[], end: number, text: string, findings: Finding[]): void {
  const base = (run[0] as Candidate).finding.start;
  // For each unit that is taken, where the units taken with it end: what lies there is passed in one step.
  const taken = new Int32Array(end - base);
  const kept: Finding[] = [];
  for (const { finding } of run.toSorted(byRank)) {
    let at = finding.start;
    while (at < finding.end) {
      const past = taken[at - base] as number;
      if (past !== 0) {
        at = base + past;
        continue;
      }
      const start = at;
      while (at < finding.end && taken[at - base] === 0) at += 1;
      // No `fill`: what is taken is a few units, and the call costs more than the loop.
      for (let place = start - base; place < at - base; place++) taken[place] = at - base;
      if (start === finding.start && at === finding.end) kept.push(finding);
      else clip({ entity: finding.entity, id: finding.rule }, finding.score, start, at, text, kept);
    }
  }
  for (const item of kept.sort((a, b) => a.start - b.start)) findings.push(item);
}

function byRank(a: Candidate, b: Candidate): number {
  const [one, other] = [a.finding, b.finding];
  return (
    Number(b.secret) - Number(a.secret) ||
    other.score - one.score ||
    other.end - other.start - (one.end - one.start) ||
    a.order - b.order ||
    one.start - other.start
  );
}

/** The part of a finding that no better one covers, without the marks around it; nothing where it is only marks. */
function clip(
  { entity, id }: Pick<CompiledRule, 'entity' | 'id'>,
  score: number,
  start: number,
  end: number,
  text: string,
  kept: Finding[],
): void {
  let [from, to] = [start, end];
  while (from < to && !says(text.charCodeAt(from))) from += 1;
  while (to > from && !says(text.charCodeAt(to - 1))) to -= 1;
  if (from < to) kept.push({ start: from, end: to, entity, score, rule: id });
}

/** A letter or digit of any alphabet, or half of what takes two units, such as a mathematical digit. */
function says(code: number): boolean {
  if (code < 0x80) return isAlnum(code);
  return (code >= 0xd800 && code <= 0xdfff) || LETTER_OR_DIGIT.test(String.fromCharCode(code));
}
