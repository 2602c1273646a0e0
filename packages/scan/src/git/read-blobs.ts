import { type GitOptions, startGit } from './run-git.ts';

/** One object, as `git cat-file --batch` gives it. */
export interface Blob {
  /** Its index among those that were asked for. */
  readonly index: number;
  /** `undefined` where it is larger than the limit; then `size` says how large. */
  readonly bytes: Buffer | undefined;
  readonly size: number;
  /** There is no such object. */
  readonly missing: boolean;
}

/**
 * Reads objects one after the other.
 *
 * @param ids full object names
 * @throws GitError where the repository is damaged
 */
export async function* readBlobs(
  ids: readonly string[],
  maxBytes: number,
  options: GitOptions,
): AsyncGenerator<Blob> {
  if (ids.length === 0) return;
  const git = startGit(['cat-file', '--batch', '--buffer'], options);
  git.stdin.end(`${ids.join('\n')}\n`);
  const reader = createReader(git.stdout);
  try {
    for (let index = 0; index < ids.length; index++) {
      const header = await reader.line();
      if (header === undefined) break;
      const [, kind, length = '0'] = header.split(' ');
      if (kind === 'missing' || length === '0') {
        if (kind !== 'missing') await reader.bytes(1);
        yield {
          index,
          bytes: kind === 'missing' ? undefined : Buffer.alloc(0),
          size: 0,
          missing: kind === 'missing',
        };
        continue;
      }
      const size = Number(length);
      const bytes = size > maxBytes ? undefined : await reader.bytes(size);
      if (bytes === undefined) await reader.pass(size);
      await reader.pass(1);
      yield { index, bytes, size, missing: false };
    }
    await git.done;
  } finally {
    git.kill();
  }
}

interface Reader {
  line(): Promise<string | undefined>;
  bytes(size: number): Promise<Buffer | undefined>;
  pass(size: number): Promise<void>;
}

function createReader(stream: AsyncIterable<Buffer>): Reader {
  const parts = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer | undefined> => {
    const { value, done } = (await parts.next()) as IteratorResult<Buffer, undefined>;
    return done === true ? undefined : value;
  };
  return {
    line: async () => {
      for (;;) {
        const end = rest.indexOf(10);
        if (end !== -1) {
          const line = rest.toString('latin1', 0, end);
          rest = rest.subarray(end + 1);
          return line;
        }
        const part = await more();
        if (part === undefined) return undefined;
        rest = Buffer.concat([rest, part]);
      }
    },
    // A copy of its own: it is handed over to another thread.
    bytes: async (size) => {
      const bytes = Buffer.from(new ArrayBuffer(size));
      let filled = 0;
      for (;;) {
        const taken = rest.copy(bytes, filled);
        filled += taken;
        rest = rest.subarray(taken);
        if (filled === size) return bytes;
        const part = await more();
        if (part === undefined) return undefined;
        rest = part;
      }
    },
    pass: async (size) => {
      let left = size;
      for (;;) {
        const taken = Math.min(left, rest.length);
        left -= taken;
        rest = rest.subarray(taken);
        if (left === 0) return;
        const part = await more();
        if (part === undefined) return;
        rest = part;
      }
    },
  };
}
