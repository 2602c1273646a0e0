import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { Budget, TakeEntry } from './archive.ts';
import { collect, mayRead, OVER_BUDGET } from './budget.ts';
import type { FileProblem } from './read-file.ts';

/** Reads a tar archive, compressed with gzip or not. */
export async function readTar(bytes: Buffer, budget: Budget, take: TakeEntry): Promise<void> {
  const unpacked = isGzip(bytes) ? await unpack(bytes, budget) : bytes;
  if (!Buffer.isBuffer(unpacked)) return take('', unpacked);
  const entries: Promise<readonly [string, Buffer]>[] = [];
  let isOver = false;
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      if (entry.type !== 'File' && entry.type !== 'OldFile' && entry.type !== 'ContiguousFile') {
        entry.resume();
        return;
      }
      if (isOver || !mayRead(budget) || entry.size > budget.entryBytes) {
        isOver = true;
        entry.resume();
        return;
      }
      entries.push(entry.concat().then((part): [string, Buffer] => [entry.path, part]));
    },
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.end(unpacked);
  });
  for (const entry of entries) await take(...(await entry));
  if (isOver) await take('', OVER_BUDGET);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The whole tar file is no entry: only the budget of all bounds it. */
async function unpack(bytes: Buffer, budget: Budget): Promise<Buffer | FileProblem> {
  const all = { ...budget, entryBytes: budget.bytes };
  const unpacked = await collect(gunzip(bytes), all);
  budget.bytes = all.bytes;
  return unpacked;
}

/** Reads what one file was compressed to. */
export async function readGzip(bytes: Buffer, budget: Budget, take: TakeEntry): Promise<void> {
  await take('content', await collect(gunzip(bytes), budget));
}

function gunzip(bytes: Buffer): Readable {
  return Readable.from([bytes]).pipe(createGunzip());
}
