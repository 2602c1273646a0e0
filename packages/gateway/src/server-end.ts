import { constants } from 'node:os';

/** Why a command never ran. */
export type NotStarted = 'not_found' | 'not_executable' | 'no_directory' | 'no_environment' | 'failed';

/** What made a running server useless, so that it had to be ended. */
export type ServerFault = 'stdin_closed' | 'stdout_closed' | 'handshake_failed';

/** How a server ended. */
export type ServerEnd =
  | { readonly kind: 'not_started'; readonly why: NotStarted }
  | {
      readonly kind: 'exited';
      readonly code: number | undefined;
      readonly signal: NodeJS.Signals | undefined;
      readonly fault: ServerFault | undefined;
    };

/** Whether the server failed, rather than having decided that its work is done. */
export function isCrash(end: ServerEnd): boolean {
  return exitCodeOf(end) !== 0;
}

/**
 * The exit code that tells how the server ended, as shells have it (POSIX.1-2024, 2.8.2): 126, 127, 128 +
 * signal.
 */
export function exitCodeOf(end: ServerEnd): number {
  if (end.kind === 'not_started') return end.why === 'not_found' ? 127 : 126;
  // It died of our signal; what it did wrong came before.
  if (end.fault !== undefined) return 1;
  if (end.signal !== undefined) return 128 + constants.signals[end.signal];
  return end.code ?? 1;
}

/** One sentence for the operator, and for the client: no path, no argument. */
export function sentenceOf(end: ServerEnd): string {
  if (end.kind === 'exited') {
    if (end.fault !== undefined) return FAULTS[end.fault];
    if (end.signal !== undefined) return `The server was ended by ${end.signal}.`;
    return `The server exited with code ${end.code ?? 1}.`;
  }
  switch (end.why) {
    case 'not_found':
      return 'The server could not be started: its command was not found.';
    case 'not_executable':
      return 'The server could not be started: its command is not executable.';
    case 'no_directory':
      return 'The server could not be started: its working directory does not exist.';
    case 'no_environment':
      return 'The server could not be started: its environment could not be put together.';
    case 'failed':
      return 'The server could not be started.';
  }
}

const FAULTS: Readonly<Record<ServerFault, string>> = {
  stdin_closed: 'The server closed its stdin, and had to be ended.',
  stdout_closed: 'The server closed its stdout, and had to be ended.',
  handshake_failed: 'The restarted server did not repeat the handshake, and had to be ended.',
};
