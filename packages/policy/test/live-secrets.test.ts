import { rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { LiveGuard } from '@sallyport/policy';
import { Keystore } from '@sallyport/secrets';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemorySink } from '../../../test/support/memory-sink.ts';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const RULES = `version: 1
authorization:
  rules: |
    p, role:reader, *, tool:x, call, , allow
`;
const SECRET = 'correct-horse-battery-staple';

describe('the secrets of a guard', () => {
  let folder: PolicyFolder;
  let sink: MemorySink;
  let log: string[];
  let guard: LiveGuard;
  beforeEach(() => {
    folder = new PolicyFolder();
    sink = new MemorySink();
    log = [];
  });
  afterEach(async () => {
    await guard.close();
    folder.dispose();
  });

  const start = async (secrets: string, env: Record<string, string> = {}): Promise<void> => {
    folder.write('sallyport.yaml', RULES + secrets);
    guard = await LiveGuard.start({ path: folder.path, sink, env, log: ({ message }) => log.push(message) });
  };
  const value = async (reference: string | readonly string[]): Promise<string> =>
    (await guard.secrets.get(reference)).reveal();
  const events = (): string[] =>
    sink.records.flatMap((record) => (record.type === 'event' ? [record.event] : []));

  it('come by reference, by a name of the policy, or from the first of a list', async () => {
    await start(`secrets: { names: { github: [env:GH_TOKEN, 'literal:none'] } }\n`, { GH_TOKEN: SECRET });
    expect(await value('github')).toBe(SECRET);
    expect(await value('env:GH_TOKEN')).toBe(SECRET);
    expect(await value(['env:NOT_SET', 'env:GH_TOKEN'])).toBe(SECRET);
    // The last is the first of the list, which has no value.
    expect(events()).toEqual(['start', 'secret_resolved', 'secret_failed']);
  });

  it('come from the keystore beside the policy, unlocked as the policy says', async () => {
    const passphrase = new Secret('a long passphrase');
    const keystore = await Keystore.open(`${folder.directory}/sallyport.keystore`, passphrase, {
      create: true,
    });
    await keystore.set('api-key', SECRET);
    await start(`secrets: { providers: { keystore: { passphrase: [env:OTHER, env:PASS] } } }\n`, {
      PASS: 'a long passphrase',
    });
    expect(await value('keystore:api-key')).toBe(SECRET);
    await expect(guard.secrets.get('keystore:other')).rejects.toThrow(/keystore:other/);
  });

  it('say what is missing when nobody says the passphrase', async () => {
    const passphrase = new Secret('a long passphrase');
    const file = `${folder.directory}/sallyport.keystore`;
    await (await Keystore.open(file, passphrase, { create: true })).set('api-key', SECRET);
    await start('');
    await expect(guard.secrets.get('keystore:api-key')).rejects.toThrow(/SALLYPORT_KEYSTORE_PASSPHRASE/);
  });

  it('never go on to a default because nobody says the passphrase', async () => {
    const file = `${folder.directory}/sallyport.keystore`;
    const passphrase = new Secret('a long passphrase');
    await (await Keystore.open(file, passphrase, { create: true })).set('api-key', SECRET);
    await start(`secrets: { providers: { keystore: { passphrase: env:NOT_SET } } }\n`);
    await expect(guard.secrets.get(['keystore:api-key', 'literal:none'])).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringContaining('env:NOT_SET'),
    });
  });

  it('are not watched, and do no harm, where a reference is none', async () => {
    await start('');
    guard.secrets.watch('no-such-name', () => undefined);
    guard.secrets.watch('vault://kv/app#key', () => undefined);
    await vi.waitFor(() => expect(log.filter((line) => line.startsWith('not watched: '))).toHaveLength(2));
  });

  it('are told to whoever watches also when the new place has none at first', async () => {
    const file = `${folder.directory}/key`;
    await start('secrets: { names: { key: env:KEY } }\n', { KEY: 'first-value' });
    const told = vi.fn<(value: string) => void>();
    guard.secrets.watch('key', ({ secret }) => told(secret.reveal()));
    await value('key');
    folder.write('sallyport.yaml', `${RULES}secrets: { names: { key: 'file://${file}' } }\n`);
    expect(await guard.reload()).toBe(true);
    await expect(guard.secrets.get('key')).rejects.toMatchObject({ code: 'not_found' });
    writeFileSync(file, 'second-value');
    await vi.waitFor(() => expect(told).toHaveBeenCalledWith('second-value'), 15_000);
  });

  it('say what is wrong with a provider that the policy sets up wrongly', async () => {
    await start(
      `secrets: { providers: { vault: { address: 'http://vault.example', auth: { method: token, token: env:T } } } }\n`,
      { T: 's.1' },
    );
    await expect(guard.secrets.get('vault://kv/app#key')).rejects.toThrow(/plain http.*write https/);
  });

  it('are neither in a record nor in a log, whoever puts them there', async () => {
    await start('', { KEY: SECRET });
    await value('env:KEY');
    guard.report({ code: 'invalid_request', message: `saw ${SECRET}`, detail: SECRET } as never, {
      direction: 'inbound',
      server: 'default',
    });
    expect(events()).toContain('message_refused');
    expect(log.join('\n')).toContain('[secret]');
    const all =
      JSON.stringify(sink.records) + log.join('\n') + inspect(guard, { depth: 12, showHidden: true });
    expect(all).not.toContain(SECRET);
  });

  it('follow a policy that says otherwise, and whoever watches is told', async () => {
    const file = folder.write('key', 'second-value');
    await start('secrets: { names: { key: env:KEY } }\n', { KEY: 'first-value' });
    const told = vi.fn<(value: string) => void>();
    guard.secrets.watch('key', ({ secret }) => told(secret.reveal()));
    expect(await value('key')).toBe('first-value');
    folder.write('sallyport.yaml', `${RULES}secrets: { names: { key: 'file://${file}' } }\n`);
    expect(await guard.reload()).toBe(true);
    await vi.waitFor(() => expect(told).toHaveBeenCalledExactlyOnceWith('second-value'), 5000);
    expect(await value('key')).toBe('second-value');
    // The watch goes on, in the new place.
    writeFileSync(file, 'third-value');
    await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith('third-value'), 5000);
    expect(events()).toContain('secret_rotated');
  });

  it('are recorded and logged when they go away, and recorded once where a list goes on to its next', async () => {
    const file = folder.write('key', SECRET);
    await start('');
    expect(await value(['env:NOT_SET', `file://${file}`])).toBe(SECRET);
    expect(events().filter((event) => event === 'secret_failed')).toHaveLength(1);
    expect(log).toEqual([]);
    guard.secrets.watch(`file://${file}`, () => undefined);
    rmSync(file);
    await vi.waitFor(() => expect(log).toContain(`file://${file} cannot be read: not_found`), 5000);
    expect(events().filter((event) => event === 'secret_failed')).toHaveLength(2);
  });

  it('stay as they are when a reload says nothing new about them', async () => {
    await start('secrets: { names: { key: env:KEY } }\n', { KEY: SECRET });
    const told = vi.fn();
    guard.secrets.watch('key', told);
    await value('key');
    folder.write('sallyport.yaml', `# another comment\n${RULES}secrets: { names: { key: env:KEY } }\n`);
    expect(await guard.reload()).toBe(true);
    await value('key');
    expect(events().filter((event) => event === 'secret_resolved')).toHaveLength(1);
    expect(told).not.toHaveBeenCalled();
  });

  it('are not there after the guard is closed, also when nobody had asked for one before', async () => {
    await start('', { KEY: SECRET });
    await guard.close();
    await expect(guard.secrets.get('env:KEY')).rejects.toMatchObject({ code: 'closed' });
  });

  it('are gone when the guard is closed', async () => {
    await start('', { KEY: SECRET });
    await value('env:KEY');
    await guard.close();
    await expect(guard.secrets.get('env:KEY')).rejects.toMatchObject({ code: 'closed' });
  });
});
