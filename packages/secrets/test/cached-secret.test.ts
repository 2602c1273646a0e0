import { describe, expect, it } from 'vitest';
import { settled } from './support/fake-clock.ts';
import { ScriptedProvider, silent } from './support/scripted-provider.ts';
import { failure, MINUTE, SecretsRig } from './support/secrets-rig.ts';

const APP = 'vault://kv/app';
const SECOND = 1_000;

describe('a cached secret', () => {
  it('is not read again while it is young', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    await rig.clock.advance(4 * MINUTE - 1);
    await rig.value(APP);
    await settled();
    expect(rig.vault.readsOf('kv/app')).toBe(1);
  });

  it('is read ahead of its end when it is used, while nobody waits', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    rig.vault.answer('kv/app', 'hangs');
    await rig.clock.advance(4 * MINUTE);
    expect(await rig.now(rig.secrets.get(APP))).toBe('first');
    expect(await rig.now(rig.secrets.get(APP))).toBe('first');
    expect(rig.vault.readsOf('kv/app')).toBe(2);
    rig.vault.release('second');
    await settled();
    expect(await rig.value(APP)).toBe('second');
    expect(rig.eventTypes()).toEqual(['resolved', 'resolved', 'rotated']);
  });

  it.each([
    [0, 216],
    [1 - 2 ** -53, 264],
  ])('is read ahead with jitter: at random %d after %d seconds', async (random, seconds) => {
    const rig = new SecretsRig({ random: () => random });
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    await rig.clock.advance(seconds * SECOND - 1);
    await rig.value(APP);
    await settled();
    expect(rig.vault.readsOf('kv/app')).toBe(1);
    await rig.clock.advance(2);
    await rig.value(APP);
    await settled();
    expect(rig.vault.readsOf('kv/app')).toBe(2);
  });

  it('is not read ahead when nobody uses it, and is waited for when it is too old', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    rig.vault.answer('kv/app', 'second');
    await rig.clock.advance(30 * MINUTE);
    expect(rig.vault.readsOf('kv/app')).toBe(1);
    expect(await rig.value(APP)).toBe('second');
  });

  it('stays the same secret while its value stays the same', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const secret = await rig.secrets.get(APP);
    await rig.clock.advance(10 * MINUTE);
    expect(await rig.secrets.get(APP)).toBe(secret);
    expect(rig.eventTypes()).toEqual(['resolved', 'resolved']);
  });

  it('is let go of when it can be used no more', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    await rig.value(APP);
    expect(rig.clock.waiting).toBe(1);
    await rig.clock.advance(65 * MINUTE);
    expect(rig.clock.waiting).toBe(0);
    rig.vault.answer('kv/app', { fails: 'unavailable' });
    expect(await rig.code(APP)).toBe('unavailable');
  });

  describe('that is not there', () => {
    it('is not asked for again for a while, then is', async () => {
      const rig = new SecretsRig();
      for (let index = 0; index < 10; index += 1) expect(await rig.code(APP)).toBe('not_found');
      expect(rig.vault.readsOf('kv/app')).toBe(1);
      rig.vault.answer('kv/app', 'first');
      await rig.clock.advance(5 * SECOND);
      expect(await rig.value(APP)).toBe('first');
    });

    it('is asked for in the background while it is used', async () => {
      const rig = new SecretsRig();
      const list = [APP, 'literal:x'];
      await rig.value(list);
      rig.vault.answer('kv/app', 'hangs');
      await rig.clock.advance(4_001);
      expect(await rig.now(rig.secrets.get(list))).toBe('x');
      rig.vault.release('first');
      await settled();
      expect(await rig.value(list)).toBe('first');
    });
  });

  it.each(['denied', 'not_found', 'invalid_value', 'too_large', 'not_configured'] as const)(
    'is used no more once the answer is %s',
    async (code) => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: code });
      await rig.clock.advance(4 * MINUTE + 1);
      // Still fresh; this use makes it be read.
      expect(await rig.value(APP)).toBe('first');
      await settled();
      expect(await rig.code(APP)).toBe(code);
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      await rig.clock.advance(5 * SECOND);
      // Not even an outage brings it back.
      expect(await rig.code(APP)).toBe('unavailable');
    },
  );

  describe('in an outage', () => {
    it.each(['unavailable', 'sealed', 'throttled', 'timeout'] as const)(
      'is used past its time when the answer is %s, and no longer than is allowed',
      async (code) => {
        const rig = new SecretsRig();
        rig.vault.answer('kv/app', 'first');
        await rig.value(APP);
        rig.vault.answer('kv/app', { fails: code });
        await rig.clock.advance(6 * MINUTE);
        expect(await rig.value(APP)).toBe('first');
        expect(rig.eventTypes()).toEqual(['resolved', 'failed', 'stale_served']);
        await rig.clock.advance(59 * MINUTE - 1);
        expect(await rig.value(APP)).toBe('first');
        await rig.clock.advance(1);
        expect(await rig.code(APP)).toBe(code);
      },
    );

    it('is never used past its time when that is forbidden', async () => {
      const rig = new SecretsRig({ staleMs: 0 });
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      await rig.clock.advance(5 * MINUTE);
      expect(await rig.code(APP)).toBe('unavailable');
    });

    it('is told of once, and so is the end', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      await rig.clock.advance(6 * MINUTE);
      for (let second = 0; second < 600; second += 1) {
        expect(await rig.value(APP)).toBe('first');
        await rig.clock.advance(SECOND);
      }
      const failures = rig.events.filter(({ type }) => type === 'failed').length;
      expect(failures).toBeGreaterThan(20);
      expect(failures).toBeLessThan(50);
      expect(rig.eventTypes().filter((type) => type === 'stale_served')).toHaveLength(1);

      // Recovery within one backoff, and never a call that waits.
      rig.vault.answer('kv/app', 'second');
      let seconds = 0;
      while ((await rig.value(APP)) === 'first') {
        await rig.clock.advance(SECOND);
        seconds += 1;
      }
      expect(seconds).toBeLessThanOrEqual(30);
      expect(rig.eventTypes().slice(-3)).toEqual(['resolved', 'recovered', 'rotated']);
      expect(rig.events.find(({ type }) => type === 'recovered')).toMatchObject({
        reference: APP,
        outageMs: expect.closeTo(10 * MINUTE, -5) as number,
      });
    });

    it('without a value: asks at most once per backoff, and gives the last error meanwhile', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { fails: 'sealed' });
      for (let second = 0; second < 600; second += 1) {
        expect(await rig.code(APP)).toBe('sealed');
        expect(await rig.code(APP)).toBe('sealed');
        await rig.clock.advance(SECOND);
      }
      const reads = rig.vault.readsOf('kv/app');
      expect(reads).toBeGreaterThan(20);
      expect(reads).toBeLessThan(40);
      rig.vault.answer('kv/app', 'first');
      await rig.clock.advance(30 * SECOND);
      expect(await rig.value(APP)).toBe('first');
    });

    it('doubles the wait from half a second to half a minute, with jitter downwards only', async () => {
      for (const [random, share] of [
        [0, 0.5],
        [1 - 2 ** -53, 1],
      ] as const) {
        const rig = new SecretsRig({ random: () => random });
        rig.vault.answer('kv/app', { fails: 'unavailable' });
        await rig.code(APP);
        for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
          const reads = rig.vault.readsOf('kv/app');
          await rig.clock.advance(wait * share - 1);
          await rig.code(APP);
          expect(rig.vault.readsOf('kv/app')).toBe(reads);
          await rig.clock.advance(1);
          await rig.code(APP);
          expect(rig.vault.readsOf('kv/app')).toBe(reads + 1);
        }
      }
    });

    it('waits as long as the provider asks for, within reason', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { fails: 'throttled', retryAfterMs: 60_000 });
      await rig.code(APP);
      await rig.clock.advance(59_999);
      await rig.code(APP);
      expect(rig.vault.readsOf('kv/app')).toBe(1);
      rig.vault.answer('kv/app', { fails: 'throttled', retryAfterMs: 1e12 });
      await rig.clock.advance(1);
      await rig.code(APP);
      expect(rig.vault.readsOf('kv/app')).toBe(2);
      rig.vault.answer('kv/app', 'first');
      await rig.clock.advance(5 * MINUTE);
      expect(await rig.value(APP)).toBe('first');
    });

    it('begins anew after an answer', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      for (let index = 0; index < 10; index += 1) {
        await rig.code(APP);
        await rig.clock.advance(30 * SECOND);
      }
      rig.vault.answer('kv/app', { fails: 'denied' });
      expect(await rig.code(APP)).toBe('denied');
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      await rig.clock.advance(5 * SECOND);
      expect(await rig.code(APP)).toBe('unavailable');
      rig.vault.answer('kv/app', 'first');
      await rig.clock.advance(500);
      expect(await rig.value(APP)).toBe('first');
    });
  });

  describe('with a lease', () => {
    it('is read again at two thirds of it', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { value: 'first', validForMs: 60 * SECOND });
      await rig.value(APP);
      await rig.clock.advance(40 * SECOND - 1);
      await rig.value(APP);
      await settled();
      expect(rig.vault.readsOf('kv/app')).toBe(1);
      await rig.clock.advance(1);
      await rig.value(APP);
      await settled();
      expect(rig.vault.readsOf('kv/app')).toBe(2);
    });

    it.each([60 * SECOND, 20 * MINUTE])('of %d ms is never used past its end', async (validForMs) => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { value: 'first', validForMs });
      await rig.value(APP);
      rig.vault.answer('kv/app', { fails: 'unavailable' });
      await rig.clock.advance(validForMs - 1);
      expect(await rig.value(APP)).toBe('first');
      await settled();
      await rig.clock.advance(1);
      expect(await rig.code(APP)).toBe('unavailable');
    });

    it('is never used past its end while the provider hangs', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', { value: 'first', validForMs: 60 * SECOND });
      await rig.value(APP);
      rig.vault.answer('kv/app', 'hangs');
      await rig.clock.advance(55 * SECOND);
      expect(await rig.value(APP)).toBe('first');
      await rig.clock.advance(5 * SECOND);
      const get = rig.secrets.get(APP);
      expect(await rig.now(get)).toBe('waiting');
      await rig.clock.advance(5 * SECOND);
      expect(await rig.now(get)).toBe('timeout');
    });
  });

  describe('of a provider that hangs', () => {
    it('ends in a timeout although the provider takes no notice', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'hangs');
      const get = rig.secrets.get(APP);
      await rig.clock.advance(9_999);
      expect(await rig.now(get)).toBe('waiting');
      await rig.clock.advance(1);
      const error = await failure(get);
      expect([error.code, error.message]).toEqual(['timeout', `${APP}: no answer within 10000 ms`]);
      expect(rig.vault.signals[0]?.aborted).toBe(true);
      // What comes too late is nobody's.
      rig.vault.release('late');
      await settled();
      expect(await rig.code(APP)).toBe('timeout');
    });

    it('lets nobody wait who has a value: a second at most, then not at all', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', 'hangs');
      await rig.clock.advance(10 * MINUTE);
      const first = rig.secrets.get(APP);
      expect(await rig.now(first)).toBe('waiting');
      await rig.clock.advance(SECOND);
      expect(await rig.now(first)).toBe('first');
      for (let second = 0; second < 600; second += 1) {
        expect(await rig.now(rig.secrets.get(APP))).toBe('first');
        await rig.clock.advance(SECOND);
      }
      expect(rig.eventTypes().filter((type) => type === 'stale_served')).toHaveLength(1);
      rig.vault.release('second');
    });

    it('lets nobody wait either when the value grows old meanwhile', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', 'hangs');
      await rig.clock.advance(5 * MINUTE - 2 * SECOND);
      expect(await rig.now(rig.secrets.get(APP))).toBe('first');
      await rig.clock.advance(3 * SECOND);
      expect(await rig.now(rig.secrets.get(APP))).toBe('first');
      expect(rig.eventTypes()).toEqual(['resolved', 'stale_served']);
    });

    it('takes a slow answer that comes in time', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/app', 'first');
      await rig.value(APP);
      rig.vault.answer('kv/app', 'hangs');
      await rig.clock.advance(10 * MINUTE);
      const get = rig.secrets.get(APP);
      await rig.clock.advance(5 * SECOND);
      expect(await rig.now(get)).toBe('first');
      rig.vault.release('second');
      await settled();
      expect(await rig.value(APP)).toBe('second');
      expect(rig.eventTypes()).toEqual(['resolved', 'stale_served', 'resolved', 'recovered', 'rotated']);
    });
  });
});

describe('a watched secret', () => {
  it('is read by itself, and tells of a change and of nothing else', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', { value: 'first', version: '1' });
    const { told } = rig.watched(APP);
    await rig.clock.advance(10 * MINUTE);
    expect(rig.vault.readsOf('kv/app')).toBe(3);
    expect(told).toEqual([]);
    rig.vault.answer('kv/app', { value: 'second', version: '2' });
    await rig.clock.advance(5 * MINUTE);
    expect(told).toEqual([`${APP} second`]);
    await rig.clock.advance(60 * MINUTE);
    expect(told).toHaveLength(1);
    expect(rig.events.find(({ type }) => type === 'rotated')).toEqual({
      type: 'rotated',
      reference: APP,
      version: '2',
    });
  });

  it('is read at once when the provider says that it changed', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const { told, end } = rig.watched(APP);
    await settled();
    expect(rig.vault.watchersOf('kv/app')).toBe(1);
    rig.vault.answer('kv/app', 'second');
    rig.vault.tellChange('kv/app');
    await settled();
    expect(told).toEqual([`${APP} second`]);
    end();
    expect(rig.vault.watchersOf('kv/app')).toBe(0);
    await rig.clock.advance(100 * MINUTE);
    expect(rig.vault.readsOf('kv/app')).toBe(2);
    expect(rig.clock.waiting).toBe(0);
  });

  it('is read once more when it changes while it is read', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const { told } = rig.watched(APP);
    await settled();
    rig.vault.answer('kv/app', 'hangs');
    rig.vault.tellChange('kv/app');
    await settled();
    rig.vault.tellChange('kv/app');
    rig.vault.tellChange('kv/app');
    rig.vault.answer('kv/app', 'second');
    rig.vault.release('first');
    await settled();
    expect(told).toEqual([`${APP} second`]);
    expect(rig.vault.readsOf('kv/app')).toBe(3);
  });

  it('makes a get see the change', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const seen: string[] = [];
    rig.secrets.watch(APP, () => void rig.value(APP).then((value) => seen.push(value)));
    await rig.value(APP);
    rig.vault.answer('kv/app', 'second');
    rig.vault.tellChange('kv/app');
    await settled();
    expect(seen).toEqual(['second']);
  });

  it('comes back after an outage by itself, and after a deletion', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const { told } = rig.watched(APP);
    await settled();
    for (const fails of ['unavailable', 'not_found', 'denied'] as const) {
      rig.vault.answer('kv/app', { fails });
      await rig.clock.advance(20 * MINUTE);
      rig.vault.answer('kv/app', `after ${fails}`);
      await rig.clock.advance(6 * MINUTE);
    }
    expect(told).toEqual(['unavailable', 'not_found', 'denied'].map((code) => `${APP} after ${code}`));
  });

  it('is not told to be stale while nobody is given its value', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    rig.watched(APP);
    await settled();
    rig.vault.answer('kv/app', { fails: 'unavailable' });
    await rig.clock.advance(20 * MINUTE);
    expect(rig.eventTypes()).not.toContain('stale_served');
    expect(await rig.value(APP)).toBe('first');
    expect(rig.eventTypes()).toContain('stale_served');
  });

  it('is not asked for more and more often while it is away', async () => {
    const rig = new SecretsRig();
    rig.watched(APP);
    await rig.clock.advance(60 * MINUTE);
    // 5, 10, 20, ... 300 seconds apart.
    expect(rig.vault.readsOf('kv/app')).toBeLessThan(20);
  });

  it('does not ask a provider in an outage because it says that something changed', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', { fails: 'unavailable', retryAfterMs: 60_000 });
    rig.watched(APP);
    await settled();
    for (let index = 0; index < 10; index += 1) rig.vault.tellChange('kv/app');
    await settled();
    expect(rig.vault.readsOf('kv/app')).toBe(1);
    rig.vault.answer('kv/app', 'first');
    await rig.clock.advance(60_000);
    expect(rig.vault.readsOf('kv/app')).toBe(2);
  });

  it('works with a provider that tells nothing', async () => {
    const vault = silent(new ScriptedProvider());
    const rig = new SecretsRig({ providers: { vault } });
    vault.answer('kv/app', 'first');
    const { told } = rig.watched(APP);
    await settled();
    vault.answer('kv/app', 'second');
    await rig.clock.advance(5 * MINUTE);
    expect(told).toEqual([`${APP} second`]);
  });

  it('is watched as soon as its provider can be made', async () => {
    const vault = new ScriptedProvider();
    let broken = true;
    const make = async (): Promise<ScriptedProvider> => {
      if (broken) throw new Error('no');
      return vault;
    };
    const rig = new SecretsRig({ providers: { vault: make } });
    rig.watched(APP);
    await settled();
    broken = false;
    await rig.clock.advance(MINUTE);
    expect(vault.watchersOf('kv/app')).toBe(1);
  });

  it('is no longer watched by a provider that is only made when the watch is over', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    rig.watched(APP).end();
    await settled();
    expect(rig.vault.watchersOf('kv/app')).toBe(0);
  });

  it('is not read because a provider tells of changes after the watch is over', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const changes: (() => void)[] = [];
    Object.defineProperty(rig.vault, 'watch', {
      value: (_: unknown, changed: () => void) => {
        changes.push(changed);
        return () => undefined;
      },
    });
    const { end } = rig.watched(APP);
    await settled();
    end();
    expect(changes).toHaveLength(1);
    for (const changed of changes) changed();
    await settled();
    expect(rig.vault.readsOf('kv/app')).toBe(1);
  });

  it('does not mind a listener that throws or rejects, nor an audit that does', async () => {
    const rig = new SecretsRig({
      onEvent: () => {
        throw new Error('no');
      },
    });
    rig.vault.answer('kv/app', 'first');
    rig.secrets.watch(APP, () => {
      throw new Error('no');
    });
    rig.secrets.watch(APP, async () => {
      throw new Error('no');
    });
    const { told } = rig.watched(APP);
    await settled();
    rig.vault.answer('kv/app', 'second');
    rig.vault.tellChange('kv/app');
    await settled();
    expect(told).toEqual([`${APP} second`]);
  });

  it('tells nothing more once the watch has ended, not even to one that ends in the middle', async () => {
    const rig = new SecretsRig();
    rig.vault.answer('kv/app', 'first');
    const ends: (() => void)[] = [];
    const told: number[] = [];
    for (const index of [0, 1]) {
      ends[index] = rig.secrets.watch(APP, () => {
        told.push(index);
        for (const end of ends) end();
      });
    }
    await settled();
    rig.vault.answer('kv/app', 'second');
    rig.vault.tellChange('kv/app');
    await settled();
    expect(told).toEqual([0]);
    expect(rig.vault.watchersOf('kv/app')).toBe(0);
  });

  describe('in a list', () => {
    const list = ['vault://kv/a', 'vault://kv/b', 'literal:none'];

    it('tells when another one wins, in both directions', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', 'from-b');
      const { told } = rig.watched(list);
      await settled();
      rig.vault.answer('kv/a', 'from-a');
      rig.vault.tellChange('kv/a');
      await settled();
      expect(rig.vault.watchersOf('kv/b')).toBe(0);
      rig.vault.answer('kv/a', { fails: 'not_found' });
      rig.vault.tellChange('kv/a');
      await settled();
      rig.vault.answer('kv/b', { fails: 'not_found' });
      rig.vault.tellChange('kv/b');
      await settled();
      expect(told).toEqual(['vault://kv/a from-a', 'vault://kv/b from-b', 'literal:... none']);
    });

    it('does not tell when another one wins with the same value', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', 'same');
      const { told } = rig.watched(list);
      await settled();
      rig.vault.answer('kv/a', 'same');
      rig.vault.tellChange('kv/a');
      await settled();
      expect(told).toEqual([]);
    });

    it('asks nobody behind the one that wins, and stays with it in an outage or a refusal', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/a', 'from-a');
      const { told } = rig.watched(list);
      await settled();
      for (const fails of ['unavailable', 'denied'] as const) {
        rig.vault.answer('kv/a', { fails });
        await rig.clock.advance(100 * MINUTE);
      }
      expect(told).toEqual([]);
      expect(rig.vault.readsOf('kv/b')).toBe(0);
      expect(rig.vault.watchersOf('kv/b')).toBe(0);
    });

    it('goes by what a get would give: in an outage of the first, a change of the next is none', async () => {
      const rig = new SecretsRig();
      rig.vault.answer('kv/b', 'from-b');
      const { told } = rig.watched(list);
      await settled();
      rig.vault.answer('kv/a', { fails: 'unavailable' });
      rig.vault.tellChange('kv/a');
      await settled();
      rig.vault.answer('kv/b', 'changed-b');
      rig.vault.tellChange('kv/b');
      await rig.clock.advance(10 * MINUTE);
      expect(await rig.code(list)).toBe('unavailable');
      expect(told).toEqual([]);
      rig.vault.answer('kv/a', { fails: 'not_found' });
      await rig.clock.advance(MINUTE);
      expect(told).toEqual(['vault://kv/b changed-b']);
    });

    it('ends every watch that it began', async () => {
      const rig = new SecretsRig();
      const { end } = rig.watched(list);
      await settled();
      expect([rig.vault.watchersOf('kv/a'), rig.vault.watchersOf('kv/b')]).toEqual([1, 1]);
      end();
      end();
      expect([rig.vault.watchersOf('kv/a'), rig.vault.watchersOf('kv/b')]).toEqual([0, 0]);
    });
  });

  it('refuses what is no reference', () => {
    const rig = new SecretsRig();
    expect(() => rig.secrets.watch('hunter2', () => undefined)).toThrow('a value that is not shown');
  });
});
