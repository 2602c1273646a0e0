import { readFileSync } from 'node:fs';
import { newModelFromString } from 'casbin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRbac, compileRbacAsync } from '@sallyport/rbac';
import { compiledOf, decide, permits, principal, problemsOf, rbacOf, warningsOf } from './support.ts';

const SHIPPED = readFileSync(new URL('../model/rbac_model.conf', import.meta.url), 'utf8');

/** The shipped model, a little different, so that casbin has to evaluate it. */
const OWN = SHIPPED.replace(/m = (.*)/, 'm = $1 && r.act != "never"');

const RULES = `# who may what
p, role:clinician, ehr, tool:get_*, call, "args.limit <= 100", allow
p, role:clinician, ehr, tool:list, call
p, role:auditor, *, **, *
p, role:auditor, *, tool:drop_*, call, , deny
g, user:alice, role:clinician
g, client:console, role:auditor
`;

describe('a policy', () => {
  it('permits what a rule permits, and says which', () => {
    const rbac = rbacOf(RULES);
    const nobody = { roles: [] };
    expect(decide(rbac, 'tool:get_x', { limit: 5 }, nobody)).toEqual({
      effect: 'permit',
      rule: 'p, role:clinician, ehr, tool:get_*, call, "args.limit <= 100", allow',
      at: 'rbac_policy.csv:2',
    });
    expect(decide(rbac, 'tool:put_x', {}, nobody)).toEqual({
      effect: 'deny',
      rule: undefined,
      at: undefined,
    });
    expect(decide(rbac, 'tool:drop_x', {}, { client: 'console' }).at).toBe('rbac_policy.csv:5');
    expect(decide(rbac, 'tool:keep_x', {}, { client: 'console' }).at).toBe('rbac_policy.csv:4');
  });

  it('names the earliest rule, wherever the deciding ones are', () => {
    const rbac = rbacOf(
      'p, role:b, *, tool:*, call\np, role:a, ehr, tool:x, call\np, user:alice, ehr, **, *',
    );
    expect(decide(rbac, 'tool:x', {}, { roles: ['a', 'b'] }).at).toBe('rbac_policy.csv:1');
    expect(decide(rbac, 'tool:x', {}, { roles: ['a'] }).at).toBe('rbac_policy.csv:2');
    expect(decide(rbac, 'prompt:x', {}, { roles: ['a'] }).at).toBe('rbac_policy.csv:3');
  });

  it('of several files counts as one, and rules keep the name of their file', () => {
    const { rbac } = compileRbac({
      policy: [
        { file: 'base.csv', text: '\n\np, role:clinician, ehr, tool:*, call' },
        {
          file: 'own.csv',
          text: 'p, role:clinician, ehr, tool:drop, call, , deny\ng, user:bob, role:clinician',
        },
      ],
    });
    if (rbac === undefined) throw new Error('problems');
    expect(decide(rbac, 'tool:get', {}, { subject: 'bob', roles: [] }).at).toBe('base.csv:3');
    expect(decide(rbac, 'tool:drop').at).toBe('own.csv:1');
  });

  it('has all its problems reported at once, each with its place', () => {
    const text = [
      'p, clinician, ehr, tool:x, call',
      'p, role:a, ehr, x, call, args.a =, maybe',
      'p, role:a, ehr, tool:x',
      'q, role:a, ehr, tool:x, call',
      'p, role:*, ehr, tool:x, call',
      'p, role:a, , tool:x, call',
      'p, role:a, ehr, tool:x, call, , allow, more',
      'g, user:a',
      'p, role:a, ehr, "tool:x, call',
    ].join('\n');
    expect(problemsOf(text).map((problem) => problem.split(/[;,:=] |\. | ==/, 1)[0])).toEqual([
      '1:4 A subject begins with user:',
      '2:17 An object begins with tool:',
      '2:33 Write',
      '2:36 An effect is allow or deny',
      '3:1 A field is missing',
      '4:1 A line begins with p (a rule) or g (a grant of a role).',
      '5:4 Subjects are exact',
      '6:12 The field is empty',
      '7:40 A field too many',
      '8:1 Write g',
      '9:17 This quote is never closed',
    ]);
  });

  it('is warned of rules that never decide', () => {
    const text = [
      'p, role:a, ehr, tool:x, call',
      'p, role:a, ehr, tool:x, call, args.n == 1',
      'p, role:a, ehr, tool:y, call',
      'p, role:a, *, tool:*, call, , deny',
      'p, role:b, ehr, prompt:z, list',
      'g, user:alice, role:spelt_wrong',
    ].join('\n');
    expect(warningsOf(text)).toEqual([
      '1:1 This rule never permits, because line 4 denies the same; remove one.',
      '2:1 This rule never decides, because line 1 says the same; remove it.',
      expect.stringMatching(/^2:1 This rule never permits, because line 4/),
      '3:1 This rule never permits, because line 4 denies the same; remove one.',
      '5:27 This rule never decides: prompt: is asked for get.',
      '6:1 No rule names the role that is granted here; check how it is spelt.',
    ]);
    expect(warningsOf('')[0]).toMatch(/everything is denied/);
    expect(warningsOf(RULES)).toEqual([]);
  });

  it('is the same compiled at once or in slices', async () => {
    const text = Array.from(
      { length: 5000 },
      (_, i) => `p, role:r${i % 7}, ehr, tool:t${i}, call, , ${i % 3 === 0 ? 'deny' : 'allow'}`,
    ).join('\n');
    const { rbac } = await compileRbacAsync({ policy: { file: 'p', text } });
    const atOnce = rbacOf(text);
    expect(rbac?.size).toBe(5000);
    for (let i = 0; i < 5000; i += 1) {
      const request = {
        principal: principal({ roles: [`r${i % 5}`] }),
        server: 'ehr',
        object: `tool:t${i}`,
        action: 'call',
        args: {},
      };
      expect(rbac?.decide(request).effect).toBe(atOnce.decide(request).effect);
    }
    const bad = 'p, x\np, y';
    expect((await compileRbacAsync({ policy: { file: 'p', text: bad } })).problems).toHaveLength(2);
  });

  it('compiled in slices lets others have their turn meanwhile', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `p, role:r${i}, ehr, tool:t${i}, call`).join('\n');
    const order: string[] = [];
    setImmediate(() => order.push('another turn'));
    await compileRbacAsync({ policy: { file: 'p', text } });
    order.push('compiled');
    expect(order).toEqual(['another turn', 'compiled']);
  });
});

describe('nonsense', () => {
  const piece = fc.constantFrom(
    ...RULES.split(/(\W)/),
    ...SHIPPED.split(/(\W)/),
    'eval(',
    'r2',
    'priority(p.eft) || deny',
    '\\',
    '"',
    '\u0000',
  );
  const nonsense = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  );
  /** A text with a few pieces replaced: nearly right. */
  const damaged = (text: string): fc.Arbitrary<string> =>
    fc
      .array(fc.tuple(fc.nat(text.length), fc.nat(8), piece), { maxLength: 4 })
      .map((edits) =>
        edits.reduce((t, [at, length, put]) => t.slice(0, at) + put + t.slice(at + length), text),
      );

  it('is a problem or a policy, never an error, and never lets a stranger in', () => {
    fc.assert(
      fc.property(
        fc.oneof(nonsense, damaged(RULES)),
        fc.option(fc.oneof(nonsense, damaged(SHIPPED), damaged(OWN)), { nil: undefined }),
        (text, model) => {
          const { rbac, problems } = compiledOf(text, model);
          if (rbac === undefined) {
            expect(problems.length).toBeGreaterThan(0);
            return;
          }
          const stranger = principal({ subject: 'stranger', roles: ['stranger'] });
          expect(
            rbac.decide({
              principal: stranger,
              server: 'ehr',
              object: 'tool:list',
              action: 'call',
              args: {},
            }),
          ).toMatchObject({ effect: 'deny' });
        },
      ),
      { numRuns: 5000, seed: 23 },
    );
  });
});

describe('use in general', () => {
  const rbac = rbacOf(
    [
      'p, role:a, ehr, tool:open, call',
      'p, role:a, ehr, tool:limited, call, args.n < 5',
      "p, role:a, ehr, tool:wards, call, principal.claims.ward == 'icu' && args.n < 5",
      'p, role:a, ehr, tool:open, call, args.n > 9, deny',
      'p, role:a, ehr, tool:closed, call',
      'p, role:a, ehr, tool:closed, call, , deny',
      'p, role:a, ehr, tool:suspended, call',
      'p, role:a, ehr, tool:suspended, call, principal.claims.suspended, deny',
    ].join('\n'),
  );
  const could = (object: string, claims = {}): boolean =>
    rbac.couldPermit({
      principal: principal({ roles: ['a'], claims }),
      server: 'ehr',
      object,
      action: 'call',
    });

  it('is possible where some arguments would be permitted', () => {
    expect(could('tool:open')).toBe(true);
    expect(could('tool:limited')).toBe(true);
    expect(could('tool:wards', { ward: 'icu' })).toBe(true);
    expect(could('tool:suspended', { suspended: false })).toBe(true);
  });

  it('is not possible where the principal alone decides against it', () => {
    expect(could('tool:other')).toBe(false);
    expect(could('tool:wards', { ward: 'er' })).toBe(false);
    expect(could('tool:wards')).toBe(false);
    expect(could('tool:closed')).toBe(false);
    expect(could('tool:suspended', { suspended: true })).toBe(false);
    expect(could('tool:suspended')).toBe(false);
  });
});

describe('the shipped model', () => {
  it('is one that casbin accepts, and the index has', () => {
    expect(() => newModelFromString(SHIPPED)).not.toThrow();
    expect(rbacOf(RULES, SHIPPED).engine).toBe('index');
    expect(rbacOf(RULES).engine).toBe('index');
  });

  it('is recognised however its parts are arranged', () => {
    const arranged = SHIPPED.replace(
      /m = .*/,
      (line) => `m = ${line.slice(4).split(' && ').toReversed().join('  &&  ')}`,
    );
    expect(arranged).not.toBe(SHIPPED);
    expect(rbacOf(RULES, arranged).engine).toBe('index');
  });
});

describe('a model of one’s own', () => {
  it('works through casbin, and the policy is warned that it is slow', () => {
    const rbac = rbacOf(RULES, OWN);
    expect(rbac.engine).toBe('casbin');
    expect(warningsOf(RULES, OWN)[0]).toMatch(/casbin looks at every rule/);
    expect(decide(rbac, 'tool:get_x', { limit: 5 }, { roles: [] }).at).toBe('rbac_policy.csv:2');
    expect(permits(rbac, 'tool:get_x', { limit: '5' })).toBe(false);
    expect(permits(rbac, 'tool:get_x', {})).toBe(false);
    expect(permits(rbac, 'tool:list')).toBe(true);
    expect(permits(rbac, 'tool:list', {}, { subject: 'eve', roles: [] })).toBe(false);
    expect(decide(rbac, 'tool:drop_x', {}, { client: 'console' }).at).toBe('rbac_policy.csv:5');
    expect(
      rbac.explain({ principal: principal(), server: 'ehr', object: 'tool:list', action: 'call', args: {} })
        .decision.effect,
    ).toBe('permit');
  });

  it('keeps the guards on resource names, role depth and unknown conditions', () => {
    const chain = Array.from({ length: 30 }, (_, i) => `g, role:r${i}, role:r${i + 1}`).join('\n');
    const rbac = rbacOf(
      `p, role:r30, ehr, resource:file:///d/**, read\np, role:r30, ehr, resource:file:///d/s/*, read, , deny\n${chain}`,
      OWN,
    );
    const over = { roles: ['r0'] };
    expect(permits(rbac, 'resource:file:///d/x', {}, over)).toBe(true);
    expect(permits(rbac, 'resource:file:///d/../x', {}, over)).toBe(false);
    expect(permits(rbac, 'resource:file:///d/%73/x', {}, over)).toBe(false);
    expect(permits(rbac, 'resource:file:///d/x', {}, { roles: ['r31'] })).toBe(false);
    const unsure = rbacOf(
      'p, role:a, ehr, tool:x, call\np, role:a, ehr, tool:x, call, args.n > 5, deny',
      OWN,
    );
    expect(permits(unsure, 'tool:x', {}, { roles: ['a'] })).toBe(false);
    expect(permits(unsure, 'tool:x', { n: 1 }, { roles: ['a'] })).toBe(true);
  });

  it('filters lists from the same rules', () => {
    const rbac = rbacOf(`${RULES}p, role:clinician, ehr, resource:file:///d/*, read\n`, OWN);
    const ask = { principal: principal({ roles: ['clinician'] }), server: 'ehr', action: 'call' };
    expect(rbac.couldPermit({ ...ask, object: 'tool:get_x' })).toBe(true);
    expect(rbac.couldPermit({ ...ask, object: 'tool:put_x' })).toBe(false);
    expect(rbac.couldPermit({ ...ask, action: 'read', object: 'resource:file:///d/', prefix: true })).toBe(
      true,
    );
    expect(rbac.couldPermit({ ...ask, action: 'read', object: 'resource:file:///e/', prefix: true })).toBe(
      false,
    );
  });

  it('may have domains, which are servers', () => {
    const model = `
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && segmentGlob(r.obj, p.obj) && r.act == p.act
`;
    const rbac = rbacOf(
      'p, role:a, ehr, tool:*, call\ng, user:alice, role:a, ehr\ng, user:bob, role:a, files',
      model,
    );
    expect(permits(rbac, 'tool:x', {}, { roles: [] })).toBe(true);
    expect(permits(rbac, 'tool:x', {}, { subject: 'bob', roles: [] })).toBe(false);
    expect(permits(rbac, 'tool:x', {}, { subject: 'eve', roles: ['a'] })).toBe(true);
  });

  it('may decide by priority', () => {
    const model = SHIPPED.replace(/^p = .*$/m, 'p = priority, sub, srv, obj, act, cond, eft').replace(
      /^e = .*$/m,
      'e = priority(p.eft) || deny',
    );
    const rbac = rbacOf(
      'p, 20, role:a, ehr, tool:*, call, , deny\np, 10, role:a, ehr, tool:x, call, , allow',
      model,
    );
    expect(decide(rbac, 'tool:x', {}, { roles: ['a'] })).toMatchObject({
      effect: 'permit',
      at: 'rbac_policy.csv:2',
    });
    expect(decide(rbac, 'tool:y', {}, { roles: ['a'] })).toMatchObject({
      effect: 'deny',
      at: 'rbac_policy.csv:1',
    });
    expect(problemsOf('p, high, role:a, ehr, tool:*, call', model)[0]).toMatch(/whole number/);
  });

  it('denies when casbin fails', () => {
    const model = SHIPPED.replace(/^m = .*$/m, 'm = g(r.sub, p.sub) && r.args.deep.deeper == p.obj');
    const rbac = rbacOf('p, role:a, ehr, x, call', model);
    expect(permits(rbac, 'tool:x', {}, { roles: ['a'] })).toBe(false);
    expect(permits(rbac, 'tool:x', { deep: { deeper: 'x' } }, { roles: ['a'] })).toBe(true);
  });

  it.each([
    ['casbin rejects', '[request_definition]\nr = sub', /missing required sections/],
    ['has a section that casbin ignores', `${SHIPPED}\n[matcher]\nm = true`, /ignores this section/],
    ['defines something twice', SHIPPED.replace(/^m = .*$/m, '$&\nm = true'), /defined twice/],
    [
      'has second definitions, which nothing consults',
      SHIPPED.replace(/^m = .*$/m, '$&\nm2 = true'),
      /Only m is used/,
    ],
    [
      'never looks at a rule',
      SHIPPED.replace(/^m = .*$/m, 'm = r.sub == "user:root"'),
      /never looks at a rule/,
    ],
    [
      'asks for a field that is not defined',
      SHIPPED.replace('r.srv', 'r.server'),
      /r\.server is not defined/,
    ],
    [
      'asks for a function that is not there',
      SHIPPED.replace('segmentGlob(r.srv', 'glob(r.srv'),
      /no function glob/,
    ],
    ['calls methods', SHIPPED.replace(/^m = .*$/m, 'm = p.sub == r.sub && r.obj.match(p.obj)'), /no methods/],
    [
      'takes patterns from the call',
      SHIPPED.replace('segmentGlob(r.srv, p.srv)', 'segmentGlob(p.srv, r.srv)'),
      /come from the rule/,
    ],
    ['requests what a call has not', SHIPPED.replace('r = sub, srv', 'r = sub, ip, srv'), /has no ip/],
    [
      'allows by default',
      SHIPPED.replace(/^e = .*$/m, 'e = !some(where (p.eft == deny))'),
      /must deny what no rule allows/,
    ],
  ])('is refused when it %s', (_, model, message) => {
    const compiled = compiledOf(RULES, model);
    expect(compiled.rbac).toBeUndefined();
    expect(compiled.problems?.[0]).toMatchObject({
      file: 'rbac_model.conf',
      message: expect.stringMatching(message),
    });
  });
});
