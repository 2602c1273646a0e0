import type { Result } from '@sallyport/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instrument, Telemetry } from '../src/index.ts';
import { KnownNames } from '../src/known-names.ts';
import { Tally } from '../src/tally.ts';
import { listOf, madeCall } from './made-call.ts';
import { Recorded, unregister } from './recorded.ts';

const ok = (): Promise<Result> => Promise.resolve({ result: {} });

let recorded: Recorded;
beforeEach(() => {
  recorded = new Recorded();
});
afterEach(unregister);

test('a million distinct tool names are one', () => {
  const names = new KnownNames();
  names.learn('files', ['read_file']);
  const tally = new Tally(['tool_name', 'status']);
  for (let i = 0; i < 1_000_000; i += 1) tally.add([names.label('files', `tool-${i}`), 'ok']);
  const given: unknown[] = [];
  tally.handTo({ add: (count, attributes) => given.push([count, attributes]) });
  expect(given).toEqual([[1_000_000, { tool_name: '_other', status: 'ok' }]]);
});

test('clients that make up tools, prompts, methods, versions and ids make up no series', async () => {
  const telemetry = new Telemetry();
  const layer = instrument({ telemetry, wire: () => ({ transport: 'pipe', requestId: Math.random() }) });
  const made = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i += 1) {
      const params = {
        name: `made-up-${i}`,
        _meta: { 'io.modelcontextprotocol/protocolVersion': `2026-01-${i}` },
      };
      for (const method of ['tools/call', 'prompts/get', `made/up-${i}`])
        await layer.intercept(madeCall({ method, params }), ok);
    }
    return recorded.series();
  };
  const few = await made(1);
  expect(await made(500)).toBe(few);
  expect(new Set(recorded.spans.map(({ name }) => name))).toEqual(
    new Set(['tools/call _other', 'prompts/get _other', '_other']),
  );
});

test('a server that lists any number of tools, or answers with any number of codes, is bounded', async () => {
  const telemetry = new Telemetry();
  const layer = instrument({ telemetry });
  const names = Array.from({ length: 1000 }, (_, i) => `tool-${i}`);
  await layer.intercept(madeCall({ method: 'tools/list', params: {} }), () =>
    Promise.resolve(listOf(...names)),
  );
  for (const [i, name] of names.entries())
    await layer.intercept(madeCall({ params: { name } }), () =>
      Promise.resolve({ error: { code: i + 1000, message: '' } }),
    );
  const calls = await recorded.values('mcp_tool_calls');
  expect(Object.keys(calls)).toHaveLength(201);
  expect(calls['_other error']).toBe(800);
  expect((await recorded.points('mcp.server.operation.duration')).length).toBe(202);
});

test('names of any number of servers are bounded', () => {
  const names = new KnownNames();
  for (let i = 0; i < 10_000; i += 1) names.learn(`server-${i}`, ['a']);
  expect(names.label('server-99', 'a')).toBe('a');
  expect(names.label('server-100', 'a')).toBe('_other');
});

test('events with any number of names are bounded, and no name is long', async () => {
  const telemetry = new Telemetry();
  telemetry.observe({ server: 'files' });
  for (let i = 0; i < 5000; i += 1) telemetry.tell({ type: 'finding', rule: `rule-${i}`, severity: 'low' });
  telemetry.tell({ type: 'finding', rule: 'x'.repeat(1000), severity: 'low' });
  const findings = await recorded.values('sallyport.findings');
  expect(Object.keys(findings).length).toBeLessThanOrEqual(1002);
  expect(Object.values(findings).reduce((sum, count) => sum + count, 0)).toBe(5001);
  expect(Object.keys(findings).every((name) => name.length < 200)).toBe(true);
});
