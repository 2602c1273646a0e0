import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instrument, Telemetry } from '../src/index.ts';
import { madeCall } from './made-call.ts';
import { freePort, hasPrometheus, Prometheus } from './prometheus.ts';
import { unregister } from './recorded.ts';

const here = hasPrometheus();
let provider: MeterProvider;
let port: number;

beforeEach(async () => {
  port = await freePort();
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
  await exporter.startServer();
  provider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
});
afterEach(async () => {
  unregister();
  await provider.shutdown();
});

async function aFewCalls(): Promise<void> {
  const telemetry = new Telemetry();
  telemetry.learnTools('files', ['read_file']);
  telemetry.observe({ server: 'files', policy: () => ({ digest: 'a'.repeat(64), ageSeconds: 5 }) });
  const layer = instrument({ telemetry });
  await layer.intercept(madeCall(), () => Promise.resolve({ result: {} }));
  await layer.intercept(madeCall(), () => Promise.resolve({ result: { isError: true } }));
  await layer.intercept(madeCall({ params: { name: 'made up' } }), () => Promise.resolve({ result: {} }));
}

test('the plain series are among what the exporter library writes', async () => {
  await aFewCalls();
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').map((line) => line.replaceAll(/,?otel_scope_\w+="[^"]*"/g, ''));
  expect(lines).toEqual(
    expect.arrayContaining([
      'mcp_tool_calls_total{tool_name="read_file",status="ok"} 1',
      'mcp_tool_calls_total{tool_name="read_file",status="error"} 1',
      'mcp_tool_calls_total{tool_name="_other",status="ok"} 1',
      'mcp_tool_call_duration_seconds_count{tool_name="read_file"} 2',
      'mcp_tool_call_duration_seconds_bucket{tool_name="read_file",le="300"} 2',
      'sallyport_policy_info{server="files",digest="aaaaaaaaaaaa"} 1',
      'sallyport_policy_age_seconds{server="files"} 5',
    ]),
  );
});

test.skipIf(!here)('a real Prometheus scrapes them, and answers queries about them', async () => {
  await aFewCalls();
  const prometheus = await Prometheus.start(port);
  try {
    const found = await prometheus.query('sum by (tool_name, status) (mcp_tool_calls_total)');
    expect(found).toHaveLength(3);
    expect(found).toContainEqual([{ tool_name: 'read_file', status: 'error' }, 1]);
    const [quantile] = await prometheus.query(
      'sum(mcp_tool_call_duration_seconds_count{tool_name="read_file"})',
    );
    expect(quantile?.[1]).toBe(2);
  } finally {
    await prometheus.stop();
  }
});
