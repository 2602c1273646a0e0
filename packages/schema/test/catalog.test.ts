import { ANONYMOUS, type Principal } from '@sallyport/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { type Behaviour, type GuardedServer, guardedServers, type Tool } from './guarded-server.ts';

const tool = (name: string, properties: object = {}): Tool => ({
  name,
  inputSchema: { type: 'object', properties },
});
const answer = (): Record<string, unknown> => ({ content: [] });

function call({ client }: GuardedServer, name: string, args: Record<string, unknown> = {}): Promise<object> {
  return client.request({ method: 'tools/call', params: { name, arguments: args } }, z.looseObject({}));
}

/** Resolves when everything that is under way has been done. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('the catalog', () => {
  test('learns from lists that pass by, and then asks nothing', async () => {
    const rig = await guardedServers({ pages: [[tool('a')], [tool('b')]], answer }).connect();
    const { nextCursor } = await rig.client.listTools();
    await rig.client.listTools({ cursor: nextCursor });
    await call(rig, 'a');
    await call(rig, 'b');
    expect(rig.listed).toEqual(['', '1']);
  });

  test('asks for every page', async () => {
    const rig = await guardedServers({ pages: [[tool('a')], [tool('b')], [tool('c')]], answer }).connect();
    await call(rig, 'c');
    expect(rig.listed).toEqual(['', '1', '2']);
  });

  test('asks once for many callers', async () => {
    const rig = await guardedServers({ pages: [[tool('a')]], answer, onList: settle }).connect();
    await Promise.all(Array.from({ length: 20 }, () => call(rig, 'a')));
    expect(rig.listed).toHaveLength(1);
  });

  test('serves a fresh server for each request', async () => {
    const servers = guardedServers({ pages: [[tool('a')]], answer });
    await call(await servers.connect(), 'a');
    const second = await servers.connect();
    await call(second, 'a');
    expect(second.listed).toEqual([]);
  });

  test('asks again for an unknown tool, but not more than once a second', async () => {
    let now = 0;
    const behaviour: Behaviour = { pages: [[tool('a')]], answer };
    const rig = await guardedServers(behaviour, { now: () => now }).connect();
    await expect(call(rig, 'b')).rejects.toThrow('unknown');
    await expect(call(rig, 'b')).rejects.toThrow('unknown');
    expect(rig.listed).toHaveLength(1);
    behaviour.pages = [[tool('a'), tool('b')]];
    now = 1_000;
    await call(rig, 'b');
    expect(rig.listed).toHaveLength(2);
  });

  test('asks again after the server said that its list changed, and forgets what is gone', async () => {
    const behaviour: Behaviour = { pages: [[tool('a', { x: { type: 'string' } }), tool('gone')]], answer };
    const rig = await guardedServers(behaviour).connect();
    await call(rig, 'gone');
    expect(await call(rig, 'a', { x: 'text' })).not.toHaveProperty('isError');
    behaviour.pages = [[tool('a', { x: { type: 'number' } })]];
    await rig.server.sendToolListChanged();
    await settle();
    expect(await call(rig, 'a', { x: 'text' })).toHaveProperty('isError', true);
    expect(await call(rig, 'a', { x: 1 })).not.toHaveProperty('isError');
    await expect(call(rig, 'gone')).rejects.toThrow('unknown');
    expect(rig.listed).toHaveLength(2);
  });

  test('takes a changed definition from a list that passes by', async () => {
    const behaviour: Behaviour = { pages: [[tool('a')]], answer };
    const rig = await guardedServers(behaviour).connect();
    expect(await call(rig, 'a', { x: 1 })).toHaveProperty('isError', true);
    behaviour.pages = [[tool('a', { x: {} })]];
    await rig.client.listTools();
    expect(await call(rig, 'a', { x: 1 })).not.toHaveProperty('isError');
  });

  test('reads the list again when it changes while it is read', async () => {
    const behaviour: Behaviour = { pages: [[tool('a')]], answer };
    const rig = await guardedServers(behaviour).connect();
    behaviour.onList = async () => {
      delete behaviour.onList;
      await rig.server.sendToolListChanged();
    };
    expect(await call(rig, 'a')).not.toHaveProperty('isError');
    expect(rig.listed).toHaveLength(2);
  });

  test('lets each principal ask, since servers may list different tools to each', async () => {
    let subject = 'alice';
    const identify = (): Principal => ({ ...ANONYMOUS, subject });
    const behaviour: Behaviour = { pages: [[tool('a')]], answer };
    const rig = await guardedServers(behaviour, {}, identify).connect();
    await expect(call(rig, 'b')).rejects.toThrow('unknown');
    subject = 'bob';
    behaviour.pages = [[tool('b')]];
    await call(rig, 'b');
    expect(rig.listed).toHaveLength(2);
  });

  test('asks for itself when the call that asked for both has gone', async () => {
    const behaviour: Behaviour = { pages: [[tool('a')]], answer };
    const servers = guardedServers(behaviour);
    const [first, second] = [await servers.connect(), await servers.connect()];
    let release = (): void => undefined;
    behaviour.onList = () => new Promise<void>((resolve) => (release = resolve));
    const gone = call(first, 'a').catch((error: unknown) => error);
    await settle();
    const stays = call(second, 'a');
    await settle();
    delete behaviour.onList;
    await first.client.close();
    release();
    expect(await gone).toBeInstanceOf(Error);
    expect(await stays).not.toHaveProperty('isError');
    expect(second.listed).toHaveLength(1);
  });

  test('refuses, within the time of a gate, when the server does not answer', async () => {
    const rig = await guardedServers({
      pages: [[tool('a')]],
      answer,
      onList: () => new Promise(() => undefined),
    }).connect();
    await expect(call(rig, 'a')).rejects.toMatchObject({ code: 504 });
    expect(rig.executed).toEqual([]);
  });

  test('stops reading a list that never ends, and a list of endless tools', async () => {
    const pages = Array.from({ length: 300 }, (_, index) => [tool(`t${index}`)]);
    const endless = await guardedServers({ pages, answer }).connect();
    await expect(call(endless, 't299')).rejects.toThrow('unknown');
    expect(endless.listed).toHaveLength(100);
    const many = Array.from({ length: 5_100 }, (_, index) => tool(`t${index}`));
    const crowded = await guardedServers({ pages: [many], answer }).connect();
    await call(crowded, 't4999');
    await expect(call(crowded, 't5000')).rejects.toThrow('unknown');
  });

  test('passes over what is no tool', async () => {
    const pages = [[null, 7, { name: 7 }, tool('a')]] as never;
    const rig = await guardedServers({ pages, answer }).connect();
    await call(rig, 'a');
  });
});
