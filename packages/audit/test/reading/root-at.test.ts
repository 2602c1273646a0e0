import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCheckpoint } from '../../src/journal/checkpoint.ts';
import { rootAt } from '../../src/reading/root-at.ts';
import { Bench, ids } from '../journal/support.ts';

describe('the root of the first records of a journal', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  test('is that of each checkpoint, in whichever segment its last record is', async () => {
    await bench.write(ids(40), { segmentBytes: 2000, checkpointRecords: 3 });
    const checkpoints = bench.notes.map((note) => parseCheckpoint(note));
    expect(checkpoints.length).toBeGreaterThan(8);
    for (const checkpoint of checkpoints)
      expect(await rootAt(bench.folder, checkpoint?.size ?? 0)).toBe(checkpoint?.root);
  });

  test('is not known of more records than there are, nor of those that are gone', async () => {
    await bench.write(ids(40), { segmentBytes: 2000 });
    expect(await rootAt(bench.folder, 41)).toBeDefined();
    expect(await rootAt(bench.folder, 42)).toBeUndefined();
    rmSync(bench.files('.journal')[0] ?? '');
    expect(await rootAt(bench.folder, 1)).toBeUndefined();
    expect(await rootAt(`${bench.folder}/none`, 1)).toBeUndefined();
  });
});
