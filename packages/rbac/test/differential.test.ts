import type { JsonObject, Principal } from '@sallyport/core';
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexOf } from './glob-regex.ts';
import { principal, rbacOf } from './support.ts';

/**
 * Casbin itself as the oracle: its loader, its role manager, its effector, its evaluation of matcher and
 * conditions. Only globs, which it has not, are ours; as regular expressions, written for tests alone.
 */
const ORACLE = `
[request_definition]
r = sub, srv, obj, act, args, who
[policy_definition]
p = sub, srv, obj, act, cond, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub)&&server(r.srv, p.srv)&&object(r.obj, p.obj)&&server(r.act, p.act)&&eval(p.cond)
`;

const EACH = 50_000;
const REQUESTS = 40;

/** A condition twice: as ours writes it, and as casbin does. */
interface Twice {
  readonly ours: string;
  readonly theirs: string;
}

const number = { kinds: ['args.n', 'args.m', 'principal.claims.n'], literals: ['0', '1', '2'] };
const text = {
  kinds: ['args.s', 'args.t', 'principal.claims.s', 'principal.subject'],
  literals: ["'a'", "'b'", "'alice'"],
};

function theirs(path: string): string {
  return path.replace(/^args/, 'r.args').replace(/^principal/, 'r.who');
}

/** Over values whose types agree, since casbin coerces where ours does not. */
const comparison: fc.Arbitrary<Twice> = fc.constantFrom(number, text).chain(({ kinds, literals }) =>
  fc
    .record({
      left: fc.constantFrom(...kinds),
      op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      right: fc.constantFrom(...kinds, ...literals),
    })
    .map(({ left, op, right }) => ({
      ours: `${left} ${op} ${right}`,
      theirs: `(${theirs(left)} ${op} ${theirs(right)})`,
    })),
);

const membership: fc.Arbitrary<Twice> = fc
  .constantFrom(
    ["args.s in ['a','b']", "(r.args.s in ['a','b'])"],
    ['args.n in [0,2]', '(r.args.n in [0,2])'],
    ['args.s in principal.claims.l', '(r.args.s in r.who.claims.l)'],
    ["'s' in args", "('s' in r.args)"],
    ['args.flag', 'r.args.flag'],
  )
  .map(([ours = '', casbins = '']) => ({ ours, theirs: casbins }));

const condition: fc.Arbitrary<Twice> = fc.letrec<{ condition: Twice }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison,
    membership,
    tie('condition').map(({ ours, theirs: t }) => ({ ours: `!(${ours})`, theirs: `(!${t})` })),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, op, b]) => ({
      ours: `(${a.ours}) ${op} (${b.ours})`,
      theirs: `(${a.theirs}${op}${b.theirs})`,
    })),
  ),
})).condition;

const ALWAYS: Twice = { ours: '', theirs: 'true' };
const someSubject = fc.constantFrom(
  'user:alice',
  'user:bob',
  'role:a',
  'role:b',
  'role:c',
  'role:d',
  'role:e',
  'client:ide',
);
const someServer = fc.constantFrom('ehr', 'files', '*', '*', '*', 'e*');
const someAction = fc.constantFrom('call', 'call', 'read', '*', '*', 'c*l');
const someObject = fc.constantFrom(
  'tool:get',
  'tool:get_a',
  'tool:get_*',
  'tool:*',
  'tool:*_a',
  'tool:g*t*a',
  'tool:ns/get',
  'tool:ns/*',
  'tool:**',
  'tool:**/get',
  '**',
  'prompt:x',
  'prompt:*',
  'resource:file:///d/x',
  'resource:file:///d/*',
  'resource:file:///**',
  'resource:file:///**/x',
  'resource:file:///*/y',
  'tool:**',
  '**',
  'tool:get*',
  'resource:**',
);

interface Case {
  readonly ours: string;
  readonly theirs: string;
}

const rule: fc.Arbitrary<Case> = fc
  .record({
    sub: someSubject,
    srv: someServer,
    obj: someObject,
    act: someAction,
    cond: fc.oneof({ weight: 5, arbitrary: fc.constant(ALWAYS) }, { weight: 2, arbitrary: condition }),
    eft: fc.constantFrom(...Array.from({ length: 23 }, () => 'allow'), 'deny'),
  })
  .map(({ sub, srv, obj, act, cond, eft }) => {
    const line = (text_: string): string => `p, ${sub}, ${srv}, ${obj}, ${act}, "${text_}", ${eft}`;
    return { ours: line(cond.ours), theirs: line(cond.theirs) };
  });

/** Upwards only, so without circles, and at most four deep: casbin stops at ten. */
const grant: fc.Arbitrary<Case> = fc
  .constantFrom(
    'user:alice role:a',
    'user:bob role:b',
    'role:a role:b',
    'role:b role:c',
    'role:a role:d',
    'role:c role:e',
    'role:d role:e',
    'client:ide role:c',
  )
  .map((pair) => {
    const line = `g, ${pair.replace(' ', ', ')}`;
    return { ours: line, theirs: line };
  });

interface Request {
  readonly who: number;
  readonly server: string;
  readonly object: string;
  readonly action: string;
  readonly args: JsonObject;
}

const PRINCIPALS: readonly Principal[] = [[], ['a'], ['b'], ['c', 'd'], ['d', 'a', 'b']]
  .flatMap((roles) => [
    { subject: 'alice', roles },
    { subject: 'bob', roles, client: 'ide' },
    { subject: 'eve', roles, client: 'cli' },
  ])
  .map((over) => principal({ ...over, claims: { n: 1, s: 'a', l: ['a', 'alice'] } }));

const request: fc.Arbitrary<Request> = fc.record({
  who: fc.nat(PRINCIPALS.length - 1),
  server: fc.constantFrom('ehr', 'ehr', 'ehr', 'files', 'files', 'e'),
  object: fc.constantFrom(
    'tool:get',
    'tool:get_a',
    'tool:get_',
    'tool:gota',
    'tool:ns/get',
    'tool:ns/a/get',
    'tool:other',
    'tool:Get',
    'prompt:x',
    'resource:file:///d/x',
    'resource:file:///d/y',
    'resource:file:///e/f/x',
    'resource:file:///x',
  ),
  action: fc.constantFrom('call', 'call', 'read'),
  args: fc.record({
    n: fc.constantFrom(0, 1, 2),
    m: fc.constantFrom(0, 1, 2),
    s: fc.constantFrom('a', 'b', 'c'),
    t: fc.constantFrom('a', 'b'),
    flag: fc.boolean(),
  }),
});

const globs = new Map<string, RegExp>();
function covers(pattern: string, name: string): boolean {
  let regex = globs.get(pattern);
  if (regex === undefined) globs.set(pattern, (regex = regexOf(pattern)));
  return regex.test(name);
}

async function oracleOf(rules: readonly string[]): Promise<Enforcer> {
  // Each principal as a subject that has its own names as roles: casbin's role manager does the rest.
  const names = PRINCIPALS.flatMap(({ subject, roles, client }, i) =>
    [
      `user:${subject}`,
      ...roles.map((role) => `role:${role}`),
      ...(client === undefined ? [] : [`client:${client}`]),
    ].map((name) => `g, principal:${i}, ${name}`),
  );
  const enforcer = await newEnforcer(
    newModelFromString(ORACLE),
    new StringAdapter([...rules, ...names].join('\n')),
  );
  await enforcer.addFunction('server', (name: string, pattern: string) => covers(pattern, name));
  await enforcer.addFunction('object', (name: string, pattern: string) => {
    const [kind, rest] = [pattern.slice(0, pattern.indexOf(':')), pattern.slice(pattern.indexOf(':') + 1)];
    return pattern === '**' || (name.startsWith(`${kind}:`) && covers(rest, name.slice(kind.length + 1)));
  });
  return enforcer;
}

describe('the compiled index', () => {
  it('decides as casbin does, in 100,000 balanced random cases', { timeout: 120_000 }, async () => {
    const count = { permit: 0, deny: 0 };
    const policy = fc.tuple(
      fc.array(rule, { minLength: 10, maxLength: 28 }),
      fc.array(grant, { maxLength: 6 }),
      fc.array(request, { minLength: REQUESTS, maxLength: REQUESTS }),
    );
    for (let seed = 1; count.permit < EACH || count.deny < EACH; seed += 1) {
      for (const [rules, grants, requests] of fc.sample(policy, { numRuns: 100, seed })) {
        const lines = [...rules, ...grants];
        const rbac = rbacOf(lines.map(({ ours }) => ours).join('\n'));
        const oracle = await oracleOf(lines.map((line) => line.theirs));
        for (const { who, server, object, action, args } of requests) {
          const caller = PRINCIPALS[who] as Principal;
          const asked = { principal: caller, server, object, action, args };
          const { effect } = rbac.decide(asked);
          const expected = oracle.enforceSync(`principal:${who}`, server, object, action, args, caller);
          count[effect] += 1;
          // What is permitted is also shown in lists.
          if ((effect === 'permit') !== expected || (effect === 'permit' && !rbac.couldPermit(asked))) {
            throw new Error(JSON.stringify({ expected, effect, asked, lines }, undefined, 1));
          }
        }
      }
    }
    const total = count.permit + count.deny;
    expect(total).toBeGreaterThanOrEqual(100_000);
    expect(count.permit / total).toBeGreaterThan(0.4);
    expect(count.permit / total).toBeLessThan(0.6);
  });

  it('explains what it decides: the rule, and every rule that names the principal', () => {
    const policy = fc.tuple(
      fc.array(rule, { minLength: 1, maxLength: 12 }),
      fc.array(grant, { maxLength: 6 }),
      request,
    );
    fc.assert(
      fc.property(policy, ([rules, grants, { who, server, object, action, args }]) => {
        const rbac = rbacOf([...rules, ...grants].map(({ ours }) => ours).join('\n'));
        const asked = { principal: PRINCIPALS[who] as Principal, server, object, action, args };
        const explanation = rbac.explain(asked);
        const applying = explanation.rules.filter(({ applies }) => applies);
        const deciding = applying.find(({ effect }) => effect === 'deny') ?? applying[0];
        expect(explanation.decision).toEqual(rbac.decide(asked));
        expect(explanation.decision.at).toBe(deciding?.at);
        expect(explanation.decision.rule).toBe(deciding?.rule);
      }),
      { numRuns: 5000, seed: 9 },
    );
  });
});
