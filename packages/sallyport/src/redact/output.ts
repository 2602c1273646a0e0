import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  createWriteStream,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { onInterrupt } from './on-interrupt.ts';
import { UnusableFile, unwritable } from './unusable-file.ts';

/** Where texts go. A file appears, or changes, with all of them at once. */
export interface Output {
  /** @throws the error of the system, such as EPIPE when nobody reads any more */
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind, and what was there before as it was. */
  discard(): void;
}

/** As many links as Linux follows. */
const MOST_LINKS = 40;
/** Files that are open here already; to put another in their place would lose what others write there. */
const OPEN_ALREADY = /^\/(?:dev\/(?:stdout|stderr|fd\/)|proc\/)/;

export function standardOutput(): Output {
  // Each write says for itself what went wrong.
  process.stdout.on('error', () => undefined);
  return {
    write: (text) => written(process.stdout, text),
    finish: () => Promise.resolve(),
    discard: () => undefined,
  };
}

/**
 * A link is followed and stays; a device or a pipe is written into, since there is nothing to put in its place. Ctrl-C and
 * SIGTERM leave no half-written file.
 *
 * @param mode of a new file; one that is there keeps its own
 * @throws UnusableFile, before anything is written
 */
export async function outputTo(path: string, mode: number): Promise<Output> {
  if (path === '/dev/stdout') return standardOutput();
  const found = statOf(path);
  if (found?.isDirectory() === true) throw new UnusableFile(`${path} is a folder; name a file in it`);
  if (found !== undefined && (!found.isFile() || OPEN_ALREADY.test(path))) return await intoSpecial(path);
  const target = targetOf(path);
  if (found !== undefined) refuseReadOnly(path);
  const temporary = join(dirname(target), `${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  // Before it is there: a signal may come at any moment after that.
  const unheard = onInterrupt(() => rmSync(temporary, { force: true }));
  let fd: number;
  try {
    fd = opened(path, temporary, found === undefined ? mode : 0o600);
  } catch (error) {
    unheard();
    throw error;
  }
  const stream = createWriteStream(temporary, { fd });
  stream.on('error', () => undefined);
  return {
    write: (text) => written(stream, text),
    finish: async () => {
      stream.end();
      await finished(stream);
      if (found !== undefined) chmodSync(temporary, found.mode & 0o777);
      renameSync(temporary, target);
      unheard();
    },
    discard: () => {
      stream.destroy();
      rmSync(temporary, { force: true });
      unheard();
    },
  };
}

async function intoSpecial(path: string): Promise<Output> {
  const stream = createWriteStream(path, { flags: 'a' });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw unwritable(path, dirname(path), error);
  }
  stream.on('error', () => undefined);
  return {
    write: (text) => written(stream, text),
    finish: async () => {
      stream.end();
      await finished(stream);
    },
    discard: () => void stream.destroy(),
  };
}

function written(stream: Writable, text: string): Promise<void> {
  return new Promise((done, failed) => {
    stream.write(text, (error) => {
      if (error) failed(error);
      else done();
    });
  });
}

function opened(path: string, temporary: string, mode: number): number {
  try {
    return openSync(temporary, 'wx', mode);
  } catch (error) {
    throw unwritable(path, dirname(temporary), error);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unwritable(path, dirname(path), error);
  }
}

/** Otherwise a file that its owner protected would be replaced all the same. */
function refuseReadOnly(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UnusableFile(`${path} cannot be written: permission denied`, { cause: error });
  }
}

/** Where the links of a path lead, also to a file that is not there yet. */
function targetOf(path: string): string {
  let target = resolve(path);
  try {
    for (let links = 0; links < MOST_LINKS; links += 1) {
      target = join(realpathSync(dirname(target)), basename(target));
      if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
      target = resolve(dirname(target), readlinkSync(target));
    }
  } catch (error) {
    throw unwritable(path, dirname(target), error);
  }
  throw new UnusableFile(`${path} cannot be written: its links lead back to themselves; name another`);
}
