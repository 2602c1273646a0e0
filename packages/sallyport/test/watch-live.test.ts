import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { LookoutStatus, RaisedAlert } from '@sallyport/anomaly';
import type { AlertFacts, OutcomeRecord } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertJson, alertText } from '../src/watch/live/alert-text.ts';
import { searchHint } from '../src/watch/live/search-hint.ts';
import { StatusLine } from '../src/watch/live/status-line.ts';
import { type Ended, JournalBench, outcome } from './audit/journal-bench.ts';

const COMMAND = new URL('watch-live-command.ts', import.meta.url).pathname;

const RULE = `title: A refusal
id: 7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a01
level: high
logsource: { product: sallyport, service: audit }
detection:
  selection: { status: refused }
  condition: selection
`;

let bench: JournalBench;
let running: ChildProcess[];
beforeEach(() => {
  bench = new JournalBench();
  bench.file('rule.yaml', RULE);
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  bench.dispose();
});

function start(...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@sallyport/source', '--import', import.meta.resolve('tsx'), COMMAND, 'watch', ...args],
    { cwd: bench.root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  running.push(child);
  return child;
}

async function run(...args: string[]): Promise<Ended> {
  const child = start(...args);
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const [out, err] = [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream)));
  return { code: await ended, out: (await out) ?? '', err: (await err) ?? '' };
}

/** Now, because what is old is not told. */
function refusal(id: string, over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  const refused = { status: 'refused', refusal: 'permission_denied', ...over } as const;
  return outcome(id, { time: new Date().toISOString(), ...refused });
}

const RULES = ['--rules', 'rule.yaml'];

const POLICY = `version: 1
authorization: { rules: 'p, user:alice, *, tool:*, call, , allow' }
audit: { journal: ./audit }
alerts:
  folder: ./alerts
  rules: [./rule.yaml]
  responses: [{ severity: high, quarantine: subject, minutes: 30 }]
  sinks: { copy: { type: file, file: ./alerts.jsonl, format: json } }
`;

describe('sallyport watch with a policy', () => {
  test('takes its rules, tells its sinks, and puts into quarantine whom it says, for the gateways of its folder', async () => {
    bench.file('sallyport.yaml', POLICY);
    await bench.write('audit/files/1', [refusal('r1')]);
    const { code, out } = await run('audit', '--policy', 'sallyport.yaml', '--once');
    expect(code).toBe(0);
    expect(out).toContain('A refusal');
    expect(readFileSync(join(bench.root, 'alerts.jsonl'), 'utf8')).toContain('"A refusal"');
    const { restrictions } = JSON.parse(
      readFileSync(join(bench.root, 'alerts/restrictions.json'), 'utf8'),
    ) as { restrictions: readonly unknown[] };
    expect(restrictions).toMatchObject([{ kind: 'quarantine', of: { subject: 'alice' } }]);
  });

  test('says what to write in a policy that has no alerts, and which options do not go with one', async () => {
    bench.file('sallyport.yaml', POLICY.slice(0, POLICY.indexOf('alerts:')));
    await bench.write('audit/files/1', [refusal('r1')]);
    const none = await run('audit', '--policy', 'sallyport.yaml', '--once');
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('add "alerts: {}"')]);
    const both = await run('audit', '--policy', 'sallyport.yaml', '--state', 'x', '--once');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('leave out --state')]);
  });
});

describe('sallyport watch', () => {
  test('reads to the end once, tells what is odd with the way to its records, and goes on there the next time', async () => {
    await bench.write('audit/files/0', [refusal('r1'), outcome('r2')]);
    const first = await run('audit', ...RULES, '--once', '--fail-on', 'high');
    expect(first.err).toBe('');
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/^20\d\d-\S+Z {2}high .+A refusal/m);
    expect(first.out).toMatch(/about {5}alice on files\/read_file/);
    expect(first.out).toMatch(
      /records {3}sallyport audit search audit --subject alice --server files --since 20/,
    );
    expect(statSync(bench.path('audit/.watch/watch.json')).mode & 0o777).toBe(0o600);
    const second = await run('audit', ...RULES, '--once', '--fail-on', 'high');
    expect(second).toEqual({ code: 0, out: '', err: '' });
    await bench.write('audit/files/0', [refusal('r3')]);
    const third = await run('audit', ...RULES, '--once', '--fail-on', 'critical', '--json');
    expect(third.code).toBe(0);
    expect(JSON.parse(third.out)).toMatchObject({ records: ['r3'], journal: 'files/0', severity: 'high' });
  });

  test('tells what is added while it watches, until Ctrl-C, and one that stands by does not', async () => {
    const journal = await bench.open('audit/files/0');
    await journal.append(outcome('r0'), { durable: true });
    const watching = start('audit', ...RULES, '--json', '--state', 'state');
    let out = '';
    watching.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await until(() => existsSync(bench.path('state/watch.json')));
    const other = start('audit', ...RULES, '--json', '--state', 'state');
    let [otherOut, otherErr] = ['', ''];
    other.stdout?.on('data', (chunk: Buffer) => (otherOut += chunk.toString()));
    other.stderr?.on('data', (chunk: Buffer) => (otherErr += chunk.toString()));
    await until(() => otherErr.includes('standing by'));
    await journal.append(refusal('r1'), { durable: true });
    await until(() => out.endsWith('\n'));
    expect(JSON.parse(out)).toMatchObject({ records: ['r1'], fate: 'told' });
    const ended = new Promise<number | null>((done) => watching.on('close', done));
    watching.kill('SIGINT');
    expect(await ended).toBe(0);
    await until(() => otherErr.includes('watching'));
    await journal.append(refusal('r2'), { durable: true });
    await until(() => otherOut.endsWith('\n'));
    expect(JSON.parse(otherOut)).toMatchObject({ records: ['r2'] });
    await journal.close();
  });

  test('refuses what it cannot do, in words', async () => {
    await bench.write('audit', [outcome('r1')]);
    bench.file('bad.yaml', 'title: x\n');
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['nowhere'], /nowhere: there is no such folder/],
      [['audit', '--fail-on', 'high'], /--fail-on belongs to --once/],
      [['audit', '--since', '2h'], /leave out --since: they belong to --replay/],
      [['audit', '--replay', '--from-now'], /leave out --from-now: --replay reads what is there/],
      [['audit', '--rules', 'missing.yaml'], /the rules cannot all be read/],
    ];
    for (const [args, words] of cases) {
      const { code, err } = await run(...args);
      expect(err).toMatch(words);
      expect(code).toBe(2);
    }
    expect(existsSync(bench.path('nowhere'))).toBe(false);
    const { code, err } = await run('audit', '--rules', 'bad.yaml', '--once');
    expect(err).toContain('bad.yaml:1:1 error');
    expect(code).toBe(0);
  }, 60_000);

  test('says what it could not read, and watches the rest', async () => {
    await bench.write('audit/a/0', [refusal('r1')]);
    mkdirSync(bench.path('audit/b/0/0000000000000000.journal'), { recursive: true });
    const { code, out, err } = await run('audit', ...RULES, '--once');
    expect(out).toContain('A refusal');
    expect(err).toContain('b/0 cannot be read (irregular)');
    expect(code).toBe(3);
  });

  test('says that another process watches, where it is to read once', async () => {
    const journal = await bench.open('audit');
    start('audit', ...RULES);
    await until(() => existsSync(bench.path('audit/.watch/watch.json')));
    const { code, err } = await run('audit', ...RULES, '--once');
    expect(err).toMatch(
      /another process watches with this state; stop it, or name another folder with --state/,
    );
    expect(code).toBe(2);
    await journal.close();
  });

  test('raises again what nobody read, for the next one', async () => {
    await bench.write('audit', [refusal('r1')]);
    const unread = start('audit', ...RULES, '--json', '--once');
    unread.stdout?.destroy();
    expect(await new Promise((done) => unread.on('close', done))).toBe(141);
    const { out } = await run('audit', ...RULES, '--json', '--once');
    expect(JSON.parse(out)).toMatchObject({ records: ['r1'] });
    rmSync(bench.path('audit/.watch'), { recursive: true });
  });

  test('learns anew from a state that is damaged, and says where the old one is', async () => {
    await bench.write('audit', [refusal('r1')]);
    await run('audit', ...RULES, '--once');
    writeFileSync(bench.path('audit/.watch/watch.json'), '{');
    const { code, out, err } = await run('audit', ...RULES, '--once');
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/what was learned cannot be used .+ in watch\.json\.damaged-20/);
    expect(readFileSync(join(bench.path('audit/.watch'), 'watch.json'), 'utf8')).toContain(
      'sallyport-lookout',
    );
  });
});

/** What moves the cursor, ends a line or turns the direction of writing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const ALERT: AlertFacts = {
  id: uuidOf('2026-01-05T08:00:00.000Z'),
  time: '2026-01-05T08:00:00.000Z',
  server: "fi'les",
  title: 'A \u001b[31mtitle\nwith more',
  severity: 'critical',
  rule: { id: 'r\u202e', name: 'name\r' },
  method: 'rule',
  subject: '$(rm -rf)\u001b]0;x\u0007',
  target: 'tool\u2028',
  records: [uuidOf('2026-01-05T07:30:00.000Z')],
  quarantined: false,
};

describe('an alert on a terminal', () => {
  test('has nothing in it that a terminal or a shell would obey', () => {
    const raised: RaisedAlert = { alert: ALERT, fate: 'told', notices: [] };
    const shown = stripVTControlCharacters(alertText(raised, './audit'));
    expect(shown.replaceAll('\n', '')).not.toMatch(HIDDEN);
    expect(shown.split('\n')).toHaveLength(4);
    expect(shown).toContain(`--subject '$(rm -rf)`);
    expect(shown).toContain(`--server 'fi'\\''les'`);
    expect(alertJson(raised)).not.toMatch(HIDDEN);
    expect(JSON.parse(alertJson(raised))).toMatchObject(ALERT);
  });

  test('shows the way to its records from the time of the oldest one on', () => {
    const hint = searchHint({ ...ALERT, subject: '-x', server: '' }, 'audit');
    const since = '2026-01-05T07:30:00.000Z';
    expect(hint).toBe(`sallyport audit search audit --subject '-x' --since ${since} --until ${ALERT.time}`);
    expect(searchHint({ ...ALERT, records: ['r1'] }, 'a b')).toContain(`'a b'`);
    expect(searchHint({ ...ALERT, records: ['r1'] }, 'a')).toContain('--since 2026-01-05T07:00:00.000Z');
  });
});

describe('the status line', () => {
  const status: LookoutStatus = {
    state: 'watching',
    records: 12_345,
    alerts: 1,
    journals: 3,
    caughtUp: true,
    pending: 0,
  };

  test('says on a terminal how much was seen and how fast, and goes away for what is written', () => {
    const written: string[] = [];
    let now = 0;
    const line = new StatusLine({ isTTY: true, columns: 70, write: (text) => written.push(text) }, () => now);
    now = 1000;
    line.show(status);
    expect(stripVTControlCharacters(written.join('')).trim()).toBe(
      'watching 3 journals  12,345 records seen, 12,345/s  1 alert',
    );
    line.clear();
    line.clear();
    expect(written).toHaveLength(2);
    line.show({ ...status, state: 'standby' });
    expect(written[2]).toContain('standing by');
    line.end();
  });

  test('is not shown where there is no terminal', () => {
    const written: string[] = [];
    const line = new StatusLine({ write: (text) => written.push(text) });
    line.begin(() => status);
    line.show(status);
    line.end();
    expect(written).toEqual([]);
  });
});

function uuidOf(time: string): string {
  const ms = Date.parse(time).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000001`;
}

async function until(said: () => boolean): Promise<void> {
  for (let tries = 0; !said(); tries += 1) {
    if (tries > 800) throw new Error('It was not said.');
    await sleep(25);
  }
}
