import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SinkReading, Telemetry, type TelemetryEvent } from '../src/index.ts';
import { Recorded, unregister } from './recorded.ts';

let recorded: Recorded;
beforeEach(() => {
  recorded = new Recorded();
});
afterEach(unregister);

describe('what happens beside the calls', () => {
  test.each<[TelemetryEvent, string, Readonly<Record<string, number>>]>([
    [{ type: 'finding', rule: 'iban', severity: 'high', count: 3 }, 'sallyport.findings', { 'iban high': 6 }],
    [
      { type: 'message_refused', code: 'invalid_request' },
      'sallyport.refusals',
      { 'invalid_request enforce': 2 },
    ],
    [{ type: 'alert', rule: 'burst', severity: 'high' }, 'sallyport.alerts', { 'burst high': 2 }],
    [{ type: 'secret_read', provider: 'vault', outcome: 'ok' }, 'sallyport.secret.reads', { 'vault ok': 2 }],
    [{ type: 'secret_renewed', provider: 'vault' }, 'sallyport.secret.renewals', { vault: 2 }],
    [{ type: 'secret_stale', provider: 'vault' }, 'sallyport.secret.stale', { vault: 2 }],
    [{ type: 'sink_failed', sink: 'siem' }, 'sallyport.sink.failures', { siem: 2 }],
    [{ type: 'dead_letter', sink: 'siem' }, 'sallyport.sink.dead_letters', { siem: 2 }],
    [{ type: 'records_dropped', sink: 'siem', count: 5 }, 'sallyport.sink.dropped', { siem: 10 }],
    [{ type: 'policy_reload', outcome: 'failed' }, 'sallyport.policy.reloads', { failed: 2 }],
  ])('is counted: %o', async (event, name, expected) => {
    const telemetry = new Telemetry();
    telemetry.tell(event);
    telemetry.observe({ server: 'files' });
    telemetry.tell(event);
    expect(await recorded.values(name)).toEqual(expected);
    // Nothing is counted twice.
    expect(await recorded.values(name)).toEqual(expected);
  });

  test('is counted together by all guards of a process', async () => {
    for (const telemetry of [new Telemetry(), new Telemetry()]) {
      telemetry.observe({ server: 'files' });
      telemetry.tell({ type: 'alert', rule: 'burst', severity: 'high' });
    }
    expect(await recorded.values('sallyport.alerts')).toEqual({ 'burst high': 2 });
  });
});

describe('what is read when somebody looks', () => {
  test('is what is so at that time', async () => {
    const policy = { digest: 'a'.repeat(64), ageSeconds: 5 };
    new Telemetry().observe({
      server: 'files',
      policy: () => policy,
      restrictions: () => [{ kind: 'tool', count: 2 }],
      sinks: () => [{ sink: 'siem', lagSeconds: 30, lagRecords: 12 }],
      journal: () => ({ lagSeconds: 0.5, lagRecords: 1 }),
    });
    expect(await recorded.values('sallyport.policy.info')).toEqual({ 'files aaaaaaaaaaaa': 1 });
    policy.ageSeconds = 6;
    expect(await recorded.values('sallyport.policy.age_seconds')).toEqual({ files: 6 });
    expect(await recorded.values('sallyport.restrictions')).toEqual({ 'files tool': 2 });
    expect(await recorded.values('sallyport.sink.lag_seconds')).toEqual({ 'files siem': 30 });
    expect(await recorded.values('sallyport.sink.lag_records')).toEqual({ 'files siem': 12 });
    expect(await recorded.values('sallyport.journal.lag_seconds')).toEqual({ files: 0.5 });
    expect(await recorded.values('sallyport.journal.lag_records')).toEqual({ files: 1 });
  });

  test('falls to 0 when it is gone: an earlier policy, a sink that was removed, a guard that has ended', async () => {
    const policy = { digest: 'a'.repeat(64), ageSeconds: 5 };
    let sinks: SinkReading[] = [{ sink: 'siem', lagSeconds: 30, lagRecords: 12 }];
    const end = new Telemetry().observe({ server: 'files', policy: () => policy, sinks: () => sinks });
    await recorded.values('sallyport.policy.info');
    policy.digest = 'b'.repeat(64);
    sinks = [];
    expect(await recorded.values('sallyport.policy.info')).toEqual({
      'files aaaaaaaaaaaa': 0,
      'files bbbbbbbbbbbb': 1,
    });
    expect(await recorded.values('sallyport.sink.lag_seconds')).toEqual({ 'files siem': 0 });
    end();
    expect(await recorded.values('sallyport.policy.age_seconds')).toEqual({ files: 0 });
  });

  test('keeps its last value while it cannot be read, and the rest goes on', async () => {
    const told: unknown[] = [];
    let reads = 0;
    new Telemetry({ onTrouble: (entry) => told.push(entry) }).observe({
      server: 'files',
      sinks: () => {
        reads += 1;
        if (reads > 1) throw new Error('no sink');
        return [{ sink: 'siem', lagSeconds: 30, lagRecords: 12 }];
      },
      journal: () => ({ lagSeconds: reads, lagRecords: 1 }),
    });
    await recorded.values('sallyport.sink.lag_seconds');
    expect(await recorded.values('sallyport.sink.lag_seconds')).toEqual({ 'files siem': 30 });
    expect(await recorded.values('sallyport.journal.lag_seconds')).toEqual({ files: 3 });
    expect(told).toHaveLength(1);
  });
});

describe('a session', () => {
  test('is measured once, from when it opened until it ended', async () => {
    const clock = { ms: 0 };
    const telemetry = new Telemetry({ now: () => clock.ms });
    const session = telemetry.openSession({ role: 'server', transport: 'pipe' });
    clock.ms = 90_000;
    session.end({ protocolVersion: '2025-11-25' });
    clock.ms = 100_000;
    session.end();
    const points = await recorded.points('mcp.server.session.duration');
    expect(points).toMatchObject([{ value: { count: 1, sum: 90 } }]);
    expect(points[0]?.attributes).toEqual({
      'mcp.protocol.version': '2025-11-25',
      'network.transport': 'pipe',
    });
  });

  test('of a client is another metric, and says why it ended', async () => {
    new Telemetry().openSession({ role: 'client' }).end({ errorType: 'unavailable' });
    const points = await recorded.points('mcp.client.session.duration');
    expect(points[0]?.attributes).toEqual({ 'error.type': 'unavailable' });
  });
});
