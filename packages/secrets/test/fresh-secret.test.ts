import { describe, expect, it } from 'vitest';
import { settled } from './support/fake-clock.ts';
import { failure, MINUTE, SecretsRig } from './support/secrets-rig.ts';

const APP = 'vault://kv/app';
const OTHER = 'vault://kv/other';
const SECOND = 1_000;

describe('a secret that is asked for fresh', () => {
  const fresh = async (rig: SecretsRig, reference: string | readonly string[] = APP): Promise<string> =>
    (await rig.secrets.get(reference, { fresh: true })).reveal();

  it('is looked up anew although the value from before is young, and everybody has the new one', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const { told } = rig.watched(APP);
    expect(await rig.value(APP)).toBe('first');
    rig.vault.answer('kv/app', 'second');
    expect(await rig.value(APP)).toBe('first');
    expect(await fresh(rig)).toBe('second');
    expect(await rig.value(APP)).toBe('second');
    expect(told).toEqual([`${APP} second`]);
    expect(rig.vault.readsOf('kv/app')).toBe(2);
    expect(rig.eventTypes()).toEqual(['resolved', 'resolved', 'rotated']);
  });

  it('is the same secret while its value stays the same', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const secret = await rig.secrets.get(APP);
    expect(await rig.secrets.get(APP, { fresh: true })).toBe(secret);
    expect(rig.vault.readsOf('kv/app')).toBe(2);
  });

  it('is never what a look-up read that began before the call', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hangs');
    const get = rig.secrets.get(APP);
    await settled();
    const anew = rig.secrets.get(APP, { fresh: true });
    rig.vault.answer('kv/app', 'second');
    rig.vault.release('first');
    expect((await get).reveal()).toBe('first');
    expect((await anew).reveal()).toBe('second');
  });

  it('is not what a look-up read in the background either', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    rig.vault.answer('kv/app', 'hangs');
    await rig.clock.advance(4 * MINUTE + SECOND);
    expect(await rig.value(APP)).toBe('first');
    const anew = rig.secrets.get(APP, { fresh: true });
    expect(await rig.now(anew)).toBe('waiting');
    rig.vault.answer('kv/app', 'third');
    rig.vault.release('second');
    expect((await anew).reveal()).toBe('third');
  });

  it.each([false, true])(
    'is read twice at most for a hundred who ask at once (watched: %s)',
    async (watched) => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      if (watched) rig.watched(APP);
      await rig.value(APP);
      rig.vault.answer('kv/app', 'second');
      const { signal } = new AbortController();
      const gets = Array.from({ length: 100 }, (_, index) =>
        rig.secrets.get(index % 3 === 0 ? APP : [APP, 'literal:x'], {
          fresh: true,
          ...(index % 2 === 0 ? { signal } : {}),
        }),
      );
      const values = await Promise.all(gets.map(async (get) => (await get).reveal()));
      expect(new Set(values)).toEqual(new Set(['second']));
      expect(rig.vault.readsOf('kv/app')).toBe(3);
    },
  );

  it('lets nobody else wait', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    rig.vault.answer('kv/app', 'hangs');
    const anew = rig.secrets.get(APP, { fresh: true });
    expect(await rig.now(rig.secrets.get(APP))).toBe('first');
    await rig.clock.advance(5 * SECOND);
    expect(await rig.now(rig.secrets.get(APP))).toBe('first');
    expect(await rig.now(anew)).toBe('waiting');
    rig.vault.release('second');
    expect(await rig.now(anew)).toBe('second');
  });

  it.each(['denied', 'not_found', 'invalid_value'] as const)(
    'is none once the answer is %s',
    async (code) => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: code });
      expect((await failure(rig.secrets.get(APP, { fresh: true }))).code).toBe(code);
      expect(await rig.code(APP)).toBe(code);
      rig.vault.answer('kv/app', 'back');
      // That it is not there is not believed for a while either.
      expect(await fresh(rig)).toBe('back');
    },
  );

  describe('in an outage', () => {
    it('is the last value, as long as that may be used', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      expect(await fresh(rig)).toBe('first');
      expect(rig.eventTypes()).toEqual(['resolved', 'failed']);
      await rig.clock.advance(6 * MINUTE);
      expect(await fresh(rig)).toBe('first');
      expect(rig.eventTypes()).toContain('stale_served');
      await rig.clock.advance(59 * MINUTE);
      expect((await failure(rig.secrets.get(APP, { fresh: true }))).code).toBe('unavailable');
    });

    it('leaves the provider alone for as long as everybody does', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { fails: 'throttled', retryAfterMs: 60_000 });
      for (let times = 0; times < 100; times += 1) {
        expect((await failure(rig.secrets.get(APP, { fresh: true }))).code).toBe('throttled');
      }
      expect(rig.vault.readsOf('kv/app')).toBe(1);
      rig.vault.answer('kv/app', 'first');
      await rig.clock.advance(60_000);
      expect(await fresh(rig)).toBe('first');
    });

    it('is the last value when nothing answers in time, and that is told once it is given', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      await rig.clock.advance(6 * MINUTE);
      rig.vault.answer('kv/app', 'hangs');
      const anew = rig.secrets.get(APP, { fresh: true });
      await rig.clock.advance(9 * SECOND);
      expect(await rig.now(anew)).toBe('waiting');
      expect(rig.eventTypes()).toEqual(['resolved']);
      await rig.clock.advance(SECOND);
      expect(await rig.now(anew)).toBe('first');
      expect(rig.eventTypes()).toEqual(['resolved', 'failed', 'stale_served']);
    });

    it('does not go on in a list', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      expect((await failure(rig.secrets.get([APP, 'literal:x'], { fresh: true }))).code).toBe('unavailable');
    });
  });

  describe('of a list or a name', () => {
    it('is the first that has a value now', async () => {
      const rig = new SecretsRig({ names: { key: [APP, OTHER, 'literal:x'] } });
      rig.vault.answer('kv/other', 'of the other');
      expect(await rig.value('key')).toBe('of the other');
      rig.vault.answer('kv/app', 'first');
      expect(await rig.value('key')).toBe('of the other');
      expect(await fresh(rig, 'key')).toBe('first');
      rig.vault.answer('kv/app', { fails: 'not_found' });
      rig.vault.answer('kv/other', { fails: 'not_found' });
      expect(await fresh(rig, 'key')).toBe('x');
      expect((await failure(rig.secrets.get([APP, OTHER], { fresh: true }))).message).toContain(OTHER);
    });

    it('asks nobody behind the one that wins', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      expect(await fresh(rig, [APP, OTHER])).toBe('first');
      expect(rig.vault.readsOf('kv/other')).toBe(0);
    });
  });

  describe('when the call is aborted', () => {
    it('before it began, asks nobody', async () => {
      const rig = new SecretsRig();
      const signal = AbortSignal.abort();
      for (const reference of [APP, [APP, 'literal:x']]) {
        expect((await failure(rig.secrets.get(reference, { fresh: true, signal }))).code).toBe('timeout');
      }
      expect(rig.vault.readsOf('kv/app')).toBe(0);
    });

    it('while it waits for a look-up from before, ends at once and looks nothing up', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      const get = rig.secrets.get(APP);
      const controller = new AbortController();
      const anew = rig.secrets.get(APP, { fresh: true, signal: controller.signal });
      await settled();
      controller.abort();
      expect(await rig.now(anew)).toBe('timeout');
      rig.vault.release('first');
      expect((await get).reveal()).toBe('first');
      await settled();
      expect(rig.vault.readsOf('kv/app')).toBe(1);
    });

    it('tells the provider when nobody waits any more, and keeps the value from before', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', 'hangs');
      const controller = new AbortController();
      const anew = rig.secrets.get(APP, { fresh: true, signal: controller.signal });
      await settled();
      controller.abort();
      expect(await rig.now(anew)).toBe('timeout');
      expect(rig.vault.signals[1]?.aborted).toBe(true);
      expect(await rig.value(APP)).toBe('first');
    });

    it('of the one who is waited for, asks once more for the others', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      const controller = new AbortController();
      const get = rig.secrets.get(APP, { signal: controller.signal });
      const anew = rig.secrets.get(APP, { fresh: true });
      await settled();
      rig.vault.answer('kv/app', 'second');
      controller.abort();
      expect((await failure(get)).code).toBe('timeout');
      expect((await anew).reveal()).toBe('second');
    });
  });

  it('is refused once everything is closed, also while it waits for a look-up from before', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'hangs');
    const get = failure(rig.secrets.get(APP));
    const anew = failure(rig.secrets.get(APP, { fresh: true }));
    const ofList = failure(rig.secrets.get([APP, 'literal:x'], { fresh: true }));
    await settled();
    await rig.secrets.close();
    for (const failed of [get, anew, ofList]) expect((await failed).code).toBe('closed');
    expect((await failure(rig.secrets.get(APP, { fresh: true }))).code).toBe('closed');
    expect(rig.vault.readsOf('kv/app')).toBe(1);
  });

  it('is refused for what is no reference', async () => {
    const rig = new SecretsRig();
    expect((await failure(rig.secrets.get('nothing', { fresh: true }))).code).toBe('invalid_reference');
  });
});
