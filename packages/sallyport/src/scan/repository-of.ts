import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder upwards that a repository begins in; undefined where there is none. */
export function repositoryOf(folder: string): string | undefined {
  let top = folder;
  while (!existsSync(join(top, '.git'))) {
    const up = dirname(top);
    if (up === top) return undefined;
    top = up;
  }
  return top;
}
