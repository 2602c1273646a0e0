import { describe, expect, it } from 'vitest';
import { ClientSetup } from '../src/client-setup.ts';
import type { RequestMessage } from '../src/message-kinds.ts';

const LIMIT = 1000;
const subscribe = (id: number, uri: string, what = 'subscribe'): RequestMessage => ({
  jsonrpc: '2.0',
  id,
  method: `resources/${what}`,
  params: { uri },
});
const done = (setup: ClientSetup, message: RequestMessage): void => {
  setup.toServer(message, JSON.stringify(message));
  setup.fromServer({ jsonrpc: '2.0', id: message.id, result: {} });
};
const uris = (setup: ClientSetup): unknown[] => setup.replay('r').map(({ params }) => params?.['uri']);

describe('what a client has set up', () => {
  it('is never more than the limit, and there is room again for what was given up', () => {
    const setup = new ClientSetup(LIMIT);
    done(setup, subscribe(1, 'a'.repeat(600)));
    done(setup, subscribe(2, 'b'.repeat(600)));
    expect(uris(setup)).toEqual(['a'.repeat(600)]);
    done(setup, subscribe(3, 'a'.repeat(600), 'unsubscribe'));
    done(setup, subscribe(4, 'b'.repeat(600)));
    expect(uris(setup)).toEqual(['b'.repeat(600)]);
  });

  it('is there once, however often it was set up', () => {
    const setup = new ClientSetup(LIMIT);
    for (let id = 0; id < 100; id += 1) done(setup, subscribe(id, 'again'));
    expect(uris(setup)).toEqual(['again']);
  });

  it('is nothing that was cancelled, or lost with its server', () => {
    const setup = new ClientSetup(LIMIT);
    setup.toServer(subscribe(1, 'cancelled'), '');
    setup.forget(1);
    setup.toServer(subscribe(2, 'lost'), '');
    setup.reset();
    for (const id of [1, 2]) setup.fromServer({ jsonrpc: '2.0', id, result: {} });
    expect(uris(setup)).toEqual([]);
  });

  it('is answered once for each replay, and not for the one before', () => {
    const setup = new ClientSetup(LIMIT);
    done(setup, subscribe(1, 'a'));
    const [first] = setup.replay('first');
    expect(first?.id).toBe('first-0');
    expect([setup.answersReplay('first-0'), setup.answersReplay('first-0')]).toEqual([true, false]);
    setup.replay('second');
    setup.reset();
    expect(setup.answersReplay('second-0')).toBe(false);
  });
});
