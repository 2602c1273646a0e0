import { readdir } from 'node:fs/promises';
import { readText, NO_ANSWER, type Unread } from './read-text.ts';
import { withinTime } from './within-time.ts';

/** A file that a policy was read from, or a folder, with what it says. */
export interface ReadPlace {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** What an editor leaves beside a file changes nothing. */
const YAML = /\.ya?ml$/i;

/** What a file says; of a folder the names of folders and YAML files in it: one more or one less is another policy. */
export async function readPlace(path: string): Promise<string | Unread> {
  const text = await readText(path);
  if (typeof text === 'string' || text.code !== 'EISDIR') return text;
  try {
    const entries = await withinTime(readdir(path, { withFileTypes: true }));
    if (entries === undefined) return { code: NO_ANSWER };
    const names = entries.filter((entry) => entry.isDirectory() || YAML.test(entry.name));
    return names
      .map(({ name }) => name)
      .toSorted()
      .join('\n');
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
}
