import { readFileSync } from 'node:fs';

/** Whether a process is there and no zombie: one that only waits for its parent to look has ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No /proc here; or it ended just now.
    return process.platform !== 'linux';
  }
}
