import { describe, expect, test } from 'vitest';
import { event, holds, messages, outcome, rule } from './records.ts';

const call = outcome({
  target: 'Delete-File*now',
  decision: { effect: 'permit', rule: 'p, role:x, *, tool:y\\z' },
  executed: { sha256: 'aa', bytes: 100 },
  about: 'AA',
  result: { sha256: 'bb', bytes: 5000 },
  error: -32602,
  redacted: [
    { direction: 'results', entity: 'EMAIL', operator: 'token', count: 3 },
    { direction: 'arguments', entity: 'US_SSN', operator: 'mask', count: 4 },
  ],
});
const pinned = event({
  detail: { address: '10.1.2.3', v6: '2001:db8::7', count: 7, cut: true, word: 'aGFybQ==' },
});

/** Items of a selection, and whether they match the record. */
const TABLE: readonly (readonly [
  items: Record<string, unknown>,
  matches: boolean,
  record?: typeof pinned,
])[] = [
  [{ type: 'outcome' }, true],
  [{ type: 'OUTCOME' }, true],
  [{ 'target|cased': 'delete-file\\*now' }, false],
  [{ 'target|cased': 'Delete-File\\*now' }, true],
  [{ target: 'delete-file' }, false],
  [{ target: 'delete*' }, true],
  [{ target: '*file*' }, true],
  [{ target: '*now' }, true],
  [{ target: 'd?lete-file\\*n?w' }, true],
  [{ target: 'delete-file\\*no' }, false],
  [{ target: 'd?*?*??now' }, true],
  [{ target: 'delete-file\\?now' }, false],
  [{ target: '*e*e*e*e*' }, true],
  [{ target: '*e*e*e*e*e*' }, false],
  [{ 'decision.rule|endswith': 'y\\z' }, true],
  [{ 'decision.rule|endswith': 'y\\\\z' }, true],
  [{ 'decision.rule|endswith': 'y\\\\*' }, true],
  [{ target: ['x', 'delete-*'] }, true],
  [{ 'target|startswith': 'delete' }, true],
  [{ 'target|startswith': 'file' }, false],
  [{ 'target|endswith': '\\*now' }, true],
  [{ 'target|contains': ['zzz', 'file'] }, true],
  [{ 'target|contains|all': ['delete', 'file'] }, true],
  [{ 'target|contains|all': ['delete', 'zzz'] }, false],
  [{ 'target|contains|cased': 'file' }, false],
  [{ 'target|neq': 'read' }, true],
  [{ 'target|neq': ['read', 'delete*'] }, false],
  [{ 'principal.roles': 'reader' }, true],
  [{ 'principal.roles|all': ['reader', 'clinician'] }, true],
  [{ 'principal.roles|all': ['reader', 'admin'] }, false],
  [{ 'redacted.entity': 'us_ssn' }, true],
  [{ 'redacted.entity': 'PHONE' }, false],
  [{ 'redacted.count': 7 }, true],
  [{ 'redacted.count|gt': 7 }, false],
  [{ refusal: null }, true],
  [{ target: null }, false],
  [{ refusal: ['threat_detected', null] }, true],
  [{ 'refusal|exists': false }, true],
  [{ 'target|exists': true }, true],
  [{ 'target|exists': false }, false],
  [{ error: -32602 }, true],
  [{ error: '-32602' }, true],
  [{ 'error|startswith': '-326' }, true],
  [{ error: '-326*' }, true],
  [{ 'result.bytes|gte': 5000 }, true],
  [{ 'result.bytes|gt': 5000 }, false],
  [{ 'result.bytes|lt': 5001 }, true],
  [{ 'result.bytes|lte': 4999 }, false],
  [{ 'result.bytes|gt|neq': 5000 }, true],
  [{ 'executed.sha256|fieldref': 'about' }, true],
  [{ 'executed.sha256|fieldref|cased': 'about' }, false],
  [{ 'executed.sha256|fieldref|neq': 'result.sha256' }, true],
  [{ 'executed.sha256|fieldref': 'refusal' }, false],
  [{ 'target|re': '^Delete-[A-Z]ile\\*now$' }, true],
  [{ 'target|re': 'delete' }, false],
  [{ 'target|re|i': 'delete' }, true],
  [{ 'target|re': '(Delete|Drop)-.{4,}' }, true],
  [{ 'target|re': '^(D+e*)+$' }, false],
  [{ 'target|windash|contains': ' -file' }, false],
  [{ 'time|hour': 9 }, true],
  [
    {
      'time|hour|gte': 9,
      'time|minute': 0,
      'time|day': 2,
      'time|month': 3,
      'time|year': 2026,
      'time|week': 10,
    },
    true,
  ],
  [{ 'time|hour|lt': 9 }, false],
  [{ 'time.weekday': 1 }, true],
  [{ 'time.weekday': [6, 7] }, false],
  [{ type: 'outcome', status: 'refused' }, false],
  [{ event: 'start' }, true, pinned],
  [{ 'detail.address|cidr': '10.0.0.0/8' }, true, pinned],
  [{ 'detail.address|cidr': ['192.168.0.0/16', '2001:db8::/32'] }, false, pinned],
  [{ 'detail.v6|cidr': '2001:db8::/32' }, true, pinned],
  [{ 'detail.word|cidr': '10.0.0.0/8' }, false, pinned],
  [{ 'detail.count|gte': 7 }, true, pinned],
  [{ 'detail.count': 7 }, true, pinned],
  [{ 'detail.cut': true }, true, pinned],
  [{ 'detail.cut': false }, false, pinned],
  [{ 'detail.none': null }, true, pinned],
  [{ 'detail.constructor': null }, true, pinned],
  [{ 'detail.word|base64': 'harm' }, true, pinned],
  [{ 'detail.word|base64offset|contains': 'arm' }, true, pinned],
  [{ 'detail.word|utf16le|base64': 'harm' }, false, pinned],
  [{ target: 'anything' }, false, pinned],
  [{ 'target|neq': 'anything' }, true, pinned],
];

describe('items of a selection', () => {
  test.each(TABLE.map(([items, matches, record = call]) => ({ items, matches, record })))(
    '$items matches: $matches',
    ({ items, matches, record }) => {
      expect(holds(items, record)).toBe(matches);
    },
  );

  test('encoded values are found at each of the three places of a Base64 text', () => {
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const word = Buffer.from(`${before}curl http://${before}`).toString('base64');
      const record = event({ detail: { word } });
      expect(holds({ 'detail.word|base64offset|contains': 'curl http' }, record)).toBe(true);
      const wide = Buffer.from(`${before}curl${before}`, 'utf16le').toString('base64');
      expect(
        holds({ 'detail.word|wide|base64offset|contains': 'curl' }, event({ detail: { word: wide } })),
      ).toBe(true);
    }
  });

  test('a dash of a switch may be any dash', () => {
    for (const dash of ['-', '/', '–', '—', '―'])
      expect(
        holds({ 'detail.word|windash|contains': 'rm -rf' }, event({ detail: { word: `rm ${dash}rf x` } })),
      ).toBe(true);
    expect(holds({ 'detail.word|windash|contains': 'rm -rf' }, event({ detail: { word: 'rm +rf' } }))).toBe(
      false,
    );
  });

  test('placeholders stand for what is set', () => {
    const options = { placeholders: { admins: ['root', 'ann'] } };
    expect(holds({ 'principal.subject|expand': '%admins%' }, outcome(), options)).toBe(true);
    expect(holds({ 'principal.subject|expand': 'x%admins%' }, outcome(), options)).toBe(false);
    expect(holds({ 'principal.subject': '%admins%' }, outcome(), options)).toBe(false);
  });
});

/** Items that are refused, and what the message says. */
const REFUSED: readonly (readonly [items: unknown, message: RegExp])[] = [
  [{ tarqet: 'x' }, /did you mean "target"\?/],
  [{ 'target|contain': 'x' }, /did you mean "contains"\?/],
  [{ 'target|contains|endswith': 'x' }, /write one of them/],
  [{ 'target|contains|base64': 'x' }, /write it before: base64\|contains/],
  [{ 'target|contains|contains': 'x' }, /stands twice/],
  [{ 'target|all': 'x' }, /"all" with one value/],
  [{ 'target|i': 'x' }, /option of "re"/],
  [{ 'target|re|contains': 'x' }, /is for texts/],
  [{ 'target|re': 'a(?=b)' }, /lookaround/],
  [{ 'target|re': '(a)\\1' }, /backreference/],
  [{ 'target|re': 'a**' }, /quantifier on a quantifier/],
  [{ 'target|re': '(a{1000}){1000}' }, /states/],
  [{ 'target|re': '[a' }, /"\[" without "\]"/],
  [{ 'target|re': 5 }, /"re" with no text/],
  [{ 'target|gte': 5 }, /is no number/],
  [{ 'result.bytes|gte': '5' }, /without quotes/],
  [{ 'result.bytes': 'many' }, /is a number/],
  [{ 'target|cidr': '10.0.0.0' }, /10\.0\.0\.0\/8/],
  [{ 'target|cidr': '10.0.0.0/40' }, /no network/],
  [{ 'target|exists': 'yes' }, /write true or false/],
  [{ 'target|fieldref': 'nothing' }, /is no field/],
  [{ 'principal.roles|fieldref': 'target' }, /several values/],
  [{ 'target|expand': '%Servers%' }, /no values are set/],
  [{ 'target|utf16le': 'x' }, /write base64 behind it/],
  [{ 'target|base64': 'a*' }, /cannot have wildcards/],
  [{ 'target|hour': 3 }, /is no time/],
  [{ time: '2026' }, /write a part of it/],
  [{ target: [] }, /empty list/],
  [{ target: { a: 1 } }, /no text, number or boolean/],
  [{ '|all': ['a', 'b'] }, /searches the whole record/],
  [['a', 'b'], /is a word to look for/],
  [{}, /is no mapping with fields/],
  [[], /empty list/],
];

describe('what cannot be asked', () => {
  test.each(REFUSED)('%j is refused with what to write instead', (items, message) => {
    const found = messages(rule({ selection: items, condition: 'selection' }));
    expect(found.join('\n')).toMatch(message);
  });

  test('a value that a field never has is told, and the rule works', () => {
    expect(messages(rule({ selection: { status: 'refuse' }, condition: 'selection' }))).toEqual([
      'detection.selection.status: status is never "refuse"; did you mean "refused"?; it is one of ok, error, refused',
    ]);
  });
});
