import { ANONYMOUS, type Call, compose, type Evidence, type Next } from '@sallyport/core';
import { instrument, Telemetry } from '@sallyport/telemetry';
import { registerRecordingSdk } from '../packages/telemetry/bench/recording-sdk.ts';
import { interleave, type Subject } from './interleave.ts';
import type { Row } from './row.ts';

const ROUNDS = 25;
const API_BAR_US = 0.3;
const SDK_BAR_US = 10;

/** P12: what telemetry adds to a tool call, with nothing behind the API, and with an SDK that records everything. */
export async function p12(): Promise<Row[]> {
  const telemetry = new Telemetry();
  telemetry.learnTools('bench', ['echo']);
  const bare = calling(last);
  const instrumented = calling(
    compose([instrument({ telemetry, wire: () => ({ transport: 'pipe', requestId: 7 }) })], last),
  );
  const added = async (metric: string, bar: number, times: number): Promise<Row> => {
    const { a, b, ratio } = await interleave(instrumented, bare, { rounds: ROUNDS, times, warmup: 4 });
    const value = a - b;
    return {
      id: 'P12',
      metric,
      value,
      unit: 'us',
      peer: 'the same call without telemetry',
      peerValue: b,
      ratio,
      bar: `<= ${bar} us`,
      holds: value <= bar,
    };
  };
  const rows = [await added('telemetry adds to a call, the API alone', API_BAR_US, 200_000)];
  const unregister = registerRecordingSdk();
  rows.push(await added('the same, an SDK that records: span, histograms, counters', SDK_BAR_US, 20_000));
  unregister();
  return rows;
}

const EVIDENCE: readonly Evidence[] = [
  { layer: 'rbac', kind: 'decision', effect: 'permit', rule: undefined, at: undefined },
];

const call: Call = {
  id: '01890000-0000-7000-8000-000000000000',
  direction: 'inbound',
  kind: 'request',
  server: 'bench',
  method: 'tools/call',
  params: {
    name: 'echo',
    arguments: { text: 'x' },
    _meta: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  },
  principal: ANONYMOUS,
  trail: { entries: EVIDENCE, executed: undefined, add: () => undefined },
  signal: new AbortController().signal,
};

const answer = { result: { content: [] } };
const last: Next = async () => answer;

function calling(next: Next): Subject {
  return {
    async run(times) {
      for (let i = 0; i < times; i += 1) await next(call);
    },
  };
}
