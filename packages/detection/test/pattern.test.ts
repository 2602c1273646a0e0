import { describe, expect, it } from 'vitest';
import { checkPattern, RULES } from '../src/index.ts';
import { boundPattern } from '../src/pattern/bound.ts';

describe('checkPattern', () => {
  it.each([
    ['EMP-\\d{6}', 10, 'EMP-'],
    ['[A-Z]{2}\\d{4,8}', 10, ''],
    ['(?:foo|bar)-\\d{3}(?:-\\d{2})?', 10, ''],
    ['[^"\\n]{1,64}"', 65, ''],
    ['ab?c', 3, 'a'],
    ['acme\\.example\\/[a-f0-9]{8}', 21, 'acme.example/'],
  ])('takes %s', (pattern, most, literal) => {
    expect(checkPattern(pattern)).toEqual({ usable: true, most, literal });
  });

  it.each([
    ['\\w+@x', /"\+" without an end/],
    ['a*', /write \{0,64\}/],
    ['a{2,}', /write \{n,64\}/],
    ['(a)\\1', /backreference/],
    ['(?=a)b', /lookaround/],
    ['(?<name>a)', /named group/],
    ['^abc', /anchor "\^"/],
    ['abc$', /anchor "\$"/],
    ['\\babc', /"\\b"/],
    ['a{1,3}?b', /lazy/],
    ['a{1,3}{2}', /quantifier on a quantifier/],
    ['(?:a?){3}', /repeats what may be empty/],
    ['a?', /empty text/],
    ['a{1000}', /256 at most/],
    ['\\w{1,40}\\d{4}', /"\\w\{1,40\}" can also match what may follow it/],
    ['(?:a{1,9}a{1,9}){1,9}', /ways/],
    ['\\p{L}{2}', /escape "\\p"/],
    ['(abc', /"\(" without "\)"/],
    ['abc)', /"\)" without "\("/],
    ['[abc', /"\[" without "\]"/],
    ['[z-a]', /range that is none/],
    ['{2}', /"\{" with nothing before it/],
    ['(a|aa){1,30}b', /ways/],
  ])('refuses %s and says why', (pattern, reason) => {
    const checked = checkPattern(pattern);
    expect(checked.usable ? '' : checked.reason).toMatch(reason);
  });

  it('counts the ways through choices that the next character does not decide', () => {
    expect(boundPattern('(?:ab|ac)d').ways).toBe(2);
    expect(boundPattern('(?:ab|cd)e').ways).toBe(1);
    expect(boundPattern('\\d{2,4}\\d').ways).toBe(3);
    expect(boundPattern('\\d{2,4}-\\d').ways).toBe(1);
  });

  it('takes case into account', () => {
    expect(boundPattern('[a-z]{1,3}[A-Z]').ways).toBe(1);
    expect(boundPattern('[a-z]{1,3}[A-Z]', true).ways).toBe(3);
  });
});

it('holds for every pattern of the package', () => {
  for (const rule of RULES) {
    for (const form of rule.forms) {
      if ('pattern' in form)
        expect(boundPattern(form.pattern, form.ignoreCase).most).toBeLessThanOrEqual(256);
    }
  }
});
