import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { ANONYMOUS, type Principal } from '@sallyport/core';
import { compileRbac } from '@sallyport/rbac';
import { median, type Row } from './row.ts';

const ROUNDS = 9;
const BAR_US = 1;
const BAR_RATIO = 500;

/** Exact names only and no conditions: what casbin and Cedar can express, at their fastest. */
const CASBIN_MODEL = `
[request_definition]
r = sub, srv, obj, act
[policy_definition]
p = sub, srv, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.srv == p.srv && r.obj == p.obj && r.act == p.act
`;

/** One who asks, with a tool of the own team and one of nobody's. */
interface Caller {
  readonly user: string;
  readonly allowed: string;
  readonly denied: string;
}

const CALLERS = 256;

/**
 * Ten tools for each team; the callers are spread over the whole policy, so that no cache holds all they
 * need.
 */
function callersOf(rules: number): readonly Caller[] {
  const teams = Math.max(1, rules / 10);
  return Array.from({ length: CALLERS }, (_, i) => {
    const team = (Math.floor(teams / 2) + i * 7919) % teams;
    return { user: `u${team}`, allowed: `get_${team * 10 + (i % 10)}`, denied: `drop_${i}` };
  });
}

function csvOf(rules: number): string {
  const lines: string[] = [];
  for (let i = 0; i < rules; i += 1)
    lines.push(`p, role:team_${Math.floor(i / 10)}, ehr, tool:get_${i}, call`);
  for (let team = 0; team < Math.max(1, rules / 10); team += 1)
    lines.push(`g, user:u${team}, role:team_${team}`);
  return lines.join('\n');
}

/** A decision about one caller and one tool. */
type Ask = (user: string, tool: string) => boolean;

function ours(rules: number): Ask {
  const { rbac } = compileRbac({ policy: { file: 'bench.csv', text: csvOf(rules) } });
  if (rbac === undefined) throw new Error('The policy of the benchmark has problems.');
  const principals = new Map<string, Principal>();
  for (const { user } of callersOf(rules)) {
    principals.set(user, { subject: user, roles: [], claims: {}, method: 'token' });
  }
  return (user, tool) => {
    const principal = principals.get(user) ?? ANONYMOUS;
    // The object is put together for every call, as `authorize` does.
    const request = { principal, server: 'ehr', object: `tool:${tool}`, action: 'call', args: {} };
    return rbac.decide(request).effect === 'permit';
  };
}

async function casbinOf(rules: number): Promise<Ask> {
  const model = newModelFromString(CASBIN_MODEL);
  const enforcer: Enforcer = await newEnforcer(model, new StringAdapter(csvOf(rules)));
  return (user, tool) => enforcer.enforceSync(`user:${user}`, 'ehr', `tool:${tool}`, 'call');
}

function cedarOf(rules: number): Ask {
  const policies: string[] = [];
  for (let i = 0; i < rules; i += 1) {
    policies.push(
      `permit(principal in Role::"team_${Math.floor(i / 10)}", action == Action::"call", resource == Tool::"get_${i}");`,
    );
  }
  const parsed = cedar.preparsePolicySet('bench', { staticPolicies: policies.join('\n') });
  if (parsed.type !== 'success') throw new Error('Cedar does not read the policies of the benchmark.');
  return (user, tool) => {
    const role = { type: 'Role', id: `team_${user.slice(1)}` };
    const entities = [
      { uid: { type: 'User', id: user }, attrs: {}, parents: [role] },
      { uid: role, attrs: {}, parents: [] },
    ];
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'User', id: user },
      action: { type: 'Action', id: 'call' },
      resource: { type: 'Tool', id: tool },
      context: {},
      preparsedPolicySetId: 'bench',
      entities,
    });
    return answer.type === 'success' && answer.response.decision === 'allow';
  };
}

type Word = 'allowed' | 'denied';

/** Microseconds for one decision. */
function time({ ask, repetitions }: Side, callers: readonly Caller[], word: Word): number {
  let right = 0;
  const start = performance.now();
  for (let i = 0; i < repetitions; i += 1) {
    const caller = callers[i % CALLERS] as Caller;
    if (ask(caller.user, caller[word]) === (word === 'allowed')) right += 1;
  }
  const spent = performance.now() - start;
  if (right !== repetitions) throw new Error('A decision of the benchmark was wrong.');
  return (spent * 1000) / repetitions;
}

interface Side {
  readonly ask: Ask;
  readonly repetitions: number;
}

/** A B A B; the medians of both. */
function interleave(
  sides: readonly [Side, Side],
  callers: readonly Caller[],
  word: Word,
  rounds: number,
): readonly [number, number] {
  const times: readonly [number[], number[]] = [[], []];
  for (const side of sides) time(side, callers, word);
  for (let i = 0; i < rounds; i += 1) {
    times[0].push(time(sides[0], callers, word));
    times[1].push(time(sides[1], callers, word));
  }
  return [median(times[0]), median(times[1])];
}

/** P3: one rbac decision at 10, 1,000 and 100,000 rules, allowed and denied. */
export async function p3(): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (
    metric: string,
    peer: string,
    [value, peerValue]: readonly [number, number],
    least = 0,
  ): void => {
    const ratio = peerValue / value;
    const bar = `<= ${BAR_US} us${least === 0 ? '' : `, ratio >= ${least}`}`;
    const holds = value <= BAR_US && ratio >= least;
    rows.push({ id: 'P3', metric, value, unit: 'us', peer, peerValue, ratio, bar, holds });
  };
  for (const rules of [10, 1_000, 100_000]) {
    const callers = callersOf(rules);
    const own: Side = { ask: ours(rules), repetitions: 100_000 };
    // One decision of casbin's takes 150 ms at 100,000 rules.
    const [repetitions, rounds] = rules === 10 ? [2_000, ROUNDS] : rules === 1_000 ? [100, ROUNDS] : [1, 3];
    const casbin: Side = { ask: await casbinOf(rules), repetitions };
    for (const word of ['allowed', 'denied'] as const) {
      const metric = `${word} decision, ${rules.toLocaleString('en')} rules`;
      const least = rules === 1_000 && word === 'denied' ? BAR_RATIO : 0;
      add(metric, 'casbin enforceSync', interleave([own, casbin], callers, word, rounds), least);
      if (rules !== 1_000) continue;
      const preparsed: Side = { ask: cedarOf(rules), repetitions: 20 };
      add(metric, 'cedar-wasm, preparsed', interleave([own, preparsed], callers, word, ROUNDS));
    }
  }
  return rows;
}
