import { type Dirent, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createIgnoreRules, type IgnoreRules } from './ignore-rules.ts';
import { type FileProblem, problemOf } from './read-file.ts';

/** What a walk meets. */
export type WalkEntry =
  | { readonly kind: 'file'; readonly path: string | Buffer }
  | { readonly kind: 'symlink'; readonly path: string | Buffer }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'problem'; readonly path: string | Buffer; readonly problem: FileProblem };

export interface WalkOptions {
  /** Whether .gitignore files count. */
  readonly ignore: boolean;
}

const NOT_A_FILE: FileProblem = {
  why: 'not_a_file',
  message: 'It is a FIFO, a socket or a device, and was not opened.',
};
const REPLACEMENT = '\ufffd';

/**
 * Everything under a folder but `.git`, in the order of names; symbolic links are told of and not followed, so there are no
 * loops. Paths are relative to `root`.
 */
export function* walk(root: string, start: string, options: WalkOptions): Generator<WalkEntry> {
  const rules = createIgnoreRules(root);
  let above = options.ignore && start !== '' ? rules.inFolder('') : rules;
  const parts = start.split('/');
  for (let depth = 1; options.ignore && depth < parts.length; depth++)
    above = above.inFolder(parts.slice(0, depth).join('/'));
  yield* walkFolder(root, start, options.ignore ? above : undefined);
}

function* walkFolder(root: string, folder: string, above: IgnoreRules | undefined): Generator<WalkEntry> {
  const rules = above?.inFolder(folder);
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    yield { kind: 'problem', path: folder, problem: problemOf(error) };
    return;
  }
  if (entries.some(({ name }) => name.includes(REPLACEMENT))) {
    yield* oddNames(root, folder);
    entries = entries.filter(({ name }) => !name.includes(REPLACEMENT));
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name === '.git') continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (rules !== undefined && rules.ignores(entry.isDirectory() ? `${path}/` : path))
      yield { kind: 'ignored' };
    else if (entry.isDirectory()) yield* walkFolder(root, path, rules);
    else if (entry.isFile()) yield { kind: 'file', path };
    else if (entry.isSymbolicLink()) yield { kind: 'symlink', path };
    else yield { kind: 'problem', path, problem: NOT_A_FILE };
  }
}

/** Names that are no UTF-8: what they are called is known in bytes only, and no rule is asked about them. */
function* oddNames(root: string, folder: string): Generator<WalkEntry> {
  const inside = Buffer.from(folder === '' ? '' : `${folder}${sep}`);
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true, encoding: 'buffer' })) {
    const name = Buffer.from(entry.name);
    if (Buffer.from(name.toString('utf8')).equals(name) && !name.includes(REPLACEMENT)) continue;
    const path = Buffer.concat([inside, name]);
    if (entry.isFile()) yield { kind: 'file', path };
    else if (entry.isSymbolicLink()) yield { kind: 'symlink', path };
    else if (entry.isDirectory())
      yield {
        kind: 'problem',
        path,
        problem: {
          why: 'odd_path',
          message: 'It is a folder whose name is no UTF-8, and was not scanned; rename it.',
        },
      };
    else yield { kind: 'problem', path, problem: NOT_A_FILE };
  }
}
