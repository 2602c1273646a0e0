import { inspect } from 'node:util';
import { RevealedSecrets } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { envProvider, type GetOptions, Secrets, type SecretProvider } from '../src/index.ts';
import { settled } from './support/fake-clock.ts';
import { ScriptedProvider } from './support/scripted-provider.ts';
import { failure, MINUTE, SecretsRig } from './support/secrets-rig.ts';

const APP = 'vault://kv/app';

describe('Secrets', () => {
  it('gives an opaque secret, whose value is remembered once it is revealed', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hunter2');
    const secret = await rig.secrets.get(APP);
    expect(`${String(secret)} ${JSON.stringify(secret)} ${inspect(secret)}`).not.toContain('hunter2');
    expect(rig.revealed.occursIn('hunter2')).toBe(false);
    expect(secret.reveal()).toBe('hunter2');
    expect(rig.revealed.occursIn('hunter2')).toBe(true);
  });

  it('does not take a literal for a secret, so that text which happens to hold it stays', async () => {
    const rig = new SecretsRig();
    expect(await rig.value('literal:anonymous')).toBe('anonymous');
    expect(rig.revealed.occursIn('anonymous')).toBe(false);
  });

  it('asks once, however often and however many ask', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hunter2');
    const all = await Promise.all(Array.from({ length: 1_000 }, () => rig.secrets.get(APP)));
    expect(new Set(all).size).toBe(1);
    expect(await rig.value(APP)).toBe('hunter2');
    expect(rig.vault.readsOf('kv/app')).toBe(1);
  });

  it('gives the very same promise while a value is fresh', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hunter2');
    await rig.secrets.get(APP);
    expect(rig.secrets.get(APP)).toBe(rig.secrets.get(APP));
    const list = ['vault://kv/none', APP];
    await rig.secrets.get(list);
    expect(rig.secrets.get(list)).toBe(rig.secrets.get(APP));
    expect(rig.secrets.get([...list])).toBe(rig.secrets.get(APP));
  });

  it('reads `#field` and `?version` as references of their own', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hunter2');
    await Promise.all([APP, `${APP}#a`, `${APP}?version=2`].map((text) => rig.secrets.get(text)));
    expect(rig.vault.readsOf('kv/app')).toBe(3);
  });

  describe('with a list', () => {
    it('takes the first that has a value, and does not ask further', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', 'from-b');
      rig.vault.answer('kv/c', 'from-c');
      expect(await rig.value(['vault://kv/a', 'vault://kv/b', 'vault://kv/c'])).toBe('from-b');
      expect(rig.vault.readsOf('kv/c')).toBe(0);
    });

    it('takes the literal at its end as the default', async () => {
      const rig = new SecretsRig();
      expect(await rig.value(['vault://kv/a', 'literal:anonymous'])).toBe('anonymous');
    });

    it.each([
      'denied',
      'invalid_value',
      'too_large',
      'unavailable',
      'sealed',
      'throttled',
      'timeout',
    ] as const)('stops at %s, and never falls back to a default', async (code) => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/a', { fails: code });
      const list = ['vault://kv/a', 'literal:anonymous'];
      expect(await rig.code(list)).toBe(code);
      // From the cache too.
      expect(await rig.code(list)).toBe(code);
    });

    it('stays with a stale value in an outage, rather than to go on', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/a', 'from-a');
      const list = ['vault://kv/a', 'literal:anonymous'];
      await rig.value(list);
      rig.vault.answer('kv/a', { fails: 'unavailable' });
      await rig.clock.advance(6 * MINUTE);
      expect(await rig.value(list)).toBe('from-a');
    });

    it('names all of them when none has a value', async () => {
      const rig = new SecretsRig();
      const error = await failure(rig.secrets.get(['vault://kv/a', 'vault://kv/b']));
      expect(error.code).toBe('not_found');
      expect(error.message).toMatch(/^vault:\/\/kv\/a, vault:\/\/kv\/b: none of them/);
      expect(await rig.code(['vault://kv/a', 'vault://kv/b'])).toBe('not_found');
    });

    it('sees a value that comes to be before the one that won', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', 'from-b');
      const list = ['vault://kv/a', 'vault://kv/b'];
      expect(await rig.value(list)).toBe('from-b');
      rig.vault.answer('kv/a', 'from-a');
      await rig.clock.advance(5_001);
      expect(await rig.value(list)).toBe('from-a');
    });

    it.each([
      [['literal:a', 'env:B'], 'write it last'],
      [[], 'write a reference'],
      [['env:A', ''], 'neither a reference'],
    ])('refuses list %# with what to write', async (list, why) => {
      const error = await failure(new SecretsRig().secrets.get(list));
      expect(error.code).toBe('invalid_reference');
      expect(error.message).toContain(why);
    });
  });

  describe('with names', () => {
    const names = { 'api-key': ['vault://kv/a', 'vault://kv/b'], token: 'vault://kv/b' };

    it('looks a name up, alone and in a list', async () => {
      const rig = new SecretsRig({ names });
      rig.vault.answer('kv/b', 'from-b');
      expect(await rig.value('api-key')).toBe('from-b');
      expect(await rig.value('token')).toBe('from-b');
      expect(await rig.value(['vault://kv/c', 'api-key', 'literal:none'])).toBe('from-b');
      expect(rig.vault.readsOf('kv/b')).toBe(1);
    });

    it('says which names there are, and shows nothing of a text that is none', async () => {
      const rig = new SecretsRig({ names });
      for (const text of ['hunter2', 'toString', '__proto__', '']) {
        const error = await failure(rig.secrets.get(text));
        expect(error.code).toBe('invalid_reference');
        expect(error.message).toContain('the names are api-key, token');
        if (text !== '') expect(error.message).not.toContain(text);
      }
    });

    it.each([
      [{ 'a:b': 'env:A' }, 'has a colon'],
      [{ a: 'hunter2' }, 'is no reference'],
      [{ a: [] }, 'write a reference'],
      [{ a: ['literal:x', 'vault://kv/a'] }, 'write it last'],
      [{ a: 'azkv://api-key' }, 'no provider "azkv" is set up; set it up, or use one of literal, vault'],
      [{ a: 'vault+other://kv/a' }, 'no provider "vault+other"'],
    ])('refuses names %# when it is made', (wrong, why) => {
      const make = (): SecretsRig => new SecretsRig({ names: wrong });
      expect(make).toThrow(TypeError);
      expect(make).toThrow(why);
      expect(make).not.toThrow('hunter2');
    });
  });

  describe('with providers', () => {
    it('makes one when the first reference needs it, and once', async () => {
      let made = 0;
      const other = new ScriptedProvider();
      other.answer('kv/app', 'from-payments');
      const rig = new SecretsRig({
        providers: {
          'vault+payments': async () => {
            made += 1;
            return other;
          },
        },
      });
      expect(made).toBe(0);
      const all = ['vault+payments://kv/app', 'vault+payments://kv/app#x', 'vault+payments://kv/app#y'];
      await Promise.all(all.map((text) => rig.secrets.get(text)));
      expect(made).toBe(1);
      expect(rig.vault.readsOf('kv/app')).toBe(0);
      await rig.secrets.close();
      expect([other.closed, rig.vault.closed]).toEqual([1, 1]);
    });

    it('makes several with one call, when one function stands under several keys', async () => {
      let made = 0;
      const both = ['vault', 'vault-lease'].map((scheme) => new ScriptedProvider(scheme));
      const make = (): readonly SecretProvider[] => {
        made += 1;
        return both;
      };
      const rig = new SecretsRig({
        providers: { 'vault+eu': make, 'vault-lease+eu': make, 'vault-transit+eu': make },
      });
      for (const one of both) one.answer('a', `from-${one.scheme}`);
      expect(await rig.value('vault+eu://a')).toBe('from-vault');
      expect(await rig.value('vault-lease+eu://a')).toBe('from-vault-lease');
      expect(await rig.code('vault-transit+eu://a')).toBe('not_configured');
      expect(made).toBe(1);
      await rig.secrets.close();
      expect(both.map(({ closed }) => closed)).toEqual([1, 1]);
    });

    it('says what is missing when one cannot be made, and tries again later', async () => {
      let present = false;
      const rig = new SecretsRig({
        providers: {
          azkv: () => {
            if (present) return new ScriptedProvider('azkv');
            throw Object.assign(new Error('hunter2'), { code: 'ERR_MODULE_NOT_FOUND' });
          },
          gcpsm: () => new ScriptedProvider('awssm'),
          awssm: () => {
            throw new Error('hunter2');
          },
        },
      });
      const error = await failure(rig.secrets.get('azkv://a'));
      expect(error.code).toBe('not_configured');
      expect(error.message).toContain('is not installed');
      expect((await failure(rig.secrets.get('gcpsm://a'))).message).toContain('no provider of that scheme');
      const other = await failure(rig.secrets.get('awssm://a'));
      expect(other.code).toBe('not_configured');
      expect(inspect([error, other], { depth: 9, showHidden: true })).not.toContain('hunter2');
      present = true;
      await rig.clock.advance(5_001);
      expect(await rig.code('azkv://a')).toBe('not_found');
    });

    it('says which there are when a reference names another', async () => {
      const error = await failure(new SecretsRig().secrets.get('gcpsm://a'));
      expect(error.code).toBe('not_configured');
      expect(error.message).toBe(
        'gcpsm://a: no provider "gcpsm" is set up; set it up, or use one of literal, vault',
      );
    });

    it('asks none for a reference that it says is wrong', async () => {
      const rig = new SecretsRig({ providers: { env: envProvider({ env: {} }) } });
      const error = await failure(rig.secrets.get('env:A?version=2'));
      expect(error.code).toBe('invalid_reference');
      expect(error.message).toContain('write it as env:API_KEY');
    });

    it('takes no rubbish from one', async () => {
      const rig = new SecretsRig();
      const rubbish = [{ value: 7 }, { value: '' }, { value: 'v', validForMs: Number.NaN }];
      for (const [index, answer] of rubbish.entries()) {
        rig.vault.answer(`kv/${index}`, answer as never);
        expect(['invalid_value', 'unavailable']).toContain(await rig.code(`vault://kv/${index}`));
      }
    });

    it('keeps nothing of a foreign error', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { throws: new Error('X-Vault-Token: hvs.hunter2') });
      const error = await failure(rig.secrets.get(APP));
      expect(error.code).toBe('unavailable');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
    });
  });

  describe('with options that cannot work', () => {
    const revealed = new RevealedSecrets();
    it.each([
      [{ providers: undefined, revealed }, 'providers has to be an object'],
      [{ providers: { vualt: new ScriptedProvider() }, revealed }, '"vualt" is no scheme; write one of env'],
      [{ providers: { 'env+': new ScriptedProvider('env') }, revealed }, '"env+" is no scheme'],
      [{ providers: { env: new ScriptedProvider() }, revealed }, '"env" is a provider of "vault"'],
      [{ providers: { env: {} }, revealed }, '"env" is no provider'],
      [{ providers: { env: null }, revealed }, '"env" is no provider'],
      [{ providers: {} }, 'revealed has to be'],
      [{ providers: {}, revealed, freshMs: 0 }, 'freshMs has to be a number of milliseconds, 1 or more'],
      [{ providers: {}, revealed, staleMs: -1 }, 'staleMs has to be'],
      [{ providers: {}, revealed, missingMs: Number.NaN }, 'missingMs has to be'],
      [{ providers: {}, revealed, timeoutMs: '5s' }, 'timeoutMs has to be'],
      [{ providers: {}, revealed, onEvent: true }, 'onEvent has to be a function'],
    ])('refuses options %# with what to write', (options, why) => {
      const make = (): Secrets => new Secrets(options as never);
      expect(make).toThrow(TypeError);
      expect(make).toThrow(why);
    });
  });

  describe('when a call is aborted', () => {
    it('lets the others have their answer', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      const controller = new AbortController();
      const one = rig.secrets.get(APP, { signal: controller.signal });
      const other = rig.secrets.get(APP);
      await settled();
      controller.abort(new Error('a foreign reason'));
      expect((await failure(one)).code).toBe('timeout');
      expect(rig.vault.signals[0]?.aborted).toBe(false);
      rig.vault.release('hunter2');
      expect((await other).reveal()).toBe('hunter2');
      expect(rig.vault.readsOf('kv/app')).toBe(1);
    });

    it('tells the provider when nobody waits any more, and takes that for no outage', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      const controllers = [new AbortController(), new AbortController()];
      const gets = controllers.map(({ signal }) => failure(rig.secrets.get([APP, 'literal:x'], { signal })));
      await settled();
      controllers[0]?.abort();
      await settled();
      expect(rig.vault.signals[0]?.aborted).toBe(false);
      controllers[1]?.abort();
      for (const get of gets) expect((await get).code).toBe('timeout');
      expect(rig.vault.signals[0]?.aborted).toBe(true);
      rig.vault.answer('kv/app', 'hunter2');
      expect(await rig.value(APP)).toBe('hunter2');
      expect(rig.eventTypes()).toEqual(['resolved']);
    });

    it('takes what is no signal for none', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      for (const signal of [5, 'x', null, {}, { aborted: false }]) {
        const options = { signal } as unknown as GetOptions;
        const gets = [APP, [APP, 'literal:x']].map((reference) => rig.secrets.get(reference, options));
        const fresh = rig.secrets.get(APP, { ...options, fresh: true });
        await settled();
        rig.vault.release('hunter2');
        for (const get of gets) expect((await get).reveal()).toBe('hunter2');
        await settled();
        rig.vault.release('hunter2');
        expect((await fresh).reveal()).toBe('hunter2');
        await rig.clock.advance(10 * MINUTE);
      }
    });

    it('refuses a call that was aborted before, and asks nobody', async () => {
      const rig = new SecretsRig();
      const signal = AbortSignal.abort();
      expect((await failure(rig.secrets.get(APP, { signal }))).code).toBe('timeout');
      expect((await failure(rig.secrets.get([APP, 'literal:x'], { signal }))).code).toBe('timeout');
      expect(rig.vault.readsOf('kv/app')).toBe(0);
    });
  });

  describe('check', () => {
    it('asks anew each time, names the winner and its lease, and never has the value', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', { value: 'hunter2', version: '7', validForMs: 60_000 });
      await rig.secrets.get('vault://kv/b');
      const result = await rig.secrets.check(['vault://kv/a', 'vault://kv/b', 'literal:x']);
      expect(result).toEqual({ ok: true, reference: 'vault://kv/b', version: '7', validForMs: 60_000 });
      expect(rig.vault.readsOf('kv/b')).toBe(2);
      expect(inspect(result, { depth: 9, showHidden: true })).not.toContain('hunter2');
      expect(await rig.secrets.check('literal:hunter2')).toEqual({
        ok: true,
        reference: 'literal:...',
        version: undefined,
        validForMs: undefined,
      });
    });

    it('says what is wrong, with the reference that stopped it', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/a', { fails: 'denied' });
      expect(await rig.secrets.check(['vault://kv/none', 'vault://kv/a', 'literal:x'])).toMatchObject({
        ok: false,
        reference: 'vault://kv/a',
        code: 'denied',
      });
      expect(await rig.secrets.check(['vault://kv/x', 'vault://kv/y'])).toMatchObject({
        ok: false,
        reference: 'vault://kv/x, vault://kv/y',
        code: 'not_found',
      });
      expect(await rig.secrets.check('azkv://a')).toMatchObject({ ok: false, code: 'not_configured' });
      expect(await rig.secrets.check('hunter2')).toMatchObject({ ok: false, code: 'invalid_reference' });
    });

    it('takes no longer than a look-up may', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/a', 'hangs');
      const check = rig.secrets.check('vault://kv/a');
      await rig.clock.advance(10_000);
      expect(await check).toMatchObject({ ok: false, code: 'timeout' });
    });
  });

  describe('close', () => {
    it('ends what is under way, refuses what comes after, and closes the providers', async () => {
      const rig = new SecretsRig({ names: { app: APP } });
      rig.vault.answer('kv/app', 'hunter2');
      await rig.secrets.get(APP);
      rig.vault.answer('kv/late', 'hangs');
      const late = [
        rig.secrets.get('vault://kv/late'),
        rig.secrets.get(['vault://kv/late', 'literal:x']),
        rig.secrets.get('vault://kv/late', { signal: new AbortController().signal }),
      ];
      const check = rig.secrets.check('vault://kv/late');
      rig.watched(APP);
      await settled();
      await Promise.all([rig.secrets.close(), rig.secrets.close()]);
      for (const get of late) {
        const { code, reference } = await failure(get);
        expect([code, reference]).toEqual(['closed', 'vault://kv/late']);
      }
      expect(await check).toMatchObject({ ok: false, code: 'closed' });
      for (const text of [APP, 'app', [APP, 'literal:x'], 'literal:x'])
        expect(await rig.code(text)).toBe('closed');
      expect(await rig.secrets.check(APP)).toMatchObject({ ok: false, code: 'closed' });
      expect(() => rig.secrets.watch(APP, () => undefined)).toThrow('were closed');
      expect(rig.vault.closed).toBe(1);
      expect(rig.vault.watchersOf('kv/app')).toBe(0);
      expect(rig.clock.waiting).toBe(0);
    });

    it('goes no further down a list', async () => {
      const rig = new SecretsRig();
      // Closed when the first one is answered, and the list has not gone on yet.
      void rig.secrets.get('vault://kv/a').catch(() => rig.secrets.close());
      const get = rig.secrets.get(['vault://kv/a', 'vault://kv/b', 'literal:x']);
      expect((await failure(get)).code).toBe('closed');
      expect(rig.vault.readsOf('kv/b')).toBe(0);
    });

    it('does not wait for a provider for ever, nor mind one that throws', async () => {
      const provider = (scheme: string, close: () => Promise<void>): SecretProvider => ({
        scheme,
        resolve: async () => ({ value: 'v' }),
        close,
      });
      const rig = new SecretsRig({
        providers: {
          env: provider('env', () => new Promise(() => undefined)),
          file: provider('file', () => {
            throw new Error('no');
          }),
        },
      });
      let closed = false;
      const close = rig.secrets.close().then(() => (closed = true));
      await rig.clock.advance(9_999);
      expect(closed).toBe(false);
      await rig.clock.advance(1);
      await close;
      expect(rig.vault.closed).toBe(1);
    });

    it('closes a provider that is only made when everything is closed', async () => {
      let give: (provider: SecretProvider) => void = () => undefined;
      const late = new ScriptedProvider('azkv');
      const rig = new SecretsRig({
        providers: { azkv: () => new Promise<SecretProvider>((resolve) => (give = resolve)) },
      });
      const get = rig.secrets.get('azkv://a');
      const close = rig.secrets.close();
      give(late);
      await close;
      expect((await failure(get)).code).toBe('closed');
      expect(late.closed).toBe(1);
    });
  });

  it('shows no value, wherever it is printed, cloned or looked into', async () => {
    const rig = new SecretsRig({ names: { app: [APP, 'literal:hunter2'] } });
    rig.vault.answer('kv/app', 'hunter2');
    await rig.secrets.get(APP);
    await rig.secrets.get('app');
    rig.watched('app');
    rig.vault.answer('kv/app', { throws: new Error('hunter2') });
    await rig.clock.advance(6 * MINUTE);
    await rig.secrets.get(APP);
    const shown = [
      inspect(rig.secrets, { showHidden: true, depth: 10, getters: true, showProxy: true }),
      JSON.stringify(rig.secrets),
      inspect(structuredClone(rig.secrets), { showHidden: true, depth: 10 }),
      inspect(rig.secrets.get(APP), { showHidden: true, depth: 10 }),
      inspect(rig.events, { showHidden: true, depth: 10 }),
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(rig.events.length).toBeGreaterThan(2);
  });

  it('leaves no rejection unhandled that it only keeps', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const rig = new SecretsRig();
      rig.vault.answer('kv/denied', { fails: 'denied' });
      rig.vault.answer('kv/out', { fails: 'unavailable' });
      rig.vault.answer('kv/app', 'hangs');
      for (const path of ['denied', 'out', 'missing']) await failure(rig.secrets.get(`vault://kv/${path}`));
      await failure(rig.secrets.get(['vault://kv/missing', 'vault://kv/missing']));
      const ends = ['denied', 'out', 'missing', 'app'].map((path) => rig.watched(`vault://kv/${path}`).end);
      await rig.clock.advance(20 * MINUTE);
      for (const end of ends) end();
      await rig.secrets.close();
      await settled();
      await settled();
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unhandled).toEqual([]);
  });

  it('keeps no more than so many references, and serves more all the same', async () => {
    const rig = new SecretsRig();
    const watch = rig.watched(APP);
    rig.vault.answer('kv/app', 'first');
    await rig.clock.advance(5_000);
    for (let index = 0; index < 12_000; index += 1) {
      rig.vault.answer(`kv/${index}`, `value-${index}`);
      await rig.secrets.get(`vault://kv/${index}`);
    }
    // A timer for each value that is held.
    expect(rig.clock.waiting).toBeLessThan(10_010);
    expect(await rig.value('vault://kv/1')).toBe('value-1');
    expect(rig.vault.readsOf('kv/1')).toBe(2);
    expect(rig.vault.readsOf('kv/11999')).toBe(1);
    rig.vault.answer('kv/app', 'second');
    rig.vault.tellChange('kv/app');
    await settled();
    expect(watch.told).toEqual([`${APP} second`]);
  });
});
