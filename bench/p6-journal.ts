import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writev } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { developmentSigner, Journal, type OutcomeRecord } from '@sallyport/audit';
import { CALLERS, callers } from './callers.ts';
import { interleave, type Subject } from './interleave.ts';
import type { Row } from './row.ts';

interface Pino {
  (options: { base: null; timestamp: false }, destination: object): { info(record: object): void };
  destination(options: { dest: string; sync: true; fsync: true }): { end(): void };
}

const RECORDS = Array.from({ length: 4096 }, (_, index) => record(index));
const OPTIONS = { rounds: 15, times: 16_384, warmup: 3 };

/** P6: a durable record in the journal, 64 callers, beside JSON.stringify of the same, the bare disk, and pino. */
export async function p6(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-p6-'));
  const journal = await Journal.open(join(folder, 'journal'), {
    signer: await developmentSigner(join(folder, 'key.pem'), () => undefined),
  });
  const pino = openPino(join(folder, 'pino.jsonl'));
  const disk = openSync(join(folder, 'bare'), 'w');
  try {
    const durable = callers((index) => journal.append(recordAt(index), { durable: true }));
    const text = stringify();
    const toText = await interleave(durable, text, OPTIONS);
    const cpu = { ours: await processorTime(durable), text: await processorTime(text) };
    const toDisk = await interleave(durable, bareDisk(disk), OPTIONS);
    const toPino = await interleave(durable, callers(pino.append), { rounds: 7, times: 1024, warmup: 1 });
    const [ours, theirs] = [
      await p99((index) => journal.append(recordAt(index), { durable: true }), 16_384),
      await p99(pino.append, 2048),
    ];
    const row = (
      metric: string,
      peer: string,
      m: { readonly a: number; readonly b: number; readonly ratio: number },
      bar: number,
    ): Row => ({
      id: 'P6',
      metric,
      value: m.a,
      unit: 'us',
      peer,
      peerValue: m.b,
      ratio: m.ratio,
      bar: Number.isFinite(bar) ? `ratio <= ${bar}` : 'reported',
      holds: m.ratio <= bar,
    });
    const ofCpu = { a: cpu.ours, b: cpu.text, ratio: cpu.ours / cpu.text };
    return [
      row('journal, 64 callers: time per durable record', 'JSON.stringify of the record', toText, 4),
      row('the same: user processor time', 'JSON.stringify of the record', ofCpu, 4),
      row('the same, beside its floor', '64 records written and synced, no work on them', toDisk, Infinity),
      row('the same, beside a logger', 'pino, sync with fsync', toPino, 1),
      {
        ...row(
          'the same: 99th percentile',
          'pino, sync with fsync',
          { a: ours, b: theirs, ratio: ours / theirs },
          1,
        ),
        unit: 'ms',
        bar: '<= 10 ms',
        holds: ours <= 10,
      },
    ];
  } finally {
    await journal.close();
    pino.close();
    closeSync(disk);
    rmSync(folder, { recursive: true, force: true });
  }
}

function stringify(): Subject {
  let length = 0;
  return {
    run(times) {
      for (let index = 0; index < times; index += 1) length += JSON.stringify(recordAt(index)).length;
      if (length === 0) throw new Error('Nothing was written.');
    },
  };
}

/** What the disk alone takes for the bytes of one group after another. */
function bareDisk(fd: number): Subject {
  const [write, sync] = [promisify(writev), promisify(fdatasync)];
  // A frame has a head, a number and a link beside the record.
  const group = Buffer.alloc(CALLERS * (JSON.stringify(recordAt(0)).length + 110), 0x20);
  let position = 0;
  return {
    async run(times) {
      for (let done = 0; done < times; done += CALLERS) {
        await write(fd, [group], position);
        await sync(fd);
        position += group.length;
      }
    },
  };
}

/** As its documentation says for records that must not be lost. */
function openPino(dest: string): {
  readonly append: (index: number) => Promise<void>;
  readonly close: () => void;
} {
  const load = createRequire(new URL('../packages/sallyport/package.json', import.meta.url));
  const pino = load('pino') as Pino;
  const destination = pino.destination({ dest, sync: true, fsync: true });
  const logger = pino({ base: null, timestamp: false }, destination);
  return {
    append: async (index) => logger.info(recordAt(index)),
    close: () => destination.end(),
  };
}

/** The least of some rounds: what others on the machine add is never negative. Microseconds per repetition. */
async function processorTime(subject: Subject): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < OPTIONS.rounds; round += 1) {
    const before = process.cpuUsage();
    await subject.run(OPTIONS.times);
    least = Math.min(least, process.cpuUsage(before).user / OPTIONS.times);
  }
  return least;
}

/** Milliseconds from asking to the answer. */
async function p99(append: (index: number) => Promise<void>, times: number): Promise<number> {
  const waits: number[] = [];
  const timed = callers(async (index) => {
    const start = performance.now();
    await append(index);
    waits.push(performance.now() - start);
  });
  await timed.run(times);
  return waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Infinity;
}

function recordAt(index: number): OutcomeRecord {
  const found = RECORDS[index % RECORDS.length];
  if (found === undefined) throw new RangeError('There is no such record.');
  return found;
}

function record(index: number): OutcomeRecord {
  const id = `01912345-89ab-7cde-8f01-${String(index).padStart(12, '0')}`;
  return {
    v: 1,
    id,
    time: '2026-01-01T00:00:00.000Z',
    policy: 'a'.repeat(64),
    call: id,
    server: 'records',
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: 'read_record',
    principal: {
      subject: 'alice@example.test',
      roles: ['nurse', 'reader'],
      client: 'desktop',
      method: 'oauth',
    },
    type: 'outcome',
    status: 'ok',
    decision: { effect: 'permit', rule: 'nurses-read', at: 'sallyport.yaml:12' },
    redacted: [{ direction: 'results', entity: 'EMAIL', operator: 'mask', count: 2 }],
    executed: { sha256: 'b'.repeat(64), bytes: 120 },
    result: { sha256: 'c'.repeat(64), bytes: 2120 },
    durationMs: index % 50,
  };
}
