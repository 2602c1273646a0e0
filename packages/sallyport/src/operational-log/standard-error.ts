import { constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import { UnhurriedOutput } from './unhurried-output.ts';
import type { LineTarget } from './log-stream.ts';

/** The part of the stream of Node that is asked to keep file descriptor 2 from blocking. */
interface Handle {
  setBlocking?(isBlocking: boolean): unknown;
}

/**
 * Puts in place of `process.stderr`, for whoever writes to it from here on, one that never waits for its reader: a pipe that is
 * full, or a terminal that is stopped (Ctrl-S), would hold up every call and every signal. What is not taken waits in
 * memory; how much of it, those who write decide by `writableLength`. Files are left as they are.
 *
 * That the descriptor does not block is no matter of ours alone: the flag belongs to the open file, which whoever started
 * us may share with other processes, and each that starts a child with it takes the flag away. So the pipe or terminal is
 * opened anew, for us alone, where the system can do that (Linux); elsewhere the flag is set before each write.
 *
 * To be called once in a process, before anything else writes.
 */
export function takeStandardError(): LineTarget {
  const node = process.stderr;
  // On Windows pipes and consoles are written by means that know no such flag.
  if (process.platform === 'win32' || !canBlock()) return node;
  const own = openedAnew();
  const { _handle: handle } = node as { readonly _handle?: Handle };
  const output =
    own === undefined ? new UnhurriedOutput(2, () => handle?.setBlocking?.(false)) : new UnhurriedOutput(own);
  Object.defineProperty(process, 'stderr', { value: output, configurable: true, enumerable: true });
  return output;
}

/** A named pipe is none of them: it can get a new reader, and the stream of Node goes on after a write that failed. */
function canBlock(): boolean {
  const stat = fstatSync(2);
  if (stat.isFIFO()) return linked()?.startsWith('pipe:') ?? true;
  return stat.isSocket() || isatty(2);
}

function linked(): string | undefined {
  try {
    return readlinkSync('/proc/self/fd/2');
  } catch {
    return undefined;
  }
}

/** Not possible for sockets, for terminals of somebody else, and without `/proc`. */
function openedAnew(): number | undefined {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync('/proc/self/fd/2', O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}
