import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The .gitignore files from the root of a scan down to a folder. */
export interface IgnoreRules {
  /** With those of a folder in it, whose path is relative to the root. */
  inFolder(folder: string): IgnoreRules;
  /** Whether the last rule that says something about a path says that it is ignored. A folder has a slash at its end. */
  ignores(path: string): boolean;
}

interface Level {
  /** Where it applies: the path of its folder with a slash, or nothing for the root. */
  readonly prefix: string;
  readonly rules: Ignore;
}

export function createIgnoreRules(root: string, levels: readonly Level[] = []): IgnoreRules {
  return {
    inFolder: (folder) => {
      const text = readRules(join(root, folder, '.gitignore'));
      if (text === undefined) return createIgnoreRules(root, levels);
      const prefix = folder === '' ? '' : `${folder}/`;
      return createIgnoreRules(root, [...levels, { prefix, rules: ignore().add(text) }]);
    },
    ignores: (path) => {
      for (const { prefix, rules } of levels.toReversed()) {
        const { ignored, unignored } = rules.test(path.slice(prefix.length));
        if (ignored || unignored) return ignored;
      }
      return false;
    },
  };
}

function readRules(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // There is none, or it cannot be read: then nothing is ignored by it, and more is scanned.
    return undefined;
  }
}
