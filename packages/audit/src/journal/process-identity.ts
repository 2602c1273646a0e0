import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process this is, so that another one can tell later whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel says that it began, in its own unit; tells a process from a later one with the same number. */
  readonly started: string;
  /** Differs after each start of the machine. */
  readonly boot: string;
  /** In which process namespace (container) `pid` counts. */
  readonly space: string;
  readonly host: string;
}

/** What a system without `/proc` says. */
const UNKNOWN = 'unknown';

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    started: statusOf(process.pid)?.started ?? UNKNOWN,
    boot: orUnknown(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: orUnknown(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
  };
}

/** Whether another process still runs; `unknown` when this one cannot see it, as from another machine or container. */
export function isRunning(other: ProcessIdentity, self: ProcessIdentity): boolean | 'unknown' {
  if (other.host !== self.host) return UNKNOWN;
  if (other.boot !== self.boot) return false;
  if (other.space !== self.space) return UNKNOWN;
  if (!exists(other.pid)) return false;
  const now = statusOf(other.pid);
  // One that has ended keeps its number until its parent asks for it, which in a container may be never.
  if (now === undefined) return true;
  return !now.ended && (other.started === UNKNOWN || other.started === now.started);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Fields 3 and 22 of proc(5) stat; undefined where there is no such file. */
function statusOf(pid: number): { readonly ended: boolean; readonly started: string } | undefined {
  const stat = orUnknown(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name of the program stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', started] = [fields[0], fields[19]];
  return started === undefined ? undefined : { ended: 'ZX'.includes(state), started };
}

function orUnknown(read: () => string): string {
  try {
    return read();
  } catch {
    return UNKNOWN;
  }
}
