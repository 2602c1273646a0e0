import type { NameSpan, NameTagger } from '../src/names/name-tagger.ts';
import type { LabelledText } from './labelled-text.ts';

/** Counts over texts; exact when both ends agree, overlap when at least one code unit does. */
export interface NameScores {
  readonly texts: number;
  readonly names: number;
  readonly precision: number;
  readonly recall: number;
  readonly exactPrecision: number;
  readonly exactRecall: number;
}

export function evaluateNames(
  taggerFor: (text: LabelledText) => NameTagger,
  texts: readonly LabelledText[],
): NameScores {
  let names = 0;
  let found = 0;
  let right = 0;
  let hit = 0;
  let exact = 0;
  for (const text of texts) {
    const spans = taggerFor(text).find(text.text);
    names += text.spans.length;
    found += spans.length;
    right += spans.filter((span) => text.spans.some((name) => overlaps(span, name))).length;
    hit += text.spans.filter((name) => spans.some((span) => overlaps(span, name))).length;
    exact += text.spans.filter((name) =>
      spans.some((span) => span.start === name[0] && span.end === name[1]),
    ).length;
  }
  return {
    texts: texts.length,
    names,
    precision: share(right, found),
    recall: share(hit, names),
    exactPrecision: share(exact, found),
    exactRecall: share(exact, names),
  };
}

/** The share of texts without names in which a name is found all the same. */
export function evaluateClean(tagger: NameTagger, texts: readonly LabelledText[]): number {
  return share(texts.filter((text) => tagger.find(text.text).length > 0).length, texts.length);
}

function overlaps(span: NameSpan, [start, end]: readonly [number, number]): boolean {
  return span.start < end && span.end > start;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
