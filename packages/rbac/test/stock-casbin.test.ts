import {
  CachedEnforcer,
  type Enforcer,
  newCachedEnforcer,
  newEnforcer,
  newModelFromString,
  StringAdapter,
} from 'casbin';
import { describe, expect, it } from 'vitest';
import { compileRbacAsync } from '@sallyport/rbac';
import { compiledOf, decide, permits, principal, problemsOf, rbacOf } from './support.ts';

/**
 * Every test shows what casbin does as it comes, and then what ours does instead (design: the table of stock
 * defects).
 */

async function stock(
  matcher: string,
  rules: string,
  effect = 'some(where (p.eft == allow))',
): Promise<Enforcer> {
  return newEnforcer(newModelFromString(modelOf(matcher, effect)), new StringAdapter(rules));
}

function modelOf(matcher: string, effect: string): string {
  return `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = ${effect}
[matchers]
m = ${matcher}
`;
}

const EXACT = 'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act';

describe('an empty policy', () => {
  it('says yes to empty strings in casbin, and denies everything here', async () => {
    const model = newModelFromString(modelOf(EXACT, 'some(where (p.eft == allow))'));
    expect((await newEnforcer(model)).enforceSync('', '', '')).toBe(true);
    const nobody = principal({ subject: '' });
    for (const rbac of [
      rbacOf(''),
      rbacOf('# nothing\n'),
      rbacOf('', modelOf(EXACT, 'some(where (p.eft == allow))')),
    ]) {
      for (const object of ['', 'tool:', 'tool:x', 'resource:']) {
        const ask = { principal: nobody, server: '', object, action: '' };
        expect(rbac.decide({ ...ask, args: {} }).effect).toBe('deny');
        expect(rbac.couldPermit(ask)).toBe(false);
      }
    }
  });
});

describe('a policy that is being loaded, or failed to', () => {
  it('allows in casbin under a model without an allow clause; here such a model is refused', async () => {
    const effect = '!some(where (p.eft == deny))';
    const model = newModelFromString(
      modelOf(EXACT, effect).replace('sub, obj, act\n[role', 'sub, obj, act, eft\n[role'),
    );
    const enforcer = await newEnforcer(model, new StringAdapter('p, alice, x, read, deny'));
    expect(enforcer.enforceSync('alice', 'x', 'read')).toBe(false);
    enforcer.setAdapter({
      ...new StringAdapter(''),
      loadPolicy: () => Promise.reject(new Error('disk')),
    } as never);
    await expect(enforcer.loadPolicy()).rejects.toThrow('disk');
    expect(enforcer.enforceSync('alice', 'x', 'read')).toBe(true);

    expect(problemsOf('', modelOf(EXACT, effect))[0]).toMatch(/must deny what no rule allows/);
  });

  it('gives problems here, never half a policy', async () => {
    const text = 'p, role:clinician, ehr, tool:a, call\np, role:clinician, ehr, tool:b, call, args.x =';
    expect(compiledOf(text).rbac).toBeUndefined();
    expect((await compileRbacAsync({ policy: { file: 'f', text } })).rbac).toBeUndefined();
  });
});

describe('a memo of decisions', () => {
  it('confuses calls in casbin whose parts contain $$; here it confuses no two principals', async () => {
    const rules = 'p, alice$$x, y, read';
    const enforcer = await newCachedEnforcer(
      newModelFromString(modelOf(EXACT, 'some(where (p.eft == allow))')),
      new StringAdapter(rules),
    );
    expect(enforcer).toBeInstanceOf(CachedEnforcer);
    expect(await enforcer.enforce('alice$$x', 'y', 'read')).toBe(true);
    expect(await enforcer.enforce('alice', 'x$$y', 'read')).toBe(true);

    const rbac = rbacOf(
      'p, user:a, ehr, tool:x, call\np, role:b, ehr, tool:x, call, , deny\np, role:c, ehr, tool:y, call',
    );
    expect(permits(rbac, 'tool:x', {}, { subject: 'a', roles: [] })).toBe(true);
    expect(permits(rbac, 'tool:x', {}, { subject: 'a', roles: ['b'] })).toBe(false);
    expect(permits(rbac, 'tool:x', {}, { subject: 'a","b', roles: [] })).toBe(false);
    expect(permits(rbac, 'tool:x', {}, { subject: 'a', roles: [] })).toBe(true);
    expect(permits(rbac, 'tool:x', {}, { subject: 'a', roles: [], client: 'b' })).toBe(true);
  });

  it('never outlives a change of the principal, or a policy', () => {
    const text = 'p, role:b, ehr, tool:x, call';
    const rbac = rbacOf(text);
    const roles = ['b'];
    const who = principal({ roles });
    const request = { principal: who, server: 'ehr', object: 'tool:x', action: 'call', args: {} };
    expect(rbac.decide(request).effect).toBe('permit');
    roles[0] = 'c';
    expect(rbac.decide(request).effect).toBe('deny');
    roles[0] = 'b';
    expect(rbac.decide(request).effect).toBe('permit');
    expect(rbacOf(`${text}, , deny`).decide(request).effect).toBe('deny');
  });

  it('never grows beyond its bounds, and stays right', () => {
    const rbac = rbacOf('p, role:even, ehr, tool:x, call');
    for (let i = 0; i < 20_000; i += 1) {
      const roles = i % 2 === 0 ? ['even'] : ['odd'];
      expect(permits(rbac, 'tool:x', {}, { subject: `u${i}`, roles })).toBe(i % 2 === 0);
    }
  });
});

describe('patterns', () => {
  it('of keyMatch ignore what follows the star in casbin; here it counts', async () => {
    const enforcer = await stock('keyMatch(r.obj, p.obj)', 'p, alice, files/*/read, x');
    expect(enforcer.enforceSync('alice', 'files/secret/delete', 'x')).toBe(true);
    const rbac = rbacOf('p, role:clinician, ehr, tool:files/*/read, call');
    expect(permits(rbac, 'tool:files/secret/delete')).toBe(false);
    expect(permits(rbac, 'tool:files/secret/read')).toBe(true);
  });

  it('of regexMatch are not anchored in casbin; here a name is matched as a whole', async () => {
    const enforcer = await stock('regexMatch(r.obj, p.obj)', 'p, alice, get, x');
    expect(enforcer.enforceSync('alice', 'forget_everything', 'x')).toBe(true);
    expect(permits(rbacOf('p, role:clinician, ehr, tool:get, call'), 'tool:forget_everything')).toBe(false);
  });

  it('of globMatch match everything else after an exclamation mark in casbin; here they are refused', async () => {
    const enforcer = await stock('globMatch(r.obj, p.obj)', 'p, alice, !secret, x');
    expect(enforcer.enforceSync('alice', 'anything', 'x')).toBe(true);
    expect(problemsOf('p, role:clinician, ehr, tool:!secret, call')[0]).toMatch(
      /rule of its own, with effect deny/,
    );
  });

  it('are refused in a model where casbin would let them through, or run for seconds', () => {
    for (const name of [
      'keyMatch',
      'keyMatch2',
      'keyMatch3',
      'keyMatch4',
      'keyMatch5',
      'regexMatch',
      'globMatch',
    ]) {
      const problems = problemsOf(
        '',
        modelOf(`r.sub == p.sub && ${name}(r.obj, p.obj)`, 'some(where (p.eft == allow))'),
      );
      expect(problems[0], name).toMatch(/write segmentGlob\(r\.obj, p\.obj\)/);
    }
  });
});

describe('conditions', () => {
  it('coerce in casbin, so anything passes "< 100"; here only a number does', async () => {
    const model = `
[request_definition]
r = sub, args
[policy_definition]
p = sub, cond
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && eval(p.cond)
`;
    const enforcer = await newEnforcer(
      newModelFromString(model),
      new StringAdapter('p, alice, r.args.amount < 100'),
    );
    const rbac = rbacOf('p, role:clinician, ehr, tool:pay, call, args.amount < 100');
    for (const amount of [null, '', '99', [5], true]) {
      expect(enforcer.enforceSync('alice', { amount })).toBe(true);
      expect(permits(rbac, 'tool:pay', { amount })).toBe(false);
    }
    expect(() => enforcer.enforceSync('alice', undefined)).toThrow();
    expect(permits(rbac, 'tool:pay')).toBe(false);
    expect(permits(rbac, 'tool:pay', { amount: 99 })).toBe(true);
    expect(problemsOf('', model.replace('r = sub', 'r = sub, obj, act'))[0]).toMatch(/write when\(/);
  });
});

describe('roles', () => {
  const chain = (length: number, name: (i: number) => string): string =>
    Array.from({ length }, (_, i) => `g, ${name(i)}, ${name(i + 1)}`).join('\n');

  it('more than ten deep are denied in silence by casbin; here there is no depth limit', async () => {
    const enforcer = await stock(EXACT, `p, r12, x, read\n${chain(12, (i) => `r${i}`)}`);
    expect(enforcer.enforceSync('r0', 'x', 'read')).toBe(false);
    const name = (i: number): string => `role:r${i}`;
    const rbac = rbacOf(`p, role:r20000, ehr, tool:x, call\n${chain(20_000, name)}`);
    expect(permits(rbac, 'tool:x', {}, { roles: ['r0'] })).toBe(true);
    expect(permits(rbac, 'tool:x', {}, { roles: ['r20001'] })).toBe(false);
  });

  it('are had by users of that name in casbin; here prefixes keep them apart, and are required', async () => {
    const enforcer = await stock(EXACT, 'p, admin, x, read\ng, alice, admin');
    expect(enforcer.enforceSync('admin', 'x', 'read')).toBe(true);
    const rbac = rbacOf('p, role:admin, ehr, tool:x, call\ng, user:alice, role:admin');
    expect(permits(rbac, 'tool:x', {}, { subject: 'alice', roles: [] })).toBe(true);
    for (const subject of ['admin', 'role:admin', 'x,role:admin', 'x\nrole:admin']) {
      expect(permits(rbac, 'tool:x', {}, { subject, roles: [] })).toBe(false);
      expect(permits(rbac, 'tool:x', {}, { subject: 'x', roles: [], client: subject })).toBe(false);
    }
    expect(problemsOf('p, admin, ehr, tool:x, call')[0]).toMatch(/begins with user:, role: or client:/);
    expect(problemsOf('g, alice, role:admin')[0]).toMatch(/begins with user:, role: or client:/);
    expect(problemsOf('g, user:alice, admin')[0]).toMatch(/write role:<name>/);
  });

  it('that go round in a circle are a problem, with the path', () => {
    const text =
      'p, role:a, ehr, tool:x, call\ng, role:a, role:b\ng, role:b, role:c\ng, role:c, role:a\ng, role:d, role:d';
    const problems = problemsOf(text);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^4:1 .*role:a -> role:b -> role:c -> role:a/);
    expect(problems[1]).toMatch(/^5:1 .*role:d -> role:d/);
  });
});

describe('the size of a policy', () => {
  it('never changes what is decided', () => {
    const rules = Array.from({ length: 100_000 }, (_, i) => `p, role:team_${i}, ehr, tool:get_${i}, call`);
    const rbac = rbacOf(rules.join('\n'));
    for (const i of [0, 1, 77_777, 99_999]) {
      const over = { roles: [`team_${i}`] };
      expect(decide(rbac, `tool:get_${i}`, {}, over).at).toBe(`rbac_policy.csv:${i + 1}`);
      expect(permits(rbac, `tool:get_${i + 1}`, {}, over)).toBe(false);
    }
  });
});
