import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Call, composeGuard, type Guard, type Interceptor, Refusal, type Result } from '@sallyport/core';
import { type Rig, RIGS, type Seen, statuses } from './rigs.ts';

/** An interceptor from a function. */
function layer(intercept: Interceptor['intercept'], name = 'layer'): Interceptor {
  return { name, intercept };
}

function guardOf(...interceptors: Interceptor[]): Guard {
  return composeGuard({ interceptors });
}

async function errorOf(answer: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  try {
    await answer;
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error('It should have been refused.');
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 500) throw new Error('It did not happen.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe.each(RIGS)('guardTransport on %s', (name, start, sdk) => {
  let seen: Seen;
  let rig: Rig | undefined;
  const stateless = /stateless|createMcpHandler/.test(name);
  // Without a session, a cancel of the older era reaches another server than the call did, or none.
  const cancels = !stateless || name.includes('2026');
  // Only SDK v1 with a stream back to the client can ask; the 2026-07-28 era has no such requests.
  const asks = sdk === 'v1' && !stateless;

  beforeEach(() => {
    seen = { executed: [], cancelled: [] };
  });
  afterEach(() => rig?.close());

  it('lets a permitted call and a list through, and sees both', async () => {
    const methods: string[] = [];
    rig = await start(
      guardOf(
        layer((call, next) => {
          methods.push(call.method);
          return next(call);
        }),
      ),
      seen,
    );
    expect((await rig.call('echo', { text: 'hello' })).content).toEqual([{ type: 'text', text: 'hello' }]);
    expect(await rig.toolNames()).toContain('echo');
    expect(methods).toEqual(expect.arrayContaining(['tools/call', 'tools/list']));
  });

  it('never lets a refused call reach the tool, whether refused at once or after waiting', async () => {
    for (const wait of [0, 5]) {
      const refuse = layer((call, next) => {
        if (call.method !== 'tools/call') return next(call);
        if (wait === 0) throw Refusal.notPermitted();
        return new Promise((_, reject) => setTimeout(reject, wait, Refusal.notPermitted()));
      });
      rig = await start(guardOf(refuse), seen);
      const error = await errorOf(rig.call('echo', { text: 'hello' }));
      expect(error.code).toBe(403);
      await rig.close();
    }
    expect(seen.executed).toEqual([]);
  });

  it('hands changed params to the tool and a changed result to the client', async () => {
    const change = layer(async (call, next) => {
      if (call.method !== 'tools/call') return next(call);
      const { result } = await next({ ...call, params: { ...call.params, arguments: { text: 'changed' } } });
      return { result: { ...result, content: [{ type: 'text', text: 'rewritten' }] } };
    });
    rig = await start(guardOf(change), seen);
    const { content } = await rig.call('echo', { text: 'original' });
    expect(seen.executed).toEqual(['changed']);
    expect(content).toEqual([{ type: 'text', text: 'rewritten' }]);
  });

  it('refuses as internal what an interceptor throws, and shows none of its text', async () => {
    const broken = layer((call, next) => {
      if (call.method !== 'tools/call') return next(call);
      throw new Error('the password is hunter2');
    });
    rig = await start(guardOf(broken), seen);
    const error = await errorOf(rig.call('echo', { text: 'hello' }));
    expect(error.code).toBe(500);
    expect(error.message).not.toContain('hunter2');
    expect(seen.executed).toEqual([]);
  });

  it('puts progress through the pipeline and keeps it ahead of the result, even when a layer is slow', async () => {
    const directions: Call['direction'][] = [];
    const slow = layer(async (call, next) => {
      if (call.method !== 'notifications/progress') return next(call);
      directions.push(call.direction);
      await new Promise((resolve) => setTimeout(resolve, 15));
      return next(call);
    });
    rig = await start(guardOf(slow), seen);
    const progress: number[] = [];
    const result = await rig.call('progress', {}, { onprogress: (step) => progress.push(step.progress) });
    expect(result.content?.[0]?.text).toBe('done');
    expect(progress).toEqual([1, 2, 3]);
    expect(directions).toEqual(['outbound', 'outbound', 'outbound']);
  });

  it('drops a refused notification and still delivers the result', async () => {
    const mute = layer((call, next) => {
      if (call.method === 'notifications/progress') throw Refusal.notPermitted();
      return next(call);
    });
    rig = await start(guardOf(mute), seen);
    const progress: number[] = [];
    const result = await rig.call('progress', {}, { onprogress: (step) => progress.push(step.progress) });
    expect(result.content?.[0]?.text).toBe('done');
    expect(progress).toEqual([]);
  });

  it('answers an unknown method exactly as the bare server does, HTTP status included', async () => {
    const bare = await start(undefined, seen);
    const bareError = await errorOf(bare.unknownMethod());
    const bareStatus = statuses.at(-1);
    await bare.close();
    const outcomes: Result[] = [];
    rig = await start(
      guardOf(
        layer(async (call, next) => {
          const answer = await next(call);
          if (call.method === 'no/such/method') outcomes.push(answer);
          return answer;
        }),
      ),
      seen,
    );
    expect(await errorOf(rig.unknownMethod())).toEqual(bareError);
    expect(statuses.at(-1)).toBe(bareStatus);
    await until(() => outcomes.length === 1);
    expect(outcomes[0]?.error?.code).toBe(-32601);
  });

  if (cancels)
    it('never delivers a call that was cancelled inside the interceptors', async () => {
      const reasons: unknown[] = [];
      const hold = layer((call, next) => {
        if (call.method !== 'tools/call') return next(call);
        return new Promise((_, reject) => {
          call.signal.addEventListener('abort', () => {
            reasons.push(call.signal.reason);
            reject(call.signal.reason as Refusal);
          });
        });
      });
      rig = await start(guardOf(hold), seen);
      const controller = new AbortController();
      const call = rig.call('wait', {}, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await errorOf(call);
      await until(() => reasons.length === 1);
      expect(reasons[0]).toMatchObject({ code: 'cancelled' });
      expect(seen.executed).toEqual([]);
    });

  if (cancels)
    it('passes a cancel on for a call that the tool is already working on, and ends the call for the layers', async () => {
      const codes: unknown[] = [];
      const watch = layer(async (call, next) => {
        try {
          return await next(call);
        } catch (error) {
          codes.push(Refusal.from(error).code);
          throw error;
        }
      });
      rig = await start(guardOf(watch), seen);
      const controller = new AbortController();
      const call = rig.call('wait', {}, { signal: controller.signal });
      await until(() => seen.executed.length === 1);
      controller.abort();
      await errorOf(call);
      await until(() => seen.cancelled.length === 1 && codes.length === 1);
      expect(codes).toEqual(['cancelled']);
    });

  it('refuses a call that hangs in an interceptor, on the way in and on the way out', async () => {
    const hangIn = layer((call, next) =>
      call.method === 'tools/call' ? new Promise<Result>(() => undefined) : next(call),
    );
    const hangOut = layer(async (call, next) => {
      const answer = await next(call);
      return call.method === 'tools/call' ? new Promise<Result>(() => undefined) : answer;
    });
    for (const [interceptor, executed] of [
      [hangIn, 0],
      [hangOut, 1],
    ] as const) {
      rig = await start(composeGuard({ interceptors: [interceptor], gateTimeoutMs: 30 }), seen);
      expect((await errorOf(rig.call('echo', { text: 'x' }))).code).toBe(504);
      expect(seen.executed).toHaveLength(executed);
      await rig.close();
    }
  });

  if (asks)
    it('puts a request of the server through the pipeline, and its answer too', async () => {
      const rewrite = layer(async (call, next) => {
        const answer = await next(call);
        if (call.method !== 'sampling/createMessage') return answer;
        expect(call.direction).toBe('outbound');
        return { result: { ...answer.result, model: 'rewritten-model' } };
      });
      rig = await start(guardOf(rewrite), seen);
      expect((await rig.call('sample', {})).content?.[0]?.text).toBe('rewritten-model');
    });

  if (asks)
    it('answers the server with an error when its request is refused', async () => {
      const refuse = layer((call, next) => {
        if (call.method === 'sampling/createMessage') throw Refusal.notPermitted();
        return next(call);
      });
      rig = await start(guardOf(refuse), seen);
      const result = await rig.call('sample', {});
      expect(result.isError).toBe(true);
      expect(result.content?.[0]?.text).toContain('Not permitted');
    });
});
