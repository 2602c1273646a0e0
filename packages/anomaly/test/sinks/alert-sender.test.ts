import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCEPTED, ReceiverError } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultyFs } from '../../../audit/test/journal/faulty-fs.ts';
import { AlertSender } from '../../src/sinks/alert-sender.ts';
import { OutboxError } from '../../src/sinks/outbox-error.ts';
import { alert } from '../triage/some-alerts.ts';
import { away, MemoryReceiver } from './memory-receiver.ts';
import { putAll, SenderBench, until } from './sender-bench.ts';
import { notice, notices, of } from './some-notices.ts';

let bench: SenderBench;
let receiver: MemoryReceiver;
beforeEach(() => {
  bench = new SenderBench();
  receiver = new MemoryReceiver();
});
afterEach(() => bench.dispose());

const path = (): string => join(bench.folder, 'outbox-soc.jsonl');
const idsOf = (some: readonly { readonly id: string }[]): string[] => some.map(({ id }) => id);

describe('a notice', () => {
  test('is durable when it was put, in a file that only its owner can read', async () => {
    receiver.before = away;
    const sender = await bench.sender(receiver);
    await sender.put(notice(1));
    expect(readFileSync(path(), 'utf8')).toContain('"1-0"');
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test('is sent in the order in which it was put, with the numbers of its alerts', async () => {
    const sender = await bench.sender(receiver);
    await putAll(sender, [notice(1, {}, 3), notice(2), notice(3, {}, 2)]);
    await until(() => sender.status.sent === 3);
    expect(receiver.stored.map(({ id, sequence }) => [id, sequence])).toEqual([
      ['1-0', 1],
      ['2-0', 4],
      ['3-0', 5],
    ]);
  });

  test('that is put twice is sent once, also after it was sent, and after a restart', async () => {
    const sender = await bench.sender(receiver);
    await putAll(sender, [notice(1), notice(1)]);
    await until(() => sender.status.sent === 1);
    await sender.put(notice(1));
    await sender.stop();
    const next = await bench.sender(receiver);
    await next.put(notice(1));
    await next.put(notice(2));
    await until(() => next.status.sent === 1);
    expect(receiver.ids()).toEqual(['1-0', '2-0']);
    expect(next.status).toMatchObject({ known: 1, sent: 1, waiting: 0 });
  });

  test('that was not accepted is sent by the next sender, in order and with its number', async () => {
    receiver.before = away;
    const first = await bench.sender(receiver);
    await putAll(first, notices(0, 5));
    await first.stop();
    expect(receiver.closed).toBe(true);
    receiver.before = () => undefined;
    const next = await bench.sender(receiver);
    await next.put(notice(5));
    await until(() => next.status.sent === 6);
    expect(receiver.stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('of a severity that a sink does not want is left out', async () => {
    const sender = await bench.sender(receiver, { least: 'high' });
    const high = of(alert(0, { id: 'high', severity: 'high' }));
    const more = notice(3, { more: [{ rule: { id: 'a', name: 'a' }, severity: 'critical', count: 1 }] });
    await putAll(sender, [notice(1), high, more]);
    await until(() => sender.status.sent === 2);
    expect(receiver.ids()).toEqual(['high', '3-0']);
    expect(sender.status.below).toBe(1);
  });

  test('that a sink rejects is in a file with the reason, and the others are sent', async () => {
    receiver.outcome = ({ id }) => (id === '1-0' ? { kind: 'rejected', reason: 'http_400' } : ACCEPTED);
    const sender = await bench.sender(receiver);
    await putAll(sender, notices(0, 4));
    await until(() => sender.status.sent === 3);
    expect(receiver.ids()).toEqual(['0-0', '2-0', '3-0']);
    expect(bench.rejected()).toMatchObject([{ reason: 'http_400', record: { id: '1-0' } }]);
    expect(sender.status).toMatchObject({ rejected: 1, waiting: 0 });
    expect(statSync(join(bench.folder, 'soc.rejected.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('that is rejected when that file is full is told as not kept', async () => {
    receiver.outcome = () => ({ kind: 'rejected', reason: 'http_400' });
    const sender = await bench.sender(receiver, { rejectedBytes: 10 });
    await sender.put(notice(1));
    await until(() => bench.told('rejected').length === 1);
    expect(bench.told('rejected')).toMatchObject([{ id: '1-0', kept: false }]);
    await until(() => sender.status.waiting === 0);
  });

  test('that is sent back again and again while others are accepted does not stop them', async () => {
    receiver.outcome = ({ id }) => (id === '0-0' ? { kind: 'retry', code: 'busy' } : ACCEPTED);
    const sender = await bench.sender(receiver, { tries: 3 });
    const feeding = async (n: number): Promise<void> => {
      if (bench.told('rejected').length > 0) return;
      await sender.put(notice(n));
      await until(() => receiver.ids().includes(`${String(n)}-0`));
      await feeding(n + 1);
    };
    await sender.put(notice(0));
    await feeding(1);
    expect(bench.rejected()).toMatchObject([{ reason: 'retried_busy', record: { id: '0-0' } }]);
  });
});

describe('an outbox', () => {
  test('that a crash tore goes on without what was not durable', async () => {
    receiver.before = away;
    const first = await bench.sender(receiver);
    await putAll(first, notices(0, 3));
    await first.stop();
    appendFileSync(path(), '{"put":{"id":"torn');
    receiver.before = () => undefined;
    const next = await bench.sender(receiver);
    await until(() => next.status.sent === 3);
    expect(bench.told('outbox_damaged')).toEqual([]);
  });

  test('that is damaged is put aside, and what can be read is sent', async () => {
    receiver.before = away;
    const first = await bench.sender(receiver);
    await putAll(first, notices(0, 3));
    await first.stop();
    const lines = readFileSync(path(), 'utf8').split('\n');
    const damaged = [...lines.slice(0, 2), 'rubbish', '{"put":{"id":7}}', ...lines.slice(2)].join('\n');
    writeFileSync(path(), damaged);
    receiver.before = () => undefined;
    const next = await bench.sender(receiver);
    await until(() => next.status.sent === 3);
    const [event] = bench.told('outbox_damaged');
    expect(event).toMatchObject({ lines: 2, suffix: expect.stringMatching(/^\.damaged-\d{4}-[\dTZ.-]+$/) });
    expect(readFileSync(path() + (event?.suffix ?? ''), 'utf8')).toBe(damaged);
  });

  test('can be cut anywhere: what stands in it as put and not as done is sent', async () => {
    receiver.outcome = ({ id }) => (id.startsWith('1') ? { kind: 'retry', code: 'later' } : ACCEPTED);
    const first = await bench.sender(receiver, { retry: { firstMs: 60_000 } });
    await putAll(first, notices(8, 13));
    await until(() => first.status.sent === 2);
    await first.stop();
    const whole = readFileSync(path(), 'utf8');
    for (let cut = 0; cut < whole.length; cut += 97) {
      const kept = whole.slice(0, cut);
      writeFileSync(path(), kept);
      const lines = kept.split('\n').slice(0, -1);
      const put = lines.flatMap((line) => /^\{"put":\{"id":"([^"]+)"/.exec(line)?.[1] ?? []);
      const done = new Set(
        lines.flatMap((line) =>
          line.includes('"put"') ? [] : [...line.matchAll(/"(\d+-0)"/g)].map(([, id]) => id),
        ),
      );
      const late = new MemoryReceiver();
      const next = await bench.sender(late);
      await until(() => next.status.waiting === 0);
      await next.stop();
      expect(late.ids()).toEqual(put.filter((id) => !done.has(id)));
    }
    expect(bench.told('outbox_damaged')).toEqual([]);
  });

  test('that is full drops the oldest of the lowest severity, and says so', async () => {
    receiver.before = away;
    const sender = await bench.sender(receiver, { mostNotices: 3 });
    const at = (id: string, severity: 'low' | 'high'): ReturnType<typeof of> =>
      of(alert(0, { id, severity }));
    await putAll(sender, [at('h1', 'high'), at('l1', 'low'), at('l2', 'low'), at('h2', 'high')]);
    expect(bench.told('dropped')).toEqual([{ type: 'dropped', id: 'l1', severity: 'low', alerts: 1 }]);
    await putAll(sender, [at('h3', 'high'), at('l3', 'low'), at('h4', 'high')]);
    expect(bench.told('dropped').map(({ id }) => id)).toEqual(['l1', 'l2', 'l3', 'h1']);
    await sender.stop();
    receiver.before = () => undefined;
    const next = await bench.sender(receiver);
    await until(() => next.status.sent === 3);
    expect(receiver.ids()).toEqual(['h2', 'h3', 'h4']);
  });

  test('has a limit of bytes too', async () => {
    receiver.before = away;
    const sender = await bench.sender(receiver, { mostBytes: 5000 });
    await putAll(sender, notices(0, 30));
    expect(sender.status.waiting).toBeLessThan(15);
    expect(sender.status.waiting + sender.status.dropped).toBe(30);
  });

  test('does not grow with what was sent', async () => {
    const sender = await bench.sender(receiver);
    const big = 'x'.repeat(4000);
    for (let n = 0; n < 12; n += 1) {
      const some = Array.from({ length: 60 }, (_, index) => {
        return of(alert(0, { id: `${String(n)}-${String(index)}`, title: big }));
      });
      await putAll(sender, some);
      await until(() => sender.status.waiting === 0);
    }
    expect(statSync(path()).size).toBeLessThan(2 * 1024 * 1024);
    expect(sender.status.sent).toBe(720);
  });

  test('that cannot be written sends all the same, and says so to whoever puts and listens', async () => {
    const fs = new FaultyFs();
    const sender = await bench.sender(receiver, { fs });
    fs.fails = (operation) => (operation === 'write' ? 'ENOSPC' : undefined);
    await expect(sender.put(notice(1))).rejects.toThrow(OutboxError);
    await until(() => receiver.ids().length === 1);
    expect(bench.told('disk_failed')[0]).toEqual({ type: 'disk_failed', what: 'outbox', code: 'ENOSPC' });
    fs.fails = () => undefined;
    await sender.put(notice(2));
    await until(() => sender.status.sent === 2);
    await sender.stop();
    const next = await bench.sender(receiver);
    await putAll(next, [notice(1), notice(2)]);
    expect(next.status).toMatchObject({ known: 2, waiting: 0 });
  });

  test('that could not be written takes the same notice when it is put again', async () => {
    receiver.before = away;
    const fs = new FaultyFs();
    const sender = await bench.sender(receiver, { fs });
    fs.fails = (operation) => (operation === 'sync' ? 'EIO' : undefined);
    await expect(sender.put(notice(1))).rejects.toMatchObject({ code: 'EIO' });
    fs.fails = () => undefined;
    await sender.put(notice(1));
    expect(readFileSync(path(), 'utf8').match(/"put"/g)).toHaveLength(1);
  });

  test('has what it called durable after any one fault of the disk', async () => {
    receiver.before = away;
    const operations = 30;
    for (let fault = 0; fault < operations; fault += 1) {
      const name = `fault-${String(fault)}`;
      const fs = new FaultyFs();
      const sender = await bench.sender(receiver, { name, fs });
      let left = fault;
      fs.shortBytes = 100;
      fs.fails = () => ((left -= 1) === -1 ? 'EIO' : undefined);
      const durable: string[] = [];
      for (const one of notices(0, 4)) {
        const done = await sender.put(one).then(
          () => true,
          () => false,
        );
        if (done) durable.push(one.id);
      }
      await sender.stop();
      const late = new MemoryReceiver();
      const next = await bench.sender(late, { name });
      await next.stop();
      expect(late.ids()).toEqual(expect.arrayContaining(durable));
      expect(durable.length).toBeGreaterThanOrEqual(3);
    }
    expect(bench.told('disk_failed').length).toBeGreaterThan(5);
    expect(bench.told('outbox_damaged')).toEqual([]);
  });

  test('keeps what is rejected while its file cannot be written', async () => {
    const fs = new FaultyFs();
    receiver.outcome = () => ({ kind: 'rejected', reason: 'http_400' });
    fs.fails = (operation, name) =>
      operation === 'write' && name.endsWith('.rejected.jsonl') && bench.told('disk_failed').length < 2
        ? 'EIO'
        : undefined;
    const sender = await bench.sender(receiver, { fs });
    await sender.put(notice(1));
    await until(() => bench.told('rejected').length === 1);
    expect(bench.rejected()).toMatchObject([{ record: { id: '1-0' } }]);
    expect(bench.told('disk_failed')).toEqual([
      { type: 'disk_failed', what: 'rejected', code: 'EIO' },
      { type: 'disk_failed', what: 'rejected', code: 'EIO' },
    ]);
  });
});

describe('a sink', () => {
  test('that hangs holds up neither who puts nor another sink', async () => {
    receiver.before = () => new Promise(() => undefined);
    const other = new MemoryReceiver();
    const hanging = await bench.sender(receiver, { stopMs: 20 });
    const quick = await bench.sender(other, { name: 'other' });
    await Promise.all([putAll(hanging, notices(0, 50)), putAll(quick, notices(0, 50))]);
    await until(() => quick.status.sent === 50);
    expect(hanging.status).toMatchObject({ sent: 0, waiting: 50 });
  });

  test('that fails in any way fails no process: what it throws is a word in an event', async () => {
    const failures = [
      () => {
        throw new TypeError('a text with a value');
      },
      () => Promise.reject(new ReceiverError('http_503', 'busy', { afterMs: 1 })),
      () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
    ];
    receiver.before = () => failures.shift()?.();
    const sender = await bench.sender(receiver);
    await sender.put(notice(1));
    await until(() => sender.status.sent === 1);
    expect(bench.told('send_failed').map(({ code }) => code)).toEqual([
      'unknown error',
      'http_503',
      'ECONNRESET',
    ]);
  });

  test('that answers for too few is asked again', async () => {
    const answers = [[], [ACCEPTED, ACCEPTED]];
    const sender = await bench.sender({
      send: async (batch) => answers.shift() ?? batch.map(() => ACCEPTED),
      close: async () => undefined,
    });
    await sender.put(notice(1));
    await until(() => sender.status.sent === 1);
    expect(bench.told('send_failed').map(({ code }) => code)).toEqual(['bad_answer', 'bad_answer']);
  });

  test('gets no more notices at a time than it takes, and one when it was away', async () => {
    receiver.before = away;
    const sender = await bench.sender(Object.assign(receiver, { most: 3 }));
    await putAll(sender, notices(0, 8));
    await until(() => bench.told('breaker_opened').length > 0);
    receiver.batches.length = 0;
    receiver.before = () => undefined;
    await until(() => sender.status.sent === 8);
    expect(receiver.batches.slice(-4)).toEqual([1, 3, 3, 1]);
  });

  test('that is unsure of what it accepted gets it again from the next sender, and not when it became sure', async () => {
    receiver.unsure = 2;
    const first = await bench.sender(receiver);
    await putAll(first, notices(0, 5));
    await until(() => first.status.sent === 5);
    expect(first.status.waiting).toBe(0);
    await first.stop();
    const second = new MemoryReceiver();
    second.unsure = 5;
    second.close = async () => {
      second.unsure = 0;
    };
    const again = await bench.sender(second);
    await until(() => again.status.sent === 2);
    expect(second.ids()).toEqual(['3-0', '4-0']);
    await again.stop();
    const third = new MemoryReceiver();
    await (await bench.sender(third)).stop();
    expect(third.ids()).toEqual([]);
  });

  test('that owes something is asked with an empty batch', async () => {
    receiver.owes = true;
    receiver.before = (batch) => {
      if (batch.length === 0) receiver.owes = false;
    };
    await bench.sender(receiver);
    await until(() => receiver.batches.length === 1);
    expect(receiver.batches).toEqual([0]);
  });
});

describe('a sender', () => {
  test('that is stopped sends what was put just before, if the sink takes it', async () => {
    const sender = await bench.sender(receiver);
    await putAll(sender, notices(0, 45));
    await sender.stop();
    expect(receiver.ids()).toEqual(idsOf(notices(0, 45)));
    await expect(sender.put(notice(99))).rejects.toMatchObject({ code: 'closed' });
  });

  test('that is stopped ends although the sink does not close, and what listens throws', async () => {
    receiver.close = () => new Promise(() => undefined);
    receiver.before = away;
    const sender = await bench.sender(receiver, {
      onEvent: () => {
        throw new Error('a listener');
      },
      clock: {
        now: Date.now,
        random: Math.random,
        // The time that a connection may take to end is over at once.
        sleep: (ms, signal) =>
          ms === 3000
            ? Promise.resolve()
            : new Promise((resolve) => {
                const timer = setTimeout(resolve, ms);
                signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
              }),
      },
    });
    await sender.put(notice(1));
    await sender.stop();
    expect(sender.status.waiting).toBe(1);
  });

  test.each([
    [{ name: '../x' }, /a-z, 0-9 and dashes/],
    [{ mostNotices: 0 }, /mostNotices/],
    [{ sendMs: -1 }, /sendMs/],
    [{ least: 'hi' as never }, /least/],
  ])('with an option that cannot be used is refused: %j', async (options, message) => {
    await expect(
      AlertSender.open({ name: 'soc', folder: bench.folder, receiver, ...options }),
    ).rejects.toThrow(message);
    expect(readdirSync(bench.folder)).toEqual([]);
  });
});
