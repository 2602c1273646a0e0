import { describe, expect, it } from 'vitest';

import { createNameContext } from '../../src/names/name-context.ts';
import { createNameTagger } from '../../src/names/name-tagger.ts';
import { createPersonDetector } from '../../src/names/person-detector.ts';

const tagger = createNameTagger();

describe('names of the same result', () => {
  it('finds in one text what another text told, in whichever order they come', () => {
    const texts = ['Lunch: Vrbnik had tea', 'Spoke with Emily Vrbnik today.', 'Lunch: Emily had soup'];
    const found = tagger
      .findAll(texts)
      .map((names, index) => names.map((name) => texts[index]?.slice(name.start, name.end)));
    expect(found).toStrictEqual([['Vrbnik'], ['Emily Vrbnik'], ['Emily']]);
  });

  it('carries names over with a context of the caller, and never without one', () => {
    const context = createNameContext();
    tagger.find('Spoke with Emily Vrbnik today.', context);
    const later = 'Lunch: Vrbnik had soup';
    expect(tagger.find(later, context)).toHaveLength(1);
    expect(tagger.find(later, createNameContext())).toHaveLength(0);
  });

  it('does not take a disease, a street or a clinic for the person who shares its name', () => {
    const text =
      'Mrs. Anna Baker came. Baker cyst on the left. She lives on Baker Street, near Baker Clinic.';
    expect(tagger.find(text).map(({ start, end }) => text.slice(start, end))).toStrictEqual(['Anna Baker']);
  });

  it('keeps hashes of the parts, not the parts', () => {
    const context = createNameContext();
    tagger.find('Spoke with Emily Vrbnik today.', context);
    expect([...context.parts].every((part) => Number.isInteger(part))).toBe(true);
    expect(context.parts.size).toBe(2);
  });

  it('gives findings of the entity PERSON to the detector', () => {
    const [finding] = createPersonDetector().find('Spoke with Emily Johnson.');
    expect(finding).toMatchObject({ start: 11, end: 24, entity: 'PERSON', rule: 'person-in-prose' });
  });
});
