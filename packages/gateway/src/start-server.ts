import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { NotStarted } from './server-end.ts';

/** What to run. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the server; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;
}

/**
 * Starts a server, as the leader of a process group of its own, or says why it cannot be started. A command
 * that is not found is only known later, by the `error` event of the process.
 */
export function startServer(server: ServerCommand, stderr: Writable | 'inherit'): ChildProcess | Error {
  try {
    return spawn(server.command, [...server.args], {
      env: { ...server.env },
      cwd: server.cwd,
      stdio: ['pipe', 'pipe', stderr === 'inherit' ? 'inherit' : 'pipe'],
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error('The server could not be started.');
  }
}

/** What the error of a process that did not start means. */
export function whyNotStarted(error: NodeJS.ErrnoException, cwd: string | undefined): NotStarted {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    // The operating system gives one code for both.
    return cwd !== undefined && !existsSync(cwd) ? 'no_directory' : 'not_found';
  }
  return error.code === 'EACCES' || error.code === 'ENOEXEC' ? 'not_executable' : 'failed';
}

/**
 * Copies stderr byte for byte, as fast as `to` takes it; when `to` is gone, the server must not block on
 * it.
 */
export function passThrough(from: NodeJS.ReadableStream, to: Writable): void {
  const gone = (): void => {
    from.unpipe(to);
    from.resume();
  };
  to.on('error', gone);
  from.once('close', () => to.off('error', gone));
  from.pipe(to, { end: false });
}
