import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFeed, Lookout, Watch } from '@sallyport/anomaly';
import { type AuditRecord, developmentSigner, Journal } from '@sallyport/audit';
import { hundredRules, ruleRecord } from '../packages/anomaly/bench/hundred-rules.ts';
import { recordOf } from '../packages/anomaly/test/office/made-call.ts';
import { Office } from '../packages/anomaly/test/office/office.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 5;
const TOGETHER = 500;
const BATCH = 64;
const BARS = { detectors: 5, rules: 10 };

/** A1: what watching costs a record, in time of the processor: detectors, 100 rules, and all of it from a journal. */
export async function a1(): Promise<Row[]> {
  const office = new Office(1, 21).days.flat().map(recordOf);
  const steady = Array.from({ length: office.length }, (_, at) => ruleRecord(at, false));
  const texts = office.map((record) => JSON.stringify(record));
  const parse = await cost(texts.length, () => {
    for (const text of texts) JSON.parse(text);
  });
  const detectors = await cost(office.length, () => observeAll(new Watch(), office));
  const rules = await cost(steady.length, () => observeAll(hundredRules(), steady));
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-a1-'));
  try {
    await write(folder, office);
    const fed = await cost(office.length, () => feedAll(folder, () => undefined));
    const watched = await cost(office.length, () => {
      const lookout = new Lookout({ rules: hundredRules() });
      return feedAll(folder, (record) => void lookout.observe(record));
    });
    return [
      row(
        'all detectors, a record of an office of 20 principals',
        detectors,
        'JSON.parse of it',
        parse,
        BARS.detectors,
      ),
      row('100 Sigma rules, a record', rules, 'JSON.parse of it', parse, BARS.rules),
      row('read from a journal, detectors and 100 rules, a record', watched, 'only read', fed, undefined),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function observeAll(
  watching: { observe(record: AuditRecord): unknown },
  records: readonly AuditRecord[],
): void {
  for (const record of records) watching.observe(record);
}

async function write(folder: string, records: readonly AuditRecord[]): Promise<void> {
  const signer = await developmentSigner(join(folder, 'key.pem'), () => undefined);
  const journal = await Journal.open(join(folder, 'journals', 'a'), { signer });
  for (let at = 0; at < records.length; at += TOGETHER) {
    const some = records.slice(at, at + TOGETHER);
    await Promise.all(some.map((record) => journal.append(record, { durable: true })));
  }
  await journal.close();
}

async function feedAll(folder: string, take: (record: AuditRecord) => void): Promise<void> {
  const feed = new JournalFeed({ folder: join(folder, 'journals') });
  for (let records = await feed.next(BATCH); records.length > 0; records = await feed.next(BATCH))
    for (const { record } of records) take(record);
}

/** Microseconds of the processor for each record; collecting garbage is in it, what else runs is not. */
async function cost(records: number, run: () => Promise<void> | void): Promise<number> {
  const rounds: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) rounds.push((user + system) / records);
  }
  return median(rounds);
}

function row(metric: string, value: number, peer: string, peerValue: number, bar: number | undefined): Row {
  return {
    id: 'A1',
    metric,
    value,
    unit: 'us of the processor',
    peer,
    peerValue,
    ratio: value / peerValue,
    bar: bar === undefined ? 'no bar' : `<= ${bar} us`,
    holds: bar === undefined || value <= bar,
  };
}
