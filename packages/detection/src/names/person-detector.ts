import type { Finding } from '../finding.ts';
import type { ProseDetector } from '../prose-detector.ts';
import { createNameTagger } from './name-tagger.ts';
import type { NameSpan, NameTagger } from './name-tagger.ts';

/** The tagger in the shape that the detector asks for. */
export interface PersonDetector extends ProseDetector {
  /** The names in each text of one result; a name found in any of them is looked for in all. */
  findAll(texts: readonly string[]): readonly (readonly Finding[])[];
}

const RULE = 'person-in-prose';

export function createPersonDetector(tagger: NameTagger = createNameTagger()): PersonDetector {
  return {
    find: (text) => toFindings(tagger.find(text)),
    findAll: (texts) => tagger.findAll(texts).map(toFindings),
  };
}

function toFindings(names: readonly NameSpan[]): readonly Finding[] {
  return names.map(({ start, end, score }) => ({ start, end, entity: 'PERSON', score, rule: RULE }));
}
