import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { NotStarted } from './server-end.ts';

/** Names and values; what is undefined is left out. */
export type ServerEnvironment = Readonly<Record<string, string | undefined>>;

/** What to run. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
}

/**
 * Starts a server, as the leader of a process group of its own, or says why it cannot be started. A command
 * that is not found is only known later, by the `error` event of the process.
 *
 * @param env the whole environment of the server; nothing is inherited
 */
export function startServer(
  server: ServerCommand,
  env: ServerEnvironment,
  stderr: Writable | 'inherit',
): ChildProcess | Error {
  try {
    return spawn(server.command, [...server.args], {
      env: { ...env },
      cwd: server.cwd,
      stdio: ['pipe', 'pipe', stderr === 'inherit' ? 'inherit' : 'pipe'],
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
    });
  } catch (error) {
    // Only its code is ever shown: the text of Node's error may repeat a value of the environment.
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
