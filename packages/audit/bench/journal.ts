/**
 * P6: what a durable record costs at 64 callers, against JSON.stringify of the same record, and against the bare disk:
 * the same bytes written and synced 64 records at a time without any work on them. In turns.
 *
 * node --conditions=@sallyport/source --import tsx packages/audit/bench/journal.ts [folder]
 */
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writev } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AuditRecord, OutcomeRecord } from '../src/index.ts';
import { Journal } from '../src/journal/journal.ts';
import { developmentSigner } from '../src/journal/signer.ts';

const CALLERS = 64;
const RECORDS = 20_000;
const ROUNDS = 9;

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

interface Timed {
  /** Microseconds a record. */
  readonly wall: number;
  readonly cpu: number;
}

async function timed(run: () => Promise<void> | void): Promise<Timed> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const wall = ((performance.now() - start) * 1000) / RECORDS;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / RECORDS };
}

async function throughSink(append: (record: AuditRecord) => Promise<void>, waits: number[]): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let index = next; index < RECORDS; index = next) {
      next += 1;
      const start = performance.now();
      await append(record(index));
      waits.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

const write = promisify(writev);
const sync = promisify(fdatasync);

async function bareDisk(fd: number): Promise<void> {
  const group = Buffer.alloc(CALLERS * (JSON.stringify(record(0)).length + 110), 0x20);
  for (let done = 0, position = 0; done < RECORDS; done += CALLERS, position += group.length) {
    await write(fd, [group], position);
    await sync(fd);
  }
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0;
}

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'sallyport-bench-'));
const journal = await Journal.open(join(folder, 'journal'), {
  signer: await developmentSigner(join(folder, 'key.pem'), () => undefined),
});
const disks: Timed[] = [];
const texts: Timed[] = [];
const makes: Timed[] = [];
const journals: Timed[] = [];
const waits: number[] = [];
let length = 0;
for (let round = -2; round < ROUNDS; round += 1) {
  const make = await timed(() => {
    for (let index = 0; index < RECORDS; index += 1) length += record(index).durationMs & 1;
  });
  const text = await timed(() => {
    for (let index = 0; index < RECORDS; index += 1) length += JSON.stringify(record(index)).length & 1;
  });
  const file = join(folder, `bare-${round}`);
  const fd = openSync(file, 'w');
  const disk = await timed(() => bareDisk(fd));
  closeSync(fd);
  rmSync(file);
  const waited: number[] = [];
  const durable = await timed(() => throughSink((made) => journal.append(made, { durable: true }), waited));
  if (round < 0) continue;
  disks.push(disk);
  makes.push(make);
  texts.push(text);
  journals.push(durable);
  waits.push(...waited);
}
await journal.close();
rmSync(folder, { recursive: true, force: true });

const median = (of: readonly Timed[], what: keyof Timed): number =>
  quantile(
    of.map((one) => one[what]),
    0.5,
  );
const stringify = median(texts, 'wall') - median(makes, 'wall');
console.log(
  JSON.stringify(
    {
      unit: 'us a record',
      stringify,
      makeRecord: median(makes, 'wall'),
      bareDiskWall: median(disks, 'wall'),
      journalWall: median(journals, 'wall') - median(makes, 'wall'),
      journalCpu: median(journals, 'cpu') - median(makes, 'cpu'),
      ratioWall: (median(journals, 'wall') - median(makes, 'wall')) / stringify,
      ratioCpu: (median(journals, 'cpu') - median(makes, 'cpu')) / stringify,
      p50ms: quantile(waits, 0.5),
      p99ms: quantile(waits, 0.99),
      maxMs: quantile(waits, 1),
      length,
    },
    undefined,
    1,
  ),
);
