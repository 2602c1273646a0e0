import { describe, expect, test } from 'vitest';
import { compiled, messages, outcome, rule } from './records.ts';

const SELECTIONS = {
  yes: { type: 'outcome' },
  no: { type: 'attempt' },
  sel_a: { server: 'clinic' },
  sel_b: [{ server: 'other' }, { status: 'ok' }],
  filter_x: { target: 'nothing' },
  _hidden: { server: 'clinic' },
};

/** Conditions over selections of which yes, sel_a, sel_b and _hidden match. */
const TABLE: readonly (readonly [condition: string | readonly string[], matches: boolean])[] = [
  ['yes', true],
  ['no', false],
  ['not no', true],
  ['not not no', false],
  ['yes and no', false],
  ['yes or no', true],
  ['no or no or yes', true],
  ['yes and not no', true],
  ['no and no or yes', true],
  ['no and (no or yes)', false],
  ['yes or yes and no', true],
  ['(yes or yes) and no', false],
  ['not yes or yes', true],
  ['not (yes or yes)', false],
  ['1 of them', true],
  ['all of them', false],
  ['1 of sel_*', true],
  ['all of sel_*', true],
  ['all of *', false],
  ['1 of filter_*', false],
  ['all of sel_* and not 1 of filter_*', true],
  ['not all of sel_*', false],
  ['1 of filter_x', false],
  [['no', 'yes'], true],
  [['no', 'no'], false],
];

describe('conditions', () => {
  test.each(TABLE)('%j: %s', (condition, matches) => {
    const rules = compiled([rule({ ...used(SELECTIONS, condition), condition })]);
    expect(rules.observe(outcome())).toHaveLength(matches ? 1 : 0);
  });

  test.each([
    ['', /ends where a selection should stand/],
    ['yes and', /ends where a selection should stand/],
    ['yes no', /after its end/],
    ['(yes', /close it/],
    ['yes)', /leave it out/],
    ['yess', /did you mean "yes"\?/],
    ['YES', /did you mean "yes"\?/],
    ['2 of them', /write "1 of" or "all of"/],
    ['1 of', /ends behind/],
    ['1 of nothing*', /name of no selection/],
    ['and', /where a selection should stand/],
    ['yes | count() > 5', /correlation/],
    [`${'('.repeat(60)}yes${')'.repeat(60)}`, /50 deep/],
    [`${'yes and '.repeat(600)}yes`, /longer than/],
  ])('%j is refused with what to write instead', (condition, message) => {
    expect(messages(rule({ ...SELECTIONS, condition })).join('\n')).toMatch(message);
  });

  test('a selection that no condition uses is told', () => {
    expect(messages(rule({ yes: SELECTIONS.yes, no: SELECTIONS.no, condition: 'yes' }))).toEqual([
      'detection.no: is not used by the condition; name it there, or leave it out',
    ]);
  });

  test('a selection may have the name of a member of every object', () => {
    const detection = JSON.parse('{"__proto__":{"type":"outcome"},"condition":"__proto__"}') as unknown;
    expect(compiled([rule(detection)]).observe(outcome())).toHaveLength(1);
  });
});

/** The selections that a condition could use, so that none is left over. */
function used(
  selections: Record<string, unknown>,
  condition: string | readonly string[],
): Record<string, unknown> {
  const text = [condition].flat().join(' ');
  const words = text.split(/[\s()]+/);
  return Object.fromEntries(
    Object.entries(selections).filter(
      ([name]) =>
        words.includes(name) ||
        (words.includes('them') && !name.startsWith('_')) ||
        words.some((word) => word.endsWith('*') && name.startsWith(word.slice(0, -1))),
    ),
  );
}
