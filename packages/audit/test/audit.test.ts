import { describe, expect, it } from 'vitest';
import { audit, type AuditRecord, Recorder, type Sink } from '@sallyport/audit';
import { type Call, compose, type Next, Refusal, type Result, RevealedSecrets } from '@sallyport/core';
import { someCall } from '../../core/test/some-call.ts';

class MemorySink implements Sink {
  readonly records: AuditRecord[] = [];
  readonly durable: AuditRecord[] = [];
  broken: Error | undefined;

  append(record: AuditRecord, options: { readonly durable: boolean }): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    this.records.push(record);
    if (options.durable) this.durable.push(record);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function rig(last: Next): { sink: MemorySink; run: (call: Call) => Promise<Result | string> } {
  const sink = new MemorySink();
  let now = 0;
  const recorder = new Recorder({ sink, now: () => (now += 5) });
  const pipeline = compose([audit({ recorder, policy: 'digest' })], last);
  return {
    sink,
    run: async (call) => {
      try {
        return await pipeline(call);
      } catch (error) {
        return Refusal.from(error).code;
      }
    },
  };
}

const ok: Next = () => Promise.resolve({ result: { content: [{ type: 'text', text: 'top secret' }] } });

describe('audit', () => {
  it('has the attempt durable before anything executes, and the outcome after', async () => {
    let durableThen = -1;
    const { sink, run } = rig((call) => {
      durableThen = sink.durable.length;
      return ok(call);
    });
    await run(someCall({ params: { name: 'echo', arguments: { text: 'my secret' } } }));
    expect(durableThen).toBe(1);
    expect(sink.records.map(({ type }) => type)).toEqual(['attempt', 'outcome']);
    expect(sink.records[1]).toMatchObject({
      status: 'ok',
      method: 'tools/call',
      target: 'echo',
      policy: 'digest',
    });
  });

  it('tells what was rewritten, and what a layer in audit mode would have rewritten, by count', async () => {
    const counted = { direction: 'results', entity: 'EMAIL', operator: 'token', count: 3 } as const;
    const { sink, run } = rig((call) => {
      call.trail.add({ layer: 'redaction', kind: 'redacted', ...counted });
      call.trail.add({ layer: 'redaction', kind: 'would_redact', ...counted, operator: 'drop' });
      return ok(call);
    });
    await run(someCall());
    expect(sink.records[1]).toMatchObject({
      redacted: [counted],
      wouldRedact: [{ ...counted, operator: 'drop' }],
    });
    expect(sink.records[0]).not.toHaveProperty('redacted');
  });

  it('never shows a secret that was revealed, wherever a client or a server puts it', async () => {
    const revealed = new RevealedSecrets();
    revealed.add('2026-secret');
    const sink = new MemorySink();
    const recorder = new Recorder({ sink, revealed });
    const run = compose([audit({ recorder, policy: 'digest' })], ok);
    const principal = {
      subject: 'ann 2026-secret',
      roles: ['2026-secret'],
      claims: {},
      method: 'token',
    } as const;
    await run(someCall({ params: { name: 'tool-2026-secret', arguments: {} }, principal }));
    recorder.event({
      event: 'message_refused',
      server: 's',
      policy: 'p',
      detail: { reason: '2026-secret', count: 2 },
    });
    expect(JSON.stringify(sink.records)).not.toContain('2026-secret');
    expect(sink.records[1]).toMatchObject({
      target: 'tool-[secret]',
      principal: { subject: 'ann [secret]' },
    });
    expect(sink.records[2]).toMatchObject({ detail: { reason: '[secret]', count: 2 } });
  });

  it('joins both by the id of the call', async () => {
    const { sink, run } = rig(ok);
    const call = someCall();
    await run(call);
    expect(sink.records.map((record) => 'call' in record && record.call)).toEqual([call.id, call.id]);
  });

  it('shows arguments and results as digests and sizes only', async () => {
    const { sink, run } = rig(ok);
    await run(someCall({ params: { name: 'echo', arguments: { text: 'my secret' } } }));
    expect(JSON.stringify(sink.records)).not.toMatch(/secret/);
    expect(sink.records[0]).toMatchObject({
      arguments: { bytes: 20, sha256: '130b83c7a20376a2895e78fdcce3e62d936cbc3ae68dd67b1c1a230bea7a517b' },
    });
  });

  it.each([
    ['tools/call', { name: 'echo', uri: 'x', taskId: 'y' }, 'echo'],
    ['resources/read', { name: 'harmless', uri: 'file:///payroll' }, 'file:///payroll'],
    ['resources/subscribe', { name: 'harmless', uri: 'file:///payroll' }, 'file:///payroll'],
    ['tasks/cancel', { name: 'harmless', taskId: 'victim' }, 'victim'],
    [
      'completion/complete',
      { name: 'harmless', ref: { type: 'ref/resource', uri: 'a:b', name: 'x' } },
      'a:b',
    ],
    ['completion/complete', { name: 'harmless', ref: { type: 'ref/prompt', uri: 'a:b', name: 'x' } }, 'x'],
  ])('names what %s is about by what the server will act on', async (method, params, target) => {
    const { sink, run } = rig(ok);
    await run(someCall({ method, params }));
    expect(sink.records.map((record) => 'target' in record && record.target)).toEqual([target, target]);
  });

  it('cuts long names, and keeps them apart by their digest', async () => {
    const { sink, run } = rig(ok);
    for (const end of ['a', 'b'])
      await run(someCall({ method: 'resources/read', params: { uri: `x:${'y'.repeat(9999)}${end}` } }));
    const targets = sink.records.flatMap((record) =>
      record.type === 'attempt' ? [record.target ?? ''] : [],
    );
    expect(new Set(targets).size).toBe(2);
    expect(targets.every((target) => target.length <= 512)).toBe(true);
    await run(someCall({ method: 'm'.repeat(100_000) }));
    expect(JSON.stringify(sink.records.at(-1)).length).toBeLessThan(2000);
  });

  it('digests everything that was handed over but `_meta`', async () => {
    const digestOf = async (params: Record<string, unknown>): Promise<unknown> => {
      const { sink, run } = rig(ok);
      await run(someCall({ params }));
      return (sink.records[0] as { arguments?: { sha256: string } }).arguments?.sha256;
    };
    const plain = await digestOf({ name: 'echo', arguments: { a: 1 } });
    expect(await digestOf({ name: 'echo', arguments: { a: 1 }, _meta: { progressToken: 1 } })).toBe(plain);
    expect(await digestOf({ name: 'echo', arguments: { a: 1 }, inputResponses: { b: 2 } })).not.toBe(plain);
    expect(await digestOf({ name: 'echo', arguments: { a: 1 }, requestState: 's' })).not.toBe(plain);
  });

  it('runs nothing when the attempt cannot be kept', async () => {
    let ran = false;
    const { sink, run } = rig((call) => {
      ran = true;
      return ok(call);
    });
    sink.broken = new Error('disk full');
    expect(await run(someCall())).toBe('unavailable');
    expect(ran).toBe(false);
  });

  it('refuses lists too while records cannot be kept', async () => {
    const { sink, run } = rig(ok);
    sink.broken = new Error('disk full');
    expect(await run(someCall({ method: 'tools/list', params: {} }))).toBe('unavailable');
  });

  it('does not wait for what neither executes nor discloses', () => {
    let reached = false;
    const { run } = rig((call) => {
      reached = true;
      return ok(call);
    });
    void run(someCall({ method: 'ping', params: {} }));
    expect(reached).toBe(true);
  });

  it.each([
    [
      'a refusal thrown at once',
      () => {
        throw Refusal.notPermitted();
      },
      'permission_denied',
    ],
    ['a refusal thrown later', () => Promise.reject(Refusal.notPermitted()), 'permission_denied'],
    [
      'a crash',
      () => {
        throw new TypeError('x is not a function');
      },
      'internal',
    ],
  ])('records %s', async (_, inner, code) => {
    for (const method of ['tools/call', 'tools/list']) {
      const { sink, run } = rig(inner);
      expect(await run(someCall({ method }))).toBe(code);
      expect(sink.records.at(-1)).toMatchObject({ type: 'outcome', status: 'refused', refusal: code });
    }
  });

  it('records a call that is aborted while an inner layer hangs', async () => {
    const { sink, run } = rig(() => new Promise(() => undefined));
    const controller = new AbortController();
    const answer = run(someCall({ signal: controller.signal }));
    controller.abort(new Refusal('deadline_exceeded', 'late'));
    expect(await answer).toBe('deadline_exceeded');
    expect(sink.records.at(-1)).toMatchObject({ refusal: 'deadline_exceeded' });
  });

  it('tells an error of the server from a refusal', async () => {
    const { sink, run } = rig(() => Promise.resolve({ error: { code: -32602, message: 'private text' } }));
    await run(someCall());
    expect(sink.records.at(-1)).toMatchObject({ status: 'error', error: -32602 });
    expect(JSON.stringify(sink.records)).not.toContain('private text');
  });

  it('takes a tool result with isError for an error', async () => {
    const { sink, run } = rig(() => Promise.resolve({ result: { isError: true, content: [] } }));
    await run(someCall());
    expect(sink.records.at(-1)).toMatchObject({ status: 'error' });
  });

  it('carries the decision, its rule and where it stands, from the trail', async () => {
    const { sink, run } = rig((call) => {
      call.trail.add({
        layer: 'rbac',
        kind: 'decision',
        effect: 'permit',
        rule: 'p, user:a, ...',
        at: 'r.csv:3',
      });
      return ok(call);
    });
    await run(someCall());
    expect(sink.records.at(-1)).toMatchObject({
      decision: { effect: 'permit', rule: 'p, user:a, ...', at: 'r.csv:3' },
    });
  });

  it('leaves progress and logging of the server out, unless they were refused', async () => {
    const progress = someCall({
      direction: 'outbound',
      kind: 'notification',
      method: 'notifications/progress',
    });
    const passed = rig(ok);
    await passed.run(progress);
    expect(passed.sink.records).toEqual([]);
    const refused = rig(() => {
      throw Refusal.notPermitted();
    });
    await refused.run(progress);
    expect(refused.sink.records).toHaveLength(1);
  });

  it('refuses, and records, arguments nested too deeply to be serialized', async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    const { sink, run } = rig(ok);
    expect(await run(someCall({ params: { name: 'echo', arguments: deep } }))).toBe('unavailable');
    expect(sink.records.at(-1)).toMatchObject({ status: 'refused' });
  });
});
