import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { framesOf } from './frames-of.ts';
import type { Bench } from './support.ts';

/** Cuts a journal off behind so many records, with every checkpoint that would tell of more. */
export function cutAt(bench: Bench, size: number): void {
  for (const path of bench.files('.journal').toReversed()) {
    const first = Number(/([0-9]{16})\.journal$/.exec(path)?.[1]);
    const notes = path.replace('.journal', '.checkpoints');
    if (first >= size) {
      rmSync(path);
      rmSync(notes);
      continue;
    }
    const end = framesOf(readFileSync(path)).find(({ seq }) => seq === size)?.start;
    if (end !== undefined) truncateSync(path, end);
    const kept = readFileSync(notes, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && Number(line.split('\\n')[1]) <= size);
    writeFileSync(notes, kept.map((line) => `${line}\n`).join(''));
    return;
  }
}
