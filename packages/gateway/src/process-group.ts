import type { ChildProcess } from 'node:child_process';

/**
 * A child with everything it started. Wrappers such as `npx` run the server as a grandchild, and to signal
 * only the wrapper would leave the server behind. Needs a child that leads its own process group
 * (`detached`); on Windows, which has no such groups, only the child itself is reached.
 */
export class ProcessGroup {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Whether the child or anything it started is still there. Processes that left the group are not seen. */
  get alive(): boolean {
    if (process.platform === 'win32') return this.#child.exitCode === null && this.#child.signalCode === null;
    return this.#signal(0);
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (process.platform === 'win32') this.#child.kill(signal);
    else this.#signal(signal);
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      // The group keeps the number from being given to another process for as long as it has a member.
      process.kill(-pid, signal);
      return true;
    } catch (error) {
      // macOS says EPERM for a group of nothing but zombies; either way nothing is left that we could signal.
      return (error as NodeJS.ErrnoException).code === 'EPERM' && signal !== 0;
    }
  }
}
