import type { Readable } from 'node:stream';
import type { Budget } from './archive.ts';
import type { FileProblem } from './read-file.ts';

export const OVER_BUDGET: FileProblem = {
  why: 'too_large',
  message: 'It unpacks to more than an archive may; what follows in it was not scanned.',
};

/** Whether one more entry may be read. */
export function mayRead(budget: Budget): boolean {
  budget.entries -= 1;
  return budget.entries >= 0 && budget.bytes > 0;
}

/** All of a stream; what its header says of its size is not believed. */
export async function collect(stream: Readable, budget: Budget): Promise<Buffer | FileProblem> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    budget.bytes -= part.length;
    if (budget.bytes < 0 || size > budget.entryBytes) {
      stream.destroy();
      return OVER_BUDGET;
    }
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
