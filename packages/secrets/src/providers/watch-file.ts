import { stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';

/**
 * Calls `changed` when a path may lead to other bytes, and once when it begins, since a change just before is not seen.
 *
 * It looks at the file again and again. `fs.watch` follows the file that was there, not the name: it loses an editor's
 * rename, the swap of the symlink `..data` that Kubernetes makes, and what happens behind a bind mount.
 */
export function watchFile(path: string, everyMs: number, clock: Clock, changed: () => void): () => void {
  let ended = false;
  let endTimer: (() => void) | undefined;
  let before: string | undefined;
  const look = async (): Promise<void> => {
    const now = await markOf(path);
    if (ended) return;
    endTimer = clock.after(everyMs, () => void look());
    if (now === before) return;
    before = now;
    changed();
  };
  void look();
  return () => {
    ended = true;
    endTimer?.();
  };
}

/** Which file a path leads to, and its state. Never rejects. The time of the inode is there for a new owner or mode, which may make a file readable. */
async function markOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join('\n');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}
