import { createDetector, createKeyReader, createPersonDetector } from '@sallyport/detection';
import type { RedactOptions } from '@sallyport/redaction';
import { describe, expect, it } from 'vitest';

import { deliver, is, keysAre } from './rig.ts';

const BY_KEY: Partial<RedactOptions> = {
  detector: createDetector({ entities: ['EMAIL'] }),
  keyReader: keysAre({ patientName: is('PERSON'), family: is('PERSON') }),
};

async function noteBeside(member: Record<string, string>, note: string): Promise<unknown> {
  const { structuredContent } = await deliver(BY_KEY, {
    content: [],
    structuredContent: { note, ...member },
  });
  return (structuredContent as { note: string }).note;
}

describe('the surname of somebody whose full name is in the message', () => {
  it.each([
    ['Mr. Powlowski was seen.', 'Mr. [PERSON] was seen.'],
    ['Powlowski was seen by POWLOWSKI, his son.', '[PERSON] was seen by [PERSON], his son.'],
    ['For Powlowski: see below. (Powlowski)', 'For [PERSON]: see below. ([PERSON])'],
    ["Powlowski's results", "[PERSON]'s results"],
  ])('is found in %j', async (note, written) => {
    expect(await noteBeside({ patientName: 'Jane Q. Powlowski Jr.' }, note)).toBe(written);
  });

  it.each([
    'the powlowski method',
    "Powlowski's disease was ruled out.",
    'It is in Powlowski Street.',
    'PowLowski',
    'Powlowskis',
  ])('is not what stands in %j', async (note) => {
    expect(await noteBeside({ patientName: 'Jane Powlowski' }, note)).toBe(note);
  });

  it.each([
    ['Jane Brown', 'Brown sputum. Mr. Brown is well. Brown.', 'Brown sputum. Mr. [PERSON] is well. Brown.'],
    ['Ann Li', 'Dr. Li gave LI 0.4 to Li.', 'Dr. [PERSON] gave LI 0.4 to Li.'],
    ['Tom Long', 'Long walks with Mrs. Long', 'Long walks with Mrs. [PERSON]'],
  ])('of %s that is a word, or short, is found after a title only', async (patientName, note, written) => {
    expect(await noteBeside({ patientName }, note)).toBe(written);
  });

  it('is known where a key names it alone, and still no word is taken for it', async () => {
    expect(await noteBeside({ family: 'Young' }, 'A Young adult; Ms. Young agrees')).toBe(
      'A Young adult; Ms. [PERSON] agrees',
    );
    expect(await noteBeside({ family: 'Powlowski' }, 'Powlowski agrees')).toBe('[PERSON] agrees');
  });

  it('is nobody in the next message', async () => {
    await noteBeside({ patientName: 'Jane Powlowski' }, 'x');
    expect(await noteBeside({}, 'Powlowski agrees')).toBe('Powlowski agrees');
  });
});

describe('a name that prose gave away', () => {
  const detector = createDetector({ entities: ['PERSON'], proseDetector: createPersonDetector() });

  it('is found in the other texts of the result, before and after, and so is its surname', async () => {
    const texts = [
      'Powlowski: 3 visits',
      'The patient is Dr. Emily Powlowski, who was seen here on Monday.',
      'room 3, Emily Powlowski, fasting',
    ];
    const result = { content: texts.map((text) => ({ type: 'text', text })) };
    const { content } = await deliver({ detector, keyReader: createKeyReader() }, result);
    expect(JSON.stringify(content)).not.toContain('Powlowski');
    expect(JSON.stringify(content)).toContain('[PERSON]: 3 visits');
  });
});

describe('a town that is found once', () => {
  const townIn = async (first: string, second: string): Promise<string> => {
    const content = [first, second].map((text) => ({ type: 'text', text }));
    const rewritten = await deliver({ detector: createDetector() }, { content });
    return (rewritten['content'] as { text: string }[])[0]?.text ?? '';
  };

  it('is found wherever it stands in the message', async () => {
    expect(
      await townIn('A woman from Gloucester.', 'She lives at 48 Harbor Street, Gloucester, MA 01930.'),
    ).toBe('A woman from [CITY].');
  });

  it('is not looked for where it is a word as well', async () => {
    const clean = 'Mobile phase and reading of the plate';
    expect(await townIn(clean, 'She lives at 48 Harbor Street, Mobile, AL 36602.')).toBe(clean);
  });
});
