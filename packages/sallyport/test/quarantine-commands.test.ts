import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApprovableCall, asking, imposing, RestrictionFile } from '@sallyport/anomaly';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addQuarantineCommands } from '../src/cli/quarantine-commands.ts';
import { withoutColours } from './audit/journal-bench.ts';

const CALL: ApprovableCall = {
  subject: 'alice',
  server: 'ehr',
  method: 'tools/call',
  target: 'export',
  sha256: 'a'.repeat(64),
};

class Exited extends Error {
  readonly code: number;

  constructor(code: number) {
    super('exited');
    this.code = code;
  }
}

let folder: string;
let file: RestrictionFile;
let out: string;
let err: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarantine-'));
  file = new RestrictionFile({ folder });
  const take =
    (add: (text: string) => void) =>
    (text: unknown, ...rest: unknown[]): boolean => {
      add(String(text));
      for (const done of rest) if (typeof done === 'function') (done as () => void)();
      return true;
    };
  vi.spyOn(process.stdout, 'write').mockImplementation(take((text) => (out += text)));
  vi.spyOn(process.stderr, 'write').mockImplementation(take((text) => (err += text)));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exited(Number(code));
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  rmSync(folder, { recursive: true, force: true });
});

/** The exit code of a command line. */
async function exitOf(...args: readonly string[]): Promise<number> {
  out = err = '';
  const program = new Command('sallyport');
  addQuarantineCommands(program);
  try {
    await program.parseAsync(['quarantine', ...args], { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    if (error instanceof Exited) return error.code;
    throw error;
  } finally {
    // Each command listens until its process ends; here they share one.
    for (const stream of [process.stdout, process.stderr]) forgetListeners(stream);
  }
}

function forgetListeners(stream: NodeJS.WriteStream): void {
  for (const listener of stream.listeners('error').slice(1)) stream.off('error', listener as () => void);
}

/** What a command prints that is done, in the folder of the test. */
async function done(...args: readonly string[]): Promise<string> {
  expect(await exitOf(...args, '--folder', folder)).toBe(0);
  expect(err).toBe('');
  return withoutColours(out);
}

async function asked(over: Partial<ApprovableCall> = {}): Promise<string> {
  const { result } = await file.update(asking({ ...CALL, ...over }));
  return result === 'approved' ? result : result.id;
}

describe('quarantine', () => {
  test('adds, lists and lifts', async () => {
    expect(await done('list')).toBe('Nothing is restricted.\n');
    const added = await done('add', '--subject', 'alice', '--minutes', '240', '--reason', 'ticket 7');
    const [, id = ''] = /lift (\w{8})"/.exec(added) ?? [];
    expect(added).toMatch(/^Calls are refused: subject alice, until \d{4}-.*Z\.\n/);
    const [restriction] = (await file.read()).restrictions;
    expect(restriction).toMatchObject({
      id,
      kind: 'quarantine',
      of: { subject: 'alice' },
      reason: 'ticket 7',
    });
    expect(Date.parse(restriction?.until ?? '') - Date.parse(restriction?.since ?? '')).toBe(240 * 60_000);
    expect(await done('add', '--tool', 'ehr/file:///a/b', '--approval')).toContain(
      'Calls need approval: tool ehr/',
    );
    expect(await done('add', '--server', 'lab')).toContain('server lab');
    expect(await done('add', '--subject', 'alice')).toContain('(as they were before)');
    expect(await done('add', '--subject', 'alice', '--minutes', '500')).toContain('(prolonged)');
    const listed = await done('list');
    expect(listed).toMatch(/^id +kind +of +until +why\n/);
    expect(listed).toMatch(new RegExp(`${id} +quarantine +subject alice +\\S+Z +ticket 7\n`));
    expect(listed).toMatch(/approval +tool ehr\/file:\/\/\/a\/b /);
    expect(JSON.parse(await done('list', '--json'))).toEqual(await file.read());
    expect(await done('lift', id.toLowerCase())).toBe(`Lifted ${id}: subject alice.\n`);
    expect(await done('lift', '--all')).toMatch(/^Lifted \w{8}: tool .*\nLifted \w{8}: server lab\.\n$/);
    expect(await done('lift', '--all')).toBe('Nothing is restricted.\n');
  });

  test('approves once, or any, for as long as it is told, and denies', async () => {
    await file.update(imposing({ kind: 'approval', of: { server: 'ehr' }, minutes: 60 }));
    const id = await asked();
    const listed = await done('list');
    expect(listed).toContain('Waiting for "sallyport quarantine approve ID"');
    expect(listed).toMatch(new RegExp(`${id} +alice: tools/call ehr/export +\\S+Z +a{16}\n`));
    expect(await done('approve', id)).toContain(`Approved ${id}: alice: tools/call ehr/export, once`);
    expect(await done('list')).toMatch(/Approved\nid .*\n.* once\n$/);
    const [approval] = (await file.read()).approvals;
    expect(Date.parse(approval?.until ?? '') - Date.now()).toBeGreaterThan(14 * 60_000);
    expect(Date.parse(approval?.until ?? '') - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(await asked()).toBe('approved');
    const next = await asked();
    expect(await done('approve', next, '--any', '--minutes', '60')).toContain('with any arguments');
    expect(await asked({ sha256: 'b'.repeat(64) })).toBe('approved');
    expect(await done('deny', next)).toBe(`Denied ${next}: alice: tools/call ehr/export.\n`);
    const last = await asked();
    expect(await done('deny', last)).toContain(`Denied ${last}`);
    expect((await file.read()).requests).toEqual([]);
  });

  test.each([
    ['lift', '00000000'],
    ['approve', '00000000'],
    ['deny', '00000000'],
  ])('says 1 where nothing has the id: %s', async (...args) => {
    expect(await exitOf(...args, '--folder', folder)).toBe(1);
    expect(err).toContain('00000000');
  });

  test('lifts those that there are, and says 1 for the other', async () => {
    const { result } = await file.update(imposing({ kind: 'quarantine', of: { server: 'ehr' }, minutes: 9 }));
    const { id } = result.restriction;
    expect(await exitOf('lift', id, '00000000', '--folder', folder)).toBe(1);
    expect(out).toContain(`Lifted ${id}`);
    expect((await file.read()).restrictions).toEqual([]);
  });

  test.each([
    [['add'], 'say what'],
    [['add', '--subject', 'alice', '--server', 'ehr'], 'say what'],
    [['add', '--subject', ''], 'say what'],
    [['add', '--tool', 'export'], 'SERVER/TOOL'],
    [['add', '--tool', 'ehr/'], 'SERVER/TOOL'],
    [['add', '--subject', 'alice', '--minutes', '0'], 'from 1 to 10080'],
    [['add', '--subject', 'alice', '--minutes', '10081'], 'from 1 to 10080'],
    [['add', '--subject', 'alice', '--minutes', '1e3'], 'from 1 to 10080'],
    [['add', '--subject', 'alice', '--reason', 'x'.repeat(501)], '500'],
    [['lift'], 'say which'],
    [['lift', '7KQ2M9XA', '--all'], 'say which'],
    [['lift', 'alice'], 'no id'],
    [['approve', 'x'], 'no id'],
    [['approve'], 'missing required argument'],
    [['deny', '7KQ2M9X'], 'no id'],
    [['list', '--policy', 'other.yaml'], 'not both'],
    [['list', '--xml'], 'unknown option'],
  ])('says 2 and what to write for %j', async (args, message) => {
    expect(await exitOf(...args, '--folder', folder)).toBe(2);
    expect(err).toContain(message);
    expect(await file.read()).toEqual({ restrictions: [], requests: [], approvals: [] });
  });

  test('says 2 for a folder that is not there, and does not make it', async () => {
    const missing = join(folder, 'missing');
    expect(await exitOf('add', '--subject', 'alice', '--folder', missing)).toBe(2);
    expect(err).toContain('there is no folder');
    expect(() => readFileSync(join(missing, 'restrictions.json'))).toThrow('ENOENT');
  });

  test('says 2 for restrictions that are damaged, and leaves them as they are', async () => {
    writeFileSync(file.path, '{');
    for (const args of [['list'], ['add', '--server', 'ehr'], ['lift', '--all'], ['approve', '00000000']]) {
      expect(await exitOf(...args, '--folder', folder)).toBe(2);
      expect(err).toContain('is damaged');
    }
    expect(readFileSync(file.path, 'utf8')).toBe('{');
  });

  test('shows nothing of a record that moves the cursor', async () => {
    const name = 'alice\u001B[2J\nroot';
    await file.update(imposing({ kind: 'quarantine', of: { subject: name }, minutes: 9, reason: name }));
    await asked({ subject: name, target: `x${name}` });
    const shown = [await done('list'), await done('list', '--json'), await done('lift', '--all')].join('');
    expect(shown).not.toContain('\u001B[2J');
    expect(shown).not.toContain('\nroot');
    expect(shown).toContain('alice');
  });
});

describe('quarantine with a policy', () => {
  const policyFile = (text: string): string => {
    const path = join(folder, 'sallyport.yaml');
    writeFileSync(path, `version: 1\nauthorization: { rules: 'p, role:nurse, *, tool:*, call' }\n${text}`);
    return path;
  };

  test('uses the folder that it names, which need not be there yet', async () => {
    const path = policyFile(
      'audit: { journal: { folder: ./audit, key: env:AUDIT_KEY } }\nalerts: { folder: ./alerts }\n',
    );
    expect(await exitOf('add', '--subject', 'alice', '--policy', path)).toBe(0);
    const { restrictions } = await new RestrictionFile({ folder: join(folder, 'alerts') }).read();
    expect(restrictions).toMatchObject([{ of: { subject: 'alice' } }]);
  });

  test('says 2 where it names none, or cannot be read', async () => {
    expect(await exitOf('list', '--policy', policyFile(''))).toBe(2);
    expect(err).toContain('alerts');
    mkdirSync(join(folder, 'none'));
    expect(await exitOf('list', '--policy', join(folder, 'none', 'sallyport.yaml'))).toBe(2);
  });
});
