import { describe, expect, it } from 'vitest';
import { type Call, compose, type Interceptor, type Next, Refusal, type Result } from '@sallyport/core';
import { someCall } from './some-call.ts';

const DONE: Result = { result: { done: true } };
const last: Next = () => Promise.resolve(DONE);

function layer(name: string, intercept: Interceptor['intercept']): Interceptor {
  return { name, intercept };
}

async function codeOf(next: Next): Promise<string> {
  try {
    await next(someCall());
    return 'passed';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'foreign error';
  }
}

describe('compose', () => {
  it('puts the first interceptor outermost, in and out', async () => {
    const seen: string[] = [];
    const noting = (name: string): Interceptor =>
      layer(name, async (call, next) => {
        seen.push(`${name} in`);
        const answer = await next(call);
        seen.push(`${name} out`);
        return answer;
      });
    await compose([noting('a'), noting('b')], last)(someCall());
    expect(seen).toEqual(['a in', 'b in', 'b out', 'a out']);
  });

  it('refuses two interceptors of one name at start-up, and says what to do', () => {
    const twin = layer('twin', (call, next) => next(call));
    expect(() => compose([twin, twin], last)).toThrow(/"twin"; give each a name of its own/);
  });

  it('hands the copy that an interceptor passes on to the next one', async () => {
    let received: Call | undefined;
    const change = layer('change', (call, next) => next({ ...call, params: { changed: 1 } }));
    await compose([change], (call) => {
      received = call;
      return last(call);
    })(someCall());
    expect(received?.params).toEqual({ changed: 1 });
  });

  it('refuses when next is called twice, even if the interceptor hides it', async () => {
    const twice = layer('twice', async (call, next) => {
      const answer = await next(call);
      await next(call)?.catch(() => undefined);
      return answer;
    });
    const hidden = layer('hidden', async (call, next) => {
      const answer = await next(call);
      try {
        await next(call);
      } catch {
        // swallowed on purpose
      }
      return answer;
    });
    expect(await codeOf(compose([twice], last))).toBe('internal');
    expect(await codeOf(compose([hidden], last))).toBe('internal');
  });

  it.each([
    ['another method', { method: 'resources/read' }],
    ['another direction', { direction: 'outbound' as const }],
    ['another kind', { kind: 'notification' as const }],
    ['another id', { id: 'x' }],
    ['another server', { server: 'x' }],
    ['a signal of its own', { signal: new AbortController().signal }],
    ['params that are no object', { params: [] as never }],
  ])('refuses an interceptor that passes on %s', async (_, change) => {
    const bad = layer('bad', (call, next) => next({ ...call, ...change }));
    expect(await codeOf(compose([bad], last))).toBe('internal');
  });

  it('lets an interceptor change params and principal', async () => {
    const change = layer('change', (call, next) =>
      next({ ...call, principal: { ...call.principal, subject: 'x' } }),
    );
    expect(await codeOf(compose([change], last))).toBe('passed');
  });

  it('refuses an answer that comes before next has settled', async () => {
    const early = layer('early', (call, next) => {
      void next(call);
      return Promise.resolve(DONE);
    });
    const slow: Next = () => new Promise((resolve) => setTimeout(resolve, 5, DONE));
    expect(await codeOf(compose([early], slow))).toBe('internal');
  });

  it('lets an interceptor answer on its own', async () => {
    const cache = layer('cache', () => Promise.resolve({ result: { cached: true } }));
    expect(await compose([cache], last)(someCall())).toEqual({ result: { cached: true } });
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'yes'],
    ['an empty object', {}],
    ['a result that is no object', { result: 1 }],
    ['an array as result', { result: [] }],
    ['an error without a code', { error: { message: 'x' } }],
    ['both a result and an error', { result: {}, error: { code: 1, message: 'x' } }],
  ])('refuses an interceptor that answers with %s', async (_, rubbish) => {
    const bad = layer('bad', () => Promise.resolve(rubbish as unknown as Result));
    expect(await codeOf(compose([bad], last))).toBe('internal');
  });

  it('refuses an interceptor that returns no promise', async () => {
    const bad = layer('bad', () => DONE as unknown as Promise<Result>);
    expect(await codeOf(compose([bad], last))).toBe('internal');
  });

  it('lets a refusal through from the tick in which it was thrown', () => {
    const strict = layer('strict', () => {
      throw Refusal.notPermitted();
    });
    const outer = layer('outer', (call, next) => next(call));
    expect(() => compose([outer, strict], last)(someCall())).toThrow(Refusal);
  });

  it('calls the last step in the same tick when nobody waits', () => {
    let reached = false;
    const outer = layer('outer', (call, next) => next(call));
    const inner = layer('inner', async (call, next) => await next(call));
    void compose([outer, inner], (call) => {
      reached = true;
      return last(call);
    })(someCall());
    expect(reached).toBe(true);
  });
});
