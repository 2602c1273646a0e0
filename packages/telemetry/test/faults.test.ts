import { type Context, context, type ContextManager, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { LogEntry, Result } from '@sallyport/core';
import { afterEach, describe, expect, test } from 'vitest';
import { instrument, Telemetry } from '../src/index.ts';
import { callWithMeta, listOf, madeCall } from './made-call.ts';
import { Recorded, unregister } from './recorded.ts';

const OK: Result = { result: { content: [] } };
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

afterEach(unregister);

function broken(): never {
  throw new Error('the SDK is broken');
}

/** What a context manager does, in types that a broken one fits as well. */
interface Pliable {
  readonly active: () => Context;
  readonly with: (active: Context, run: () => unknown) => unknown;
}

/** Something whose every member is a function that throws, or gives more of the same while `depth` lasts. */
function thrower(depth: number): never {
  return new Proxy(() => undefined, {
    get: () => thrower(depth),
    apply: () => {
      if (depth === 0) throw new Error('the SDK is broken');
      return thrower(depth - 1);
    },
  }) as never;
}

function manager(differs: Partial<Pliable>): ContextManager {
  const whole = {
    active: () => ROOT_CONTEXT,
    with: (_: Context, run: () => unknown) => run(),
    bind: (_: Context, target: unknown) => target,
    enable: () => whole,
    disable: () => whole,
    ...differs,
  } as ContextManager;
  return whole;
}

describe('an SDK that throws', () => {
  test.each([0, 1, 2, 3])('at depth %i changes no result, and is told of once', async (depth) => {
    trace.setGlobalTracerProvider(thrower(depth));
    metrics.setGlobalMeterProvider(thrower(depth));
    const told: LogEntry[] = [];
    const telemetry = new Telemetry({ onTrouble: (entry) => told.push(entry) });
    const layer = instrument({ telemetry, propagate: true });
    const calls = [
      madeCall(),
      callWithMeta({ traceparent: TRACEPARENT }),
      madeCall({ method: 'tools/list' }),
    ];
    for (const call of [...calls, ...calls]) {
      let times = 0;
      const answer = layer.intercept(call, () => {
        times += 1;
        return Promise.resolve(OK);
      });
      expect(await answer).toBe(OK);
      expect(times).toBe(1);
    }
    telemetry.tell({ type: 'alert', rule: 'r', severity: 'high' });
    telemetry.openSession({ role: 'server' }).end();
    expect(told.length).toBeLessThanOrEqual(1);
    if (depth < 3) expect(told).toMatchObject([{ level: 'warn', event: 'telemetry_failed' }]);
  });

  test('does not hide what a layer inside throws', async () => {
    trace.setGlobalTracerProvider(thrower(1));
    const error = new Error('of a layer');
    await expect(instrument().intercept(madeCall(), () => Promise.reject(error))).rejects.toBe(error);
    expect(() =>
      instrument().intercept(madeCall(), () => {
        throw error;
      }),
    ).toThrow(error);
  });

  test.each<[string, Partial<Pliable>]>([
    ['throws before it runs anything', { with: broken }],
    ['never runs anything', { with: () => undefined }],
    [
      'runs things and throws',
      {
        with: (_, run) => {
          run();
          return broken();
        },
      },
    ],
    [
      'runs things twice',
      {
        with: (_, run) => {
          run();
          return run();
        },
      },
    ],
    ['does not know what is active', { active: broken }],
  ])('as a context manager that %s runs the call once', async (_, differs) => {
    const recorded = new Recorded();
    context.disable();
    context.setGlobalContextManager(manager(differs));
    let times = 0;
    const answer = await instrument().intercept(madeCall(), () => {
      times += 1;
      return Promise.resolve(OK);
    });
    expect(answer).toBe(OK);
    expect(times).toBe(1);
    expect(await recorded.points('mcp.server.operation.duration')).toHaveLength(1);
  });
});

test('whoever is told of trouble and throws stops no call', async () => {
  trace.setGlobalTracerProvider(thrower(0));
  const telemetry = new Telemetry({
    onTrouble: () => {
      throw new Error('no log');
    },
  });
  expect(await instrument({ telemetry }).intercept(madeCall(), () => Promise.resolve(OK))).toBe(OK);
});

test('what says of the wire, and throws, stops no call', async () => {
  const recorded = new Recorded();
  const wire = (): never => {
    throw new Error('no wire');
  };
  expect(await instrument({ wire }).intercept(madeCall(), () => Promise.resolve(OK))).toBe(OK);
  expect(recorded.spans).toEqual([]);
});

test('a call passes on as it is while no SDK is registered, and is seen as soon as one is', async () => {
  const telemetry = new Telemetry();
  const layer = instrument({ telemetry, propagate: true });
  const answer = Promise.resolve(OK);
  const call = madeCall();
  expect(layer.intercept(call, (passed) => (passed === call ? answer : Promise.reject(new Error())))).toBe(
    answer,
  );
  await layer.intercept(madeCall({ method: 'tools/list' }), () => Promise.resolve(listOf('read_file')));

  const first = new Recorded();
  await layer.intercept(call, () => answer);
  expect(first.span.name).toBe('tools/call read_file');
  expect(await first.values('mcp_tool_calls')).toEqual({ 'read_file ok': 1 });

  unregister();
  expect(layer.intercept(call, () => answer)).toBe(answer);

  const second = new Recorded();
  await layer.intercept(call, () => answer);
  expect(second.spans).toHaveLength(1);
  expect(first.spans).toHaveLength(1);
  expect(await second.values('mcp_tool_calls')).toEqual({ 'read_file ok': 1 });
});

test('tracing alone and metrics alone are enough', async () => {
  const recorded = new Recorded();
  trace.disable();
  await instrument().intercept(madeCall(), () => Promise.resolve(OK));
  expect(recorded.spans).toEqual([]);
  expect(await recorded.points('mcp.server.operation.duration')).toHaveLength(1);
  unregister();

  const again = new Recorded();
  metrics.disable();
  await instrument().intercept(madeCall(), () => Promise.resolve(OK));
  expect(again.spans).toHaveLength(1);
});
