import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JournalFollower } from '../../src/reading/journal-follower.ts';
import type { JournalLine } from '../../src/reading/journal-line.ts';
import type { ScanProblem } from '../../src/reading/scan-problem.ts';
import { Bench, ids, record } from '../journal/support.ts';

describe('who follows a journal', () => {
  let bench: Bench;
  let problems: ScanProblem[];
  beforeEach(() => {
    bench = new Bench();
    problems = [];
  });
  afterEach(() => bench.dispose());

  function follower(matches?: (line: JournalLine) => boolean): JournalFollower {
    return new JournalFollower(
      { name: 'files/0', folder: bench.folder },
      { onProblem: (problem) => problems.push(problem), ...(matches && { matches }) },
    );
  }

  function idsOf(lines: readonly JournalLine[]): string[] {
    return lines.flatMap((line) => (line.kind === 'record' ? [line.record.id] : []));
  }

  async function rest(of: JournalFollower): Promise<string[]> {
    const all: string[] = [];
    for (let more = await of.next(); more.length > 0; more = await of.next()) all.push(...idsOf(more));
    return all;
  }

  test.each([0, 1, 7, 40, 1000])('gets the last %i of forty records over many segments', async (count) => {
    await bench.write(ids(40), { segmentBytes: 1500 });
    const one = follower();
    expect(idsOf(await one.last(count))).toEqual(count === 0 ? [] : ids(40).slice(-count));
    expect(await rest(one)).toEqual([]);
  });

  test('gets the last ones that match, however far back they are', async () => {
    await bench.write(ids(40), { segmentBytes: 1500 });
    const one = follower((line) => line.kind === 'record' && /^r[0-9]$/.test(line.record.id));
    expect(idsOf(await one.last(3))).toEqual(['r7', 'r8', 'r9']);
  });

  test('gets what is added, through rotation, and each record once', async () => {
    const journal = await bench.open({ segmentBytes: 1500 });
    for (const id of ids(10)) await journal.append(record(id), { durable: true });
    const one = follower();
    expect(idsOf(await one.last(2))).toEqual(['r8', 'r9']);
    for (const id of ids(30, 's')) await journal.append(record(id), { durable: true });
    expect(await rest(one)).toEqual(ids(30, 's'));
    await journal.append(record('more'), { durable: true });
    expect(await rest(one)).toEqual(['more']);
    await journal.close();
    expect(problems).toEqual([]);
  });

  test('waits for a journal that is not there yet, and gets it from its beginning', async () => {
    const one = follower();
    expect(await one.last(5)).toEqual([]);
    expect(await rest(one)).toEqual([]);
    await bench.write(ids(3));
    expect(await rest(one)).toEqual(ids(3));
  });

  test('is told when what it got did not last, and gets what took its place, and nothing twice', async () => {
    await bench.write(ids(10));
    const one = follower();
    expect(idsOf(await one.last(20))).toEqual(ids(10));
    const [path = ''] = bench.files('.journal');
    // A power cut: the last records and their checkpoints never became durable, only the first checkpoint did.
    truncateSync(path, readFileSync(path).length - 700);
    for (const checkpoints of bench.files('.checkpoints'))
      truncateSync(checkpoints, readFileSync(checkpoints).indexOf('\n') + 1);
    await bench.write(ids(10, 'new'));
    expect(await rest(one)).toEqual(ids(10, 'new'));
    expect(problems).toMatchObject([{ journal: 'files/0', why: 'reread' }]);
  });

  test('is told of a byte that was changed', async () => {
    await bench.write(ids(10));
    const [path = ''] = bench.files('.journal');
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('"id":"r4"')] = 0;
    writeFileSync(path, bytes);
    expect(idsOf(await follower().last(20))).toEqual(ids(4));
    expect(problems.map(({ why }) => why)).toContain('unreadable');
  });
});
