import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/audit-record.ts';
import { sealFrame } from '../../src/journal/frame.ts';
import { planScan } from '../../src/reading/plan-scan.ts';
import { scanJournal, type ScanOptions } from '../../src/reading/scan-journal.ts';
import type { ScanProblem } from '../../src/reading/scan-problem.ts';
import { framesOf } from '../journal/frames-of.ts';
import { Bench, ids, record } from '../journal/support.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');

describe('a scan of a journal', () => {
  let bench: Bench;
  let problems: Omit<ScanProblem, 'journal'>[];
  beforeEach(() => {
    bench = new Bench();
    problems = [];
  });
  afterEach(() => bench.dispose());

  async function scan(
    range: { since?: number; until?: number } = {},
    options: ScanOptions = {},
  ): Promise<string[]> {
    const found: string[] = [];
    const onProblem = ({ journal: _journal, ...problem }: ScanProblem): unknown => problems.push(problem);
    for await (const line of scanJournal(await planScan(bench.folder, range), { onProblem, ...options }))
      found.push(line.kind === 'record' ? line.record.id : `#${line.entry.type}`);
    return found;
  }

  /** A journal of ten segments, one for each of ten hours from `START`, with records of that hour. */
  async function tenHours(): Promise<void> {
    for (let hour = 0; hour < 10; hour += 1) {
      const now = START + hour * HOUR;
      const journal = await bench.open({ now: () => now, segmentAgeMs: HOUR });
      const time = new Date(now).toISOString();
      const more: AuditRecord = { ...record(`h${hour}`), time };
      await journal.append(more, { durable: true });
      await journal.close();
    }
  }

  test('gives every record, and what the journal says itself, in order', async () => {
    await bench.write(ids(20), { segmentBytes: 2000 });
    await bench.write(ids(5, 's'), { segmentBytes: 2000 });
    expect(await scan()).toEqual(['#open', ...ids(20), '#open', ...ids(5, 's')]);
    expect(bench.files('.journal').length).toBeGreaterThan(3);
    expect(problems).toEqual([]);
  });

  test('of a pruned journal begins where it begins', async () => {
    await bench.write(ids(60), { segmentBytes: 1500 });
    await bench.write(['last'], { segmentBytes: 1500, keepBytes: 6000 });
    const found = await scan();
    expect(found.slice(-3)).toEqual(['#open', 'last', '#prune']);
    expect(found).not.toContain('r0');
    expect(problems).toEqual([]);
  });

  test('tells the bytes of all segments it read', async () => {
    await bench.write(ids(50), { segmentBytes: 3000 });
    let told = 0;
    await scan({}, { onBytes: (bytes) => (told += bytes) });
    expect(told).toBe((await planScan(bench.folder)).bytes);
  });

  test('leaves out segments that were written long before or after, and no record that was asked for', async () => {
    await tenHours();
    const all = await planScan(bench.folder);
    expect(all.segments.length).toBeGreaterThanOrEqual(9);
    const some = await planScan(bench.folder, { since: START + 4.5 * HOUR, until: START + 5.5 * HOUR });
    expect(some.segments.length).toBeLessThan(7);
    const found = await scan({ since: START + 4.5 * HOUR, until: START + 5.5 * HOUR });
    expect(found).toEqual(expect.arrayContaining(['h4', 'h5']));
    expect(found).not.toContain('h0');
    expect(found).not.toContain('h9');
    expect(await scan({ since: START + 100 * HOUR })).toEqual(expect.arrayContaining(['h9']));
    expect(problems).toEqual([]);
  });

  test.each([0, 3, 9])('a false time in the head of segment %i hides nothing', async (index) => {
    await tenHours();
    const path = bench.files('.journal')[index] ?? '';
    const bytes = readFileSync(path);
    const time = bytes.indexOf('"time":"2026-');
    for (const year of ['9026', '1026']) {
      bytes.write(year, time + '"time":"'.length);
      sealFrame(bytes, 0, 8 + bytes.readUInt32LE(0));
      writeFileSync(path, bytes);
      for (let hour = 0; hour < 10; hour += 1) {
        const range = { since: START + hour * HOUR, until: START + hour * HOUR };
        expect(await scan(range)).toContain(`h${hour}`);
        expect((await planScan(bench.folder, range)).begun).toBeLessThanOrEqual(range.until);
      }
    }
  });

  test('a segment whose first record cannot be read is not left out', async () => {
    await tenHours();
    const path = bench.files('.journal')[4] ?? '';
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, 8 + bytes.readUInt32LE(0)));
    const plan = await planScan(bench.folder, { since: START + 9 * HOUR });
    expect(plan.segments.map(({ files }) => files.path)).toContain(path);
  });

  test('of records that cannot match does not parse them', async () => {
    await bench.write(ids(10));
    const found = await scan({}, { mayMatch: (body) => body.includes('"id":"r4"') });
    expect(found).toEqual(['#open', 'r4']);
  });

  describe('in a damaged journal', () => {
    beforeEach(() => bench.write(ids(40), { segmentBytes: 3000 }));

    function rewrite(index: number, change: (bytes: Buffer) => Uint8Array): void {
      const path = bench.files('.journal')[index] ?? '';
      writeFileSync(path, change(readFileSync(path)));
    }

    test('a changed byte hides the rest of its segment, and nothing more', async () => {
      const whole = await scan();
      let [sequence, next] = [0, 0];
      rewrite(1, (bytes) => {
        const frame = framesOf(bytes)[3];
        sequence = frame?.seq ?? 0;
        bytes[(frame?.end ?? 0) - 2] = 0;
        return bytes;
      });
      next = Number(/(\d+)\.journal$/.exec(bench.files('.journal')[2] ?? '')?.[1]);
      expect(await scan()).toEqual([...whole.slice(0, sequence), ...whole.slice(next)]);
      expect(problems).toEqual([{ why: 'unreadable', sequence }]);
    });

    test('a record that was taken out is missing, and the rest is read', async () => {
      const whole = await scan();
      let sequence = 0;
      rewrite(0, (bytes) => {
        const frame = framesOf(bytes)[4];
        sequence = frame?.seq ?? 0;
        return Buffer.concat([bytes.subarray(0, frame?.start), bytes.subarray(frame?.end)]);
      });
      expect(await scan()).toEqual(whole.toSpliced(sequence, 1));
      expect(problems).toEqual([{ why: 'missing', sequence, until: sequence + 1 }]);
    });

    test('a record that stands twice is told of', async () => {
      let sequence = 0;
      rewrite(0, (bytes) => {
        const frame = framesOf(bytes)[4];
        sequence = frame?.seq ?? 0;
        return Buffer.concat([bytes.subarray(0, frame?.end), bytes.subarray(frame?.start)]);
      });
      await scan();
      expect(problems).toEqual([{ why: 'order', sequence }]);
    });

    test('a segment that was taken away is missing', async () => {
      const [, second, third] = bench.files('.journal');
      const first = (path = ''): number => Number(/(\d+)\.journal$/.exec(path)?.[1]);
      rmSync(second ?? '');
      await scan();
      expect(problems).toEqual([{ why: 'missing', sequence: first(second), until: first(third) }]);
    });

    test('something with a fitting checksum that is no record is left out', async () => {
      const whole = await scan();
      let sequence = 0;
      rewrite(0, (bytes) => {
        const frame = framesOf(bytes)[4];
        const [start, end] = [frame?.start ?? 0, frame?.end ?? 0];
        sequence = frame?.seq ?? 0;
        bytes.write('"type":"evnet"', bytes.indexOf('"type":"event"', start));
        sealFrame(bytes, start, end);
        return bytes;
      });
      expect(await scan()).toEqual(whole.toSpliced(sequence, 1));
      expect(problems).toEqual([{ why: 'malformed', sequence }]);
    });

    test('an end that was cut off although a checkpoint covers it is missing', async () => {
      const last = bench.files('.journal').at(-1) ?? '';
      const frame = framesOf(readFileSync(last)).at(-1);
      truncateSync(last, frame?.start);
      await scan();
      expect(problems).toEqual([{ why: 'missing', sequence: frame?.seq, until: (frame?.seq ?? 0) + 1 }]);
      problems = [];
      truncateSync(last, (frame?.start ?? 0) - 5);
      await scan();
      expect(problems).toEqual([{ why: 'unreadable', sequence: (frame?.seq ?? 0) - 1 }]);
    });
  });

  test('what a crash tore just ends it', async () => {
    const journal = await bench.open({ checkpointRecords: 4096, checkpointMs: 60_000 });
    for (const id of ids(10)) await journal.append(record(id), { durable: true });
    const path = bench.files('.journal')[0] ?? '';
    const bytes = readFileSync(path);
    await journal.close();
    // As it was before the last checkpoint, with half a record at its end.
    for (const checkpoints of bench.files('.checkpoints')) truncateSync(checkpoints, 0);
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    expect(await scan()).toEqual(['#open', ...ids(9)]);
    writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(300)]));
    expect(await scan()).toEqual(['#open', ...ids(10)]);
    expect(problems).toEqual([]);
  });

  test('a folder without a journal has nothing to read', async () => {
    expect(await scan()).toEqual([]);
  });
});
