import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type Call,
  composeGuard,
  type GuardOptions,
  guardTransport,
  type JsonObject,
  Refusal,
  type Result,
} from '@sallyport/core';
import { FakeTransport } from './fake-transport.ts';

/** A guarded fake transport, with the messages that reach the protocol layer behind it. */
function wired(options: Partial<GuardOptions> = {}): {
  real: FakeTransport;
  guarded: FakeTransport;
  delivered: { message: JsonObject; extra: unknown }[];
  reports: string[];
} {
  const real = new FakeTransport();
  const reports: string[] = [];
  const guard = composeGuard({
    interceptors: [],
    report: (refusal, { direction }) => void reports.push(`${direction} ${refusal.code}`),
    ...options,
  });
  const guarded = guardTransport(real, guard);
  const delivered: { message: JsonObject; extra: unknown }[] = [];
  guarded.onmessage = (message: JsonObject, extra?: unknown) => void delivered.push({ message, extra });
  return { real, guarded, delivered, reports };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const request = (id: string | number, method = 'tools/call', params: JsonObject = {}): JsonObject => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const answer = (id: string | number, result: JsonObject = {}): JsonObject => ({ jsonrpc: '2.0', id, result });

describe('the wrapper', () => {
  it('forwards members it has never heard of, read, written and called', () => {
    class Odd extends FakeTransport {
      readonly #hidden = 7;
      sessionId = 'abc';
      hasPerRequestStream = true;
      level = 0;
      whatComesNext(by: number): number {
        return this.#hidden + by;
      }
      get computed(): number {
        return this.#hidden;
      }
    }
    const real = new Odd();
    const guarded = guardTransport(real, composeGuard({ interceptors: [] }));
    expect(guarded.sessionId).toBe('abc');
    expect(guarded.hasPerRequestStream).toBe(true);
    expect(guarded.whatComesNext(1)).toBe(8);
    expect(guarded.computed).toBe(7);
    guarded.level = 3;
    expect(real.level).toBe(3);
    expect('setProtocolVersion' in guarded).toBe(false);
    expect(guarded).toBeInstanceOf(Odd);
  });

  it('shows the callbacks that the host had set on the real transport, so that the SDK can chain them', async () => {
    const real = new FakeTransport();
    const closed = vi.fn();
    const heard = vi.fn();
    real.onclose = closed;
    real.onmessage = heard;
    const guarded = guardTransport(real, composeGuard({ interceptors: [] }));
    const [before, beforeMessage] = [guarded.onclose, guarded.onmessage];
    guarded.onclose = () => before?.();
    guarded.onmessage = (message) => beforeMessage?.(message);
    real.receive(request(1));
    await real.close();
    expect(closed).toHaveBeenCalledOnce();
    expect(heard).toHaveBeenCalledOnce();
  });

  it('passes what the transport said beside a message on untouched', () => {
    const { real, guarded, delivered } = wired();
    const extra = { authInfo: { token: 't' }, closeSSEStream: () => undefined };
    real.receive(request(1), extra);
    expect(delivered[0]?.extra).toBe(extra);
    const options = { relatedRequestId: 1, resumptionToken: 'r' };
    void guarded.send({ jsonrpc: '2.0', method: 'notifications/message', params: {} }, options);
    expect(real.options[0]).toBe(options);
  });

  it('delivers in the same tick when no interceptor waits, and the very same message when none changes it', () => {
    const { real, delivered } = wired({
      interceptors: [{ name: 'pass', intercept: (call, next) => next(call) }],
    });
    const message = request(1);
    real.receive(message);
    expect(delivered[0]?.message).toBe(message);
  });
});

describe('send', () => {
  it('resolves when the real send of the final answer does, and rejects as it does', async () => {
    const { real, guarded } = wired();
    real.receive(request(1));
    let release = (): void => undefined;
    real.sending = () => new Promise((resolve) => (release = resolve));
    let settled = false;
    const sent = guarded.send(answer(1)).then(() => (settled = true));
    await tick();
    expect(real.sent).toHaveLength(1);
    expect(settled).toBe(false);
    release();
    await sent;

    real.receive(request(2));
    real.sending = () => Promise.reject(new Error('broken pipe'));
    await expect(guarded.send(answer(2))).rejects.toThrow('broken pipe');
  });

  it('does so for requests and notifications of the server too', async () => {
    const { real, guarded } = wired();
    real.sending = () => Promise.reject(new Error('broken pipe'));
    await expect(guarded.send(request(9, 'sampling/createMessage'))).rejects.toThrow('broken pipe');
    await expect(guarded.send({ jsonrpc: '2.0', method: 'notifications/message' })).rejects.toThrow(
      'broken pipe',
    );
  });

  it('drops an answer that no request waits for, and reports it', async () => {
    const { real, guarded, reports } = wired();
    await guarded.send(answer(1));
    real.receive(request(2));
    await guarded.send(answer(2));
    await guarded.send(answer(2, { second: true }));
    expect(real.sent).toEqual([answer(2)]);
    expect(reports).toEqual(['inbound invalid_request', 'inbound invalid_request']);
  });

  it('rejects what is no MCP message', async () => {
    const { guarded, real } = wired();
    await expect(guarded.send({ jsonrpc: '2.0', id: 1, method: 'x', result: {} })).rejects.toThrow(
      /Not a valid MCP/,
    );
    expect(real.sent).toEqual([]);
  });
});

describe('a protocol rejection', () => {
  const rejecting = (code: number): ReturnType<typeof wired> => {
    const rig = wired({
      interceptors: [
        {
          name: 'rewrite',
          intercept: async (call, next) => {
            await next(call);
            return { result: { rewritten: true } };
          },
        },
      ],
    });
    rig.guarded.onmessage = ({ id }: JsonObject) =>
      void rig.guarded.send({ jsonrpc: '2.0', id, error: { code, message: 'no' } });
    return rig;
  };

  it('leaves in the tick of delivery', () => {
    const { real } = rejecting(-32601);
    real.receive(request(1, 'no/such'));
    expect(real.sent).toHaveLength(1);
  });

  it('is sent once', async () => {
    const { real } = rejecting(-32601);
    real.receive(request(1, 'no/such'));
    await tick();
    expect(real.sent).toHaveLength(1);
  });

  it("is no way past the gate for an error with a code of the server's own", async () => {
    const { real } = rejecting(7);
    real.receive(request(1));
    expect(real.sent).toEqual([]);
    await tick();
    expect(real.sent).toEqual([answer(1, { rewritten: true })]);
  });

  it('is no way past the gate for a result sent in the tick of delivery', async () => {
    const rig = wired({
      interceptors: [
        {
          name: 'empty',
          intercept: async (call, next) => {
            await next(call);
            return { result: {} };
          },
        },
      ],
    });
    rig.guarded.onmessage = ({ id }: JsonObject) =>
      void rig.guarded.send(answer(id as number, { stolen: true }));
    rig.real.receive(request(1));
    await tick();
    expect(rig.real.sent).toEqual([answer(1)]);
  });
});

describe('ids', () => {
  it('refuses a second request with an id that is in flight, and still answers the first', async () => {
    const { real, guarded, delivered } = wired();
    real.receive(request(1));
    real.receive(request(1));
    expect(delivered).toHaveLength(1);
    expect(real.sent).toMatchObject([{ id: 1, error: { code: -32600 } }]);
    await guarded.send(answer(1));
    expect(real.sent).toHaveLength(2);
  });

  it('tells the number 1 from the string "1"', async () => {
    const { real, guarded } = wired();
    real.receive(request(1));
    real.receive(request('1'));
    await guarded.send(answer('1', { of: 'string' }));
    await guarded.send(answer(1, { of: 'number' }));
    expect(real.sent).toEqual([answer('1', { of: 'string' }), answer(1, { of: 'number' })]);
  });

  it('lets an id be used again once it is answered', async () => {
    const { real, guarded, delivered } = wired();
    for (let round = 0; round < 3; round += 1) {
      real.receive(request(1));
      await guarded.send(answer(1));
    }
    expect(delivered).toHaveLength(3);
    expect(real.sent).toHaveLength(3);
  });

  it('does not take the answer of a client for the answer of the server', async () => {
    const { real, guarded } = wired();
    real.receive(request(1));
    real.receive(answer(1, { forged: true }));
    await tick();
    expect(real.sent).toEqual([]);
    await guarded.send(answer(1, { genuine: true }));
    expect(real.sent).toEqual([answer(1, { genuine: true })]);
  });
});

describe('ending', () => {
  it.each([
    ['a request', request(1)],
    ['a notification', { jsonrpc: '2.0', method: 'notifications/roots/list_changed' }],
  ])('aborts %s that is in flight when the connection closes, and never delivers it', async (_, message) => {
    const reasons: string[] = [];
    let goOn = (): void => undefined;
    const { real, guarded, delivered } = wired({
      interceptors: [
        {
          name: 'hold',
          intercept: async (call, next) => {
            call.signal.addEventListener('abort', () => reasons.push(Refusal.from(call.signal.reason).code));
            await new Promise<void>((resolve) => (goOn = resolve));
            return next(call);
          },
        },
      ],
    });
    guarded.onclose = () => undefined;
    real.receive(message);
    await real.close();
    expect(reasons).toEqual(['cancelled']);
    goOn();
    await tick();
    expect(delivered).toEqual([]);
  });

  it('aborts through the close callback of the protocol layer', async () => {
    const ended: string[] = [];
    const { real, guarded } = wired({
      interceptors: [
        {
          name: 'watch',
          intercept: (call, next) =>
            next(call).catch((error: unknown) => {
              ended.push(Refusal.from(error).code);
              throw error;
            }),
        },
      ],
    });
    guarded.onclose = () => undefined;
    real.receive(request(1));
    real.receive(request(2));
    await real.close();
    await tick();
    expect(ended).toEqual(['cancelled', 'cancelled']);
    expect(real.sent).toEqual([]);
  });

  it('does not answer a cancelled call, even when the tool answers all the same', async () => {
    const { real, guarded, delivered } = wired();
    real.receive(request(1));
    real.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await tick();
    expect(delivered.map(({ message }) => message['method'])).toEqual([
      'tools/call',
      'notifications/cancelled',
    ]);
    await guarded.send(answer(1));
    expect(real.sent).toEqual([]);
  });

  it('never takes the late answer of a cancelled call for the answer of another', async () => {
    const { real, guarded, delivered } = wired();
    real.receive(request(1));
    real.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await tick();
    real.receive(request(1, 'resources/read'));
    expect(real.sent).toMatchObject([{ id: 1, error: { code: -32600 } }]);
    await guarded.send(answer(1, { late: true }));
    expect(real.sent).toHaveLength(1);
    real.receive(request(1, 'prompts/get'));
    expect(delivered.at(-1)?.message['method']).toBe('prompts/get');
  });

  it('keeps the id of a call that a layer gave up for as long as its answer is owed', async () => {
    const { real, guarded } = wired({
      interceptors: [
        {
          name: 'impatient',
          intercept: (call, next) => {
            if (call.method !== 'tools/list') return next(call);
            next(call).catch(() => undefined);
            throw new Refusal('deadline_exceeded', 'Too late.');
          },
        },
      ],
    });
    real.receive(request(1, 'tools/list'));
    real.receive(request(1, 'ping'));
    expect(real.sent).toMatchObject([{ error: { code: 504 } }, { error: { code: -32600 } }]);
    await guarded.send(answer(1, { tools: ['late'] }));
    expect(real.sent).toHaveLength(2);
  });

  it('does not forget an owed answer, however many there are', async () => {
    const { real, guarded } = wired();
    const cancel = (requestId: number): void =>
      real.receive({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
    for (let id = 1; id <= 3000; id += 1) {
      real.receive(request(id, id === 1 ? 'tools/list' : 'ping'));
      cancel(id);
      await tick();
    }
    real.receive(request(1, 'ping'));
    await guarded.send(answer(1, { tools: ['late'] }));
    expect(real.sent).toMatchObject([{ id: 1, error: { code: -32600 } }]);
  });

  it('holds no more than a thousand requests of a connection', () => {
    const { real, delivered } = wired();
    for (let id = 1; id <= 1001; id += 1) real.receive(request(id));
    expect(delivered).toHaveLength(1000);
    expect(real.sent).toMatchObject([{ id: 1001, error: { code: 429 } }]);
  });

  it('takes a hang in the pipeline of a notification for refused', async () => {
    vi.useFakeTimers();
    try {
      const signals: AbortSignal[] = [];
      const { real, delivered } = wired({
        gateTimeoutMs: 100,
        interceptors: [
          {
            name: 'hang',
            intercept: (call: Call) => {
              signals.push(call.signal);
              return new Promise<Result>(() => undefined);
            },
          },
        ],
      });
      real.receive({ jsonrpc: '2.0', method: 'notifications/initialized' });
      await vi.advanceTimersByTimeAsync(130);
      expect(signals[0]?.aborted).toBe(true);
      expect(delivered).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('an identity that cannot be established', () => {
  it('refuses the call, lets the layers see it, and delivers nothing', async () => {
    const seen: string[] = [];
    const { real, delivered } = wired({
      identify: () => {
        throw new Error('hunter2');
      },
      interceptors: [
        {
          name: 'see',
          intercept: (call, next) => {
            seen.push(`${call.method} ${call.principal.subject}`);
            return next(call);
          },
        },
      ],
    });
    real.receive(request(1));
    real.receive({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await tick();
    expect(real.sent).toMatchObject([{ id: 1, error: { code: 500 } }]);
    expect(JSON.stringify(real.sent)).not.toContain('hunter2');
    expect(delivered).toEqual([]);
    expect(seen).toEqual(['tools/call anonymous', 'notifications/initialized anonymous']);
  });
});

describe('malformed messages from the client', () => {
  it('are answered where they can be, reported always, and never delivered', () => {
    const { real, delivered, reports } = wired();
    real.receive({ jsonrpc: '2.0', id: 1, method: 'tools/call', result: {} });
    real.receive([request(2)]);
    real.receive(null);
    expect(real.sent).toMatchObject([{ id: 1, error: { code: -32600 } }]);
    expect(delivered).toEqual([]);
    expect(reports).toEqual([
      'inbound invalid_request',
      'inbound invalid_request',
      'inbound invalid_request',
    ]);
  });

  it('never crash the wire nor pass it, whatever they are', () => {
    const key = fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'result', 'error', '__proto__', 'x');
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        '2.0',
        'tools/call',
        'notifications/cancelled',
        1,
        '1',
        null,
        {},
        [],
        -1,
        1.5,
        true,
      ),
      fc.constant({ requestId: 1, name: 'x' }),
      fc.constant({ code: -32601, message: 'm' }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, value), { maxLength: 8 }), (messages) => {
        const { real, delivered } = wired({
          interceptors: [
            {
              name: 'deny',
              intercept: () => {
                throw Refusal.notPermitted();
              },
            },
          ],
        });
        for (const message of messages) real.receive(message);
        expect(delivered).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
