import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf, isPlainName } from '../src/uri.ts';
import { permits, problemsOf, rbacOf, warningsOf } from './support.ts';

const DATA = rbacOf(
  'p, role:clinician, ehr, resource:file:///data/*, read\np, role:clinician, ehr, resource:file:///tree/**, read',
);
const EVERYTHING = rbacOf(
  'p, role:clinician, *, **, *\n' +
    'p, role:clinician, *, resource:file:///etc/**, *, , deny\n' +
    'p, role:clinician, *, resource:https://intra.example/admin/*, *, , deny\n' +
    'p, role:clinician, *, resource:file:///s/top secret, *, , deny',
);

describe('resource names', () => {
  it('are matched within one segment by *, and across segments by **', () => {
    expect(permits(DATA, 'resource:file:///data/x')).toBe(true);
    expect(permits(DATA, 'resource:file:///data/x y (1).txt')).toBe(true);
    expect(permits(DATA, 'resource:file:///data/100%25.txt')).toBe(true);
    expect(permits(DATA, 'resource:file:///data/.hidden')).toBe(true);
    expect(permits(DATA, 'resource:file:///data/été')).toBe(true);
    expect(permits(DATA, 'resource:file:///data/x/y')).toBe(false);
    expect(permits(DATA, 'resource:file:///data/')).toBe(false);
    expect(permits(DATA, 'resource:file:///data')).toBe(false);
    expect(permits(DATA, 'resource:file:///tree/x/y')).toBe(true);
  });

  const escapes = [
    'file:///tree/../etc/passwd',
    'file:///tree/a/../../etc/passwd',
    'file:///tree/./x',
    'file:///tree/..',
    'file:///tree/%2e%2e/etc/passwd',
    'file:///tree/%2E./etc/passwd',
    'file:///tree/%252e%252e/etc/passwd',
    'file:///tree/%25252525252e%25252525252e/etc/passwd',
    'file:///tree/..%2fetc%2fpasswd',
    'file:///tree/a%2Fb',
    'file:///tree/a%252fb',
    'file:///tree//etc/passwd',
    'file:///tree//x',
    'file:////tree/x',
    'file:///tree/..\\etc\\passwd',
    'file:///tree/..%5cetc',
    'file:///tree/\\..\\x',
    'file:///tree/.\t./etc/passwd',
    'file:///tree/.\n./etc/passwd',
    'file:///tree/.%09./etc/passwd',
    'file:///tree/x%00.txt',
    'file:///tree/x\u0000.txt',
    'file:///tree/%c0%ae%c0%ae/etc/passwd',
    'file:///tree/%zz',
    'file:///tree/..;/etc/passwd',
    'file:///tree/.../x',
    'file:///tree/.. /x',
    'file:///tree/..%20/x',
    'file:///tree/x?/../../etc/passwd',
    'file:///tree/x#/../../etc/passwd',
    'file:///tree/\uff0e\uff0e/etc/passwd',
    'file:///tree/\u2025/etc/passwd',
    'file:///tree/a\uff0fb',
    ' file:///tree/x',
    'file:///tree/x ',
  ];

  it.each(escapes)('are not matched by the glob of an allow rule when they may be resolved: %j', (uri) => {
    expect(isPlainName(uri)).toBe(false);
    expect(permits(DATA, `resource:${uri}`)).toBe(false);
    expect(permits(EVERYTHING, `resource:${uri}`)).toBe(false);
  });

  it('are matched by the glob of an allow rule on hosts only by the host', () => {
    const rbac = rbacOf('p, role:clinician, ehr, resource:https://*.example.com/**, read');
    expect(permits(rbac, 'resource:https://a.example.com/x')).toBe(true);
    for (const uri of [
      'https://evil.test?.example.com/x',
      'https://evil.test#.example.com/x',
      'https://evil.test\\.example.com/x',
      'https://evil.test%23.example.com/x',
      'https://evil.test%2f.example.com/x',
      'https://user@a.example.com/x',
      'https://a.example.com:443@evil.test/x',
    ]) {
      expect(permits(rbac, `resource:${uri}`), uri).toBe(false);
    }
  });

  it.each([
    'file:///etc/passwd',
    'file:/etc/passwd',
    'FILE:///etc/passwd',
    'file://localhost/etc/passwd',
    'file:///%65tc/passwd',
    'file:///%2565tc/passwd',
    'file:///etc/passwd?x=1',
    'file:///etc/passwd#x',
    'file:///etc/ssh/',
    'https://INTRA.example/admin/x',
    'https://intra.example:443/admin/x',
    'https://intra.example/admin/x?y',
    'https:/intra.example/admin/x',
    'https:intra.example/admin/x',
    'https://intra.example/%61dmin/x',
    'file:///s/top%20secret',
    'file:///s/top secret/',
    'file:///et\u0000c/passwd',
    'file:///e\ttc/pass\nwd',
    'file:///e%09tc/passwd',
    'file:///et\u0085c/passwd',
  ])('are matched by a deny rule however they are written: %j', (uri) => {
    expect(permits(EVERYTHING, `resource:${uri}`)).toBe(false);
  });

  it('are matched by a deny rule however the rule is written', () => {
    const rbac = rbacOf(
      'p, role:clinician, *, **, *\n' +
        'p, role:clinician, *, resource:FILE://localhost/a%20b/*, *, , deny\n' +
        'p, role:clinician, *, resource:https://H.example/x, *, , deny',
    );
    for (const uri of [
      'file:///a b/c',
      'file:///a%20b/c',
      'FILE://localhost/a%20b/c',
      'file:/%61 b/c',
      'https://h.example/x',
    ]) {
      expect(permits(rbac, `resource:${uri}`), uri).toBe(false);
    }
    expect(permits(rbac, 'resource:file:///ab/c')).toBe(true);
  });

  it('may be named exactly, whatever they are', () => {
    const rbac = rbacOf('p, role:clinician, ehr, resource:file:///data/../x, read');
    expect(permits(rbac, 'resource:file:///data/../x')).toBe(true);
    expect(permits(rbac, 'resource:file:///x')).toBe(false);
  });

  it('that no glob could match are a problem in a rule, and hosts that end with * a warning', () => {
    expect(problemsOf('p, role:a, ehr, resource:file:///data/../*, read')[0]).toMatch(
      /write the path without them/,
    );
    expect(problemsOf('p, role:a, ehr, resource:file:///data//x, read, , deny')[0]).toMatch(
      /write the path without/,
    );
    expect(warningsOf('p, role:a, ehr, resource:https://good*/x, read')[0]).toMatch(/whole host and a slash/);
  });

  it('are compared exactly where they are tools and prompts', () => {
    const rbac = rbacOf(
      'p, role:clinician, ehr, tool:get_*, call\np, role:clinician, ehr, tool:drop, call, , deny',
    );
    expect(permits(rbac, 'tool:get_..')).toBe(true);
    expect(permits(rbac, 'tool:get_%2e')).toBe(true);
    expect(permits(rbac, 'tool:Get_x')).toBe(false);
    expect(permits(rbac, 'tool:get_x/..')).toBe(false);
  });

  it('always include themselves among their forms, and plain ones nothing else', () => {
    const piece = fc.constantFrom(
      'file://',
      'https://',
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '\\',
      'a',
      'B',
      '?',
      '#',
      '@',
      ' ',
      '\u0000',
      '%',
      ':',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((p) => p.join('')),
        ),
        (uri) => {
          const forms = formsOf(uri);
          expect(forms[0]).toBe(uri);
          expect(forms.length).toBeLessThan(16);
          isPlainName(uri);
        },
      ),
      { numRuns: 5000, seed: 3 },
    );
    expect(formsOf('file:///data/x')).toEqual(['file:///data/x']);
  });

  it('of a megabyte are judged', () => {
    for (const unit of ['/..', '%2e', '\\', '\u2025', '//', ' /', '%2525252525252525', '.;']) {
      expect(permits(DATA, `resource:file:///tree/${unit.repeat(1_000_000 / unit.length)}`), unit).toBe(
        false,
      );
    }
    for (const unit of ['x', 'a/', '.', '%25', '. ', '@', ':', '~(']) {
      expect(permits(DATA, `resource:file:///tree/${unit.repeat(1_000_000 / unit.length)}x`), unit).toBe(
        true,
      );
    }
  });
});
