import { readFile } from 'node:fs/promises';

/**
 * What tells a process from an earlier or later one of the same number: in containers, every program is
 * process 1. Undefined where there is no /proc.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc(5), start time; the name before it, in brackets, may have spaces and brackets in it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? undefined : `${boot.trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}
