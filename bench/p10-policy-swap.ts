import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveGuard } from '@sallyport/policy';
import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { median, type Row } from './row.ts';

const RULES = 100_000;

const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`;

/** P10: exchanging a policy of 100,000 rules while decisions go on. */
export async function p10(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-p10-'));
  try {
    const file = join(directory, 'sallyport.yaml');
    const csv = join(directory, 'rules.csv');
    writeFileSync(file, 'version: 1\nauthorization: { policy: rules.csv }\naudit: { file: ./audit.jsonl }\n');
    writeFileSync(csv, rules('before'));
    const guard = await LiveGuard.start({ path: file, env: {} });
    let worst = 0;
    let wrong = 0;
    let decisions = 0;
    for (let swap = 0; swap < 5; swap += 1) {
      const next = swap % 2 === 0 ? 'after' : 'before';
      const last = swap % 2 === 0 ? 'before' : 'after';
      writeFileSync(csv, rules(next));
      const stop = watchLoop((pause) => (worst = Math.max(worst, pause)));
      const reloaded = guard.reload();
      let running = true;
      void reloaded.then(() => (running = false));
      while (running) {
        // Whatever is in force, exactly one of the two generations of rules may answer yes.
        const [old, fresh] = [last, next].map((generation) => permits(guard, generation));
        if (old === fresh) wrong += 1;
        decisions += 2;
        await new Promise((resolve) => setImmediate(resolve));
      }
      stop();
      if (permits(guard, last) || !permits(guard, next)) wrong += 1;
    }
    await guard.close();
    const theirs = await casbinLoad();
    return [
      {
        id: 'P10',
        metric: 'policy swap, 100,000 rules: longest time that the event loop was blocked',
        value: worst,
        unit: 'ms',
        peer: 'casbin loadPolicy',
        peerValue: theirs,
        ratio: worst / theirs,
        bar: 'value <= 20 ms',
        holds: worst <= 20,
      },
      {
        id: 'P10',
        metric: `policy swap: wrong decisions, of ${decisions}`,
        value: wrong,
        unit: 'decisions',
        peer: 'none may be wrong',
        peerValue: 0,
        ratio: 1,
        bar: 'value = 0',
        holds: wrong === 0,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function permits({ policy: { rbac } }: LiveGuard, generation: string): boolean {
  const principal = { subject: generation, roles: [], claims: {}, method: 'custom' } as const;
  const question = { principal, server: 'default', object: `tool:t${RULES - 1}`, action: 'call', args: {} };
  return rbac.decide(question).effect === 'permit';
}

function rules(generation: string): string {
  let text = '';
  for (let i = 0; i < RULES; i += 1) text += `p, user:${generation}, *, tool:t${i}, call, , allow\n`;
  return text;
}

/** Tells how much later than expected each turn of the event loop came, in milliseconds. */
function watchLoop(told: (pause: number) => unknown): () => void {
  let before = performance.now();
  let going = true;
  const turn = (): void => {
    // What comes after the end is not part of what is measured.
    if (!going) return;
    const now = performance.now();
    told(now - before);
    before = now;
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => (going = false);
}

async function casbinLoad(): Promise<number> {
  let text = '';
  for (let i = 0; i < RULES; i += 1) text += `p, user${i % 1000}, t${i}, call\n`;
  const enforcer: Enforcer = await newEnforcer(newModelFromString(MODEL), new StringAdapter(text));
  const worst: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    let longest = 0;
    const stop = watchLoop((pause) => (longest = Math.max(longest, pause)));
    await new Promise((resolve) => setImmediate(resolve));
    await enforcer.loadPolicy();
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    worst.push(longest);
  }
  return median(worst);
}
