import type { ScanCommit } from '../scan-finding.ts';
import type { PatchTaker } from './patch-parser.ts';

/** What a commit adds to a file, as one text: its hunks, parted by empty lines. */
export interface Addition {
  readonly commit: ScanCommit;
  readonly path: Buffer;
  /** For each hunk, its first line in the text and in the file, both from 1. */
  readonly hunks: readonly (readonly [inText: number, inFile: number])[];
  readonly bytes: Uint8Array;
}

/** A file that git takes for binary. */
export interface BinaryFile {
  readonly commit: ScanCommit;
  readonly path: Buffer;
  readonly blob: string;
}

/** Additions of many files, in one buffer that can be handed over. */
export interface Batch {
  readonly additions: readonly Addition[];
  readonly buffer: ArrayBuffer;
}

/** What a batch holds; a longer addition has one of its own. */
const BATCH = 1 << 20;
/** Between hunks: no credential goes on over it. */
const GAP = Buffer.from('\n\n');

/**
 * Collects what a log adds.
 *
 * @param most bytes of one addition; what is more is left out
 * @param take is given each batch
 * @param tooLong is told of a file whose addition was cut
 */
export function createCollector(
  most: number,
  take: (batch: Batch) => void,
  tooLong: (path: Buffer) => void,
): PatchTaker & { readonly binaries: readonly BinaryFile[]; flush(): void } {
  const binaries: BinaryFile[] = [];
  let arena = Buffer.from(new ArrayBuffer(BATCH));
  let filled = 0;
  let additions: Addition[] = [];
  let open:
    | {
        commit: ScanCommit;
        path: Buffer;
        hunks: [number, number][];
        start: number;
        lines: number;
        cut: boolean;
      }
    | undefined;

  const close = (): void => {
    if (open === undefined) return;
    const { commit, path, hunks, start } = open;
    if (filled > start)
      additions.push({ commit, path, hunks, bytes: new Uint8Array(arena.buffer, start, filled - start) });
    open = undefined;
  };
  /** Hands over what is complete; what is open goes to the beginning of a new buffer with room for `more`. */
  const turn = (more: number): void => {
    const start = open?.start ?? filled;
    const pending = arena.subarray(start, filled);
    const wider = Buffer.from(new ArrayBuffer(Math.max(BATCH, (pending.length + more) * 2)));
    pending.copy(wider);
    if (additions.length > 0) take({ additions, buffer: arena.buffer });
    additions = [];
    arena = wider;
    filled = pending.length;
    if (open !== undefined) open.start = 0;
  };
  const append = (bytes: Buffer, from: number, to: number): void => {
    if (filled + to - from > arena.length) turn(to - from);
    filled += bytes.copy(arena, filled, from, to);
  };

  return {
    binaries,
    file: (commit, path) => {
      close();
      open = { commit, path: Buffer.from(path), hunks: [], start: filled, lines: 1, cut: false };
    },
    hunk: (line) => {
      if (open === undefined) return;
      if (filled > open.start) {
        // The last line of a file may have no end.
        if (arena[filled - 1] !== 10) {
          append(GAP, 0, 1);
          open.lines += 1;
        }
        append(GAP, 0, GAP.length);
        open.lines += GAP.length;
      }
      open.hunks.push([open.lines, line]);
    },
    added: (bytes, from, to) => {
      if (open === undefined || open.cut) return;
      if (filled - open.start + to - from > most) {
        open.cut = true;
        tooLong(open.path);
        return;
      }
      append(bytes, from, to);
      if (bytes[to - 1] === 10) open.lines += 1;
    },
    binary: (commit, path, blob) => {
      binaries.push({ commit, path: Buffer.from(path), blob });
    },
    flush: () => {
      close();
      turn(0);
    },
  };
}

/** The line of the file that a line of the text of an addition is. */
export function lineInFile({ hunks }: Pick<Addition, 'hunks'>, line: number): number {
  const [inText, inFile] = hunks.findLast(([first]) => first <= line) ?? [1, 1];
  return line - inText + inFile;
}
