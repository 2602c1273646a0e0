import type { Finding } from '../finding.ts';
import type { ProseDetector } from '../prose-detector.ts';
import { createNameTagger } from './name-tagger.ts';
import type { NameSpan, NameTagger } from './name-tagger.ts';

/** The tagger in the shape that the detector asks for. */
export interface PersonDetector extends ProseDetector {
  /** The names in each text of one result; a name found in any of them is looked for in all. */
  findAll(texts: readonly string[]): readonly (readonly Finding[])[];
}

const LONGEST_PART = 40;
const AFTER_DASH = /^\p{Lu}[\p{L}\p{M}'’]+(?![\p{L}\p{N}])/u;
const BEFORE_DASH = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}'’]{1,38}$/u;

export function createPersonDetector(tagger: NameTagger = createNameTagger()): PersonDetector {
  return {
    find: (text) => toFindings(text, tagger.find(text)),
    findAll: (texts) => tagger.findAll(texts).map((names, index) => toFindings(texts[index] ?? '', names)),
  };
}

function toFindings(text: string, names: readonly NameSpan[]): readonly Finding[] {
  const findings: Finding[] = [];
  let before = 0;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as NameSpan;
    const { start, end } = name;
    const from = Math.max(joinedBefore(text, start), before);
    const next = index + 1 < names.length ? (names[index + 1] as NameSpan).start : text.length;
    before = Math.min(joinedAfter(text, end), next);
    findings.push(from === start && before === end ? name : { ...name, start: from, end: before });
  }
  return findings;
}

/** The other half of `Whitfield-Brown`, where only one of the two was known. */
function joinedAfter(text: string, end: number): number {
  if (!isDash(text.charCodeAt(end))) return end;
  const after = AFTER_DASH.exec(text.slice(end + 1, end + 1 + LONGEST_PART));
  return after === null ? end : end + 1 + after[0].length;
}

function joinedBefore(text: string, start: number): number {
  if (!isDash(text.charCodeAt(start - 1))) return start;
  const before = BEFORE_DASH.exec(text.slice(Math.max(0, start - LONGEST_PART), start - 1));
  return before === null ? start : start - 1 - before[0].length;
}

function isDash(code: number): boolean {
  return code === 0x2d || code === 0x2010 || code === 0x2011;
}
