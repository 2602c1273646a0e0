import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Principal } from '@sallyport/core';
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

interface Setting {
  readonly rules: number;
  readonly user: string;
  readonly allowed: string;
  readonly denied: string;
}

/** Ten tools for each team; the caller is in the team in the middle. */
function settingOf(rules: number): Setting {
  const team = Math.floor(rules / 20);
  return { rules, user: `u${team}`, allowed: `get_${team * 10 + 5}`, denied: `drop_${team}` };
}

function csvOf(rules: number): string {
  const lines: string[] = [];
  for (let i = 0; i < rules; i += 1)
    lines.push(`p, role:team_${Math.floor(i / 10)}, ehr, tool:get_${i}, call`);
  for (let team = 0; team < Math.max(1, rules / 10); team += 1)
    lines.push(`g, user:u${team}, role:team_${team}`);
  return lines.join('\n');
}

/** A decision about one tool. */
type Ask = (tool: string) => boolean;

function ours({ rules, user }: Setting): Ask {
  const { rbac } = compileRbac({ policy: { file: 'bench.csv', text: csvOf(rules) } });
  if (rbac === undefined) throw new Error('The policy of the benchmark has problems.');
  const principal: Principal = { subject: user, roles: [], claims: {}, method: 'token' };
  // The object is put together for every call, as `authorize` does.
  return (tool) =>
    rbac.decide({ principal, server: 'ehr', object: `tool:${tool}`, action: 'call', args: {} }).effect ===
    'permit';
}

async function casbinOf({ rules, user }: Setting): Promise<Ask> {
  const model = newModelFromString(CASBIN_MODEL);
  const enforcer: Enforcer = await newEnforcer(model, new StringAdapter(csvOf(rules)));
  return (tool) => enforcer.enforceSync(`user:${user}`, 'ehr', `tool:${tool}`, 'call');
}

function cedarOf({ rules, user }: Setting): Ask {
  const policies: string[] = [];
  for (let i = 0; i < rules; i += 1) {
    policies.push(
      `permit(principal in Role::"team_${Math.floor(i / 10)}", action == Action::"call", resource == Tool::"get_${i}");`,
    );
  }
  const parsed = cedar.preparsePolicySet('bench', { staticPolicies: policies.join('\n') });
  if (parsed.type !== 'success') throw new Error('Cedar does not read the policies of the benchmark.');
  const role = { type: 'Role', id: `team_${user.slice(1)}` };
  const entities = [
    { uid: { type: 'User', id: user }, attrs: {}, parents: [role] },
    { uid: role, attrs: {}, parents: [] },
  ];
  return (tool) => {
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

/** Microseconds for one decision. */
function time(ask: Ask, tool: string, expected: boolean, repetitions: number): number {
  let right = 0;
  const start = performance.now();
  for (let i = 0; i < repetitions; i += 1) if (ask(tool) === expected) right += 1;
  const spent = performance.now() - start;
  if (right !== repetitions) throw new Error(`A decision of the benchmark was wrong: ${tool}.`);
  return (spent * 1000) / repetitions;
}

interface Side {
  readonly ask: Ask;
  readonly repetitions: number;
}

/** A B A B; the medians of both. */
function interleave(
  a: Side,
  b: Side,
  tool: string,
  expected: boolean,
  rounds: number,
): readonly [number, number] {
  const times: [number[], number[]] = [[], []];
  for (const side of [a, b]) time(side.ask, tool, expected, side.repetitions);
  for (let i = 0; i < rounds; i += 1) {
    times[0].push(time(a.ask, tool, expected, a.repetitions));
    times[1].push(time(b.ask, tool, expected, b.repetitions));
  }
  return [median(times[0]), median(times[1])];
}

/** P3: one rbac decision at 10, 1,000 and 100,000 rules, allowed and denied. */
export async function p3(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const rules of [10, 1_000, 100_000]) {
    const setting = settingOf(rules);
    const our: Side = { ask: ours(setting), repetitions: 100_000 };
    const casbin: Side = {
      ask: await casbinOf(setting),
      repetitions: rules > 10_000 ? 1 : rules > 100 ? 100 : 2_000,
    };
    const rounds = rules > 10_000 ? 3 : ROUNDS;
    for (const [word, tool, expected] of [
      ['allowed', setting.allowed, true],
      ['denied', setting.denied, false],
    ] as const) {
      const [value, peerValue] = interleave(our, casbin, tool, expected, rounds);
      const ratio = peerValue / value;
      const isRatioBar = rules === 1_000 && !expected;
      rows.push({
        id: 'P3',
        metric: `${word} decision, ${rules.toLocaleString('en')} rules`,
        value,
        unit: 'us',
        peer: 'casbin enforceSync',
        peerValue,
        ratio,
        bar: isRatioBar ? `<= ${BAR_US} us, ratio >= ${BAR_RATIO}` : `<= ${BAR_US} us`,
        holds: value <= BAR_US && (!isRatioBar || ratio >= BAR_RATIO),
      });
    }
    if (rules !== 1_000) continue;
    const [value, peerValue] = interleave(
      our,
      { ask: cedarOf(setting), repetitions: 20 },
      setting.denied,
      false,
      ROUNDS,
    );
    rows.push({
      id: 'P3',
      metric: 'denied decision, 1,000 rules',
      value,
      unit: 'us',
      peer: 'cedar-wasm, preparsed',
      peerValue,
      ratio: peerValue / value,
      bar: `<= ${BAR_US} us`,
      holds: value <= BAR_US,
    });
  }
  return rows;
}
