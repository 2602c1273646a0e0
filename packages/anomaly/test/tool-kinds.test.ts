import { describe, expect, test } from 'vitest';
import { patternTest, toolTraits } from '../src/tool-kinds.ts';
import { TRAITS } from '../src/traits.ts';

describe('a tool is known by the words of its name', () => {
  test.for([
    ['send_email', TRAITS.sending],
    ['sendEmail', TRAITS.sending],
    ['mail.send', TRAITS.sending],
    ['read_patient', TRAITS.sensitive],
    ['grant-role', TRAITS.administrative],
    ['send_invoice', TRAITS.sending | TRAITS.sensitive],
    ['resend', 0],
    ['read_page', 0],
  ] as const)('%s', ([name, traits]) => {
    expect(toolTraits({})(name)).toBe(traits);
  });

  test('or by patterns, which take the place of the words', () => {
    const traitsOf = toolTraits({ sending: ['http_*', '*.upload'] });
    expect(traitsOf('http_post')).toBe(TRAITS.sending);
    expect(traitsOf('S3.Upload')).toBe(TRAITS.sending);
    expect(traitsOf('send_email')).toBe(0);
  });
});

test('a star stands for any characters', () => {
  const test = patternTest('a*b*c', 'here');
  expect(['abc', 'aXbYc', 'abbc'].every(test)).toBe(true);
  expect(['ab', 'abcd', 'acb', 'xabc'].some(test)).toBe(false);
  expect(patternTest('a*a', 'here')('a')).toBe(false);
});
