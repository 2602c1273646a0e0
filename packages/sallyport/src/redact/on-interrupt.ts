import { constants } from 'node:os';

/**
 * Cleans up before Ctrl-C or SIGTERM end the process, with 130 or 143 as a shell tells it. Returns what takes this back.
 */
export function onInterrupt(cleanUp: () => void): () => void {
  const end = (signal: 'SIGINT' | 'SIGTERM'): void => process.exit(128 + constants.signals[signal]);
  // On exit, so that everybody who has something to clean up gets a turn.
  process.on('exit', cleanUp);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return () => {
    process.off('exit', cleanUp);
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  };
}
