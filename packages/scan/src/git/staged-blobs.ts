import { type GitOptions, readGit } from './run-git.ts';

/** A file of the index that differs from the last commit. */
export interface StagedFile {
  readonly path: Buffer;
  /** The object that is staged. */
  readonly blob: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
}

const KINDS: Readonly<Record<string, StagedFile['kind']>> = { '120': 'symlink', '160': 'submodule' };

/** Against the last commit, or against nothing before the first one. The work tree is not read. */
export async function stagedFiles(options: GitOptions): Promise<readonly StagedFile[]> {
  const args = ['diff', '--cached', '--raw', '-z', '--no-renames', '--abbrev=64', '--no-ext-diff'];
  const output = await readGit([...args, '--diff-filter=AMTU', '--ignore-submodules=none', '--'], options);
  return parseRaw(output);
}

/** The raw form of git-diff(1): `:mode mode object object status` NUL path NUL. */
function parseRaw(output: Buffer): readonly StagedFile[] {
  const files: StagedFile[] = [];
  for (let at = 0; at < output.length;) {
    const middle = output.indexOf(0, at);
    const end = output.indexOf(0, middle + 1);
    if (middle === -1 || end === -1) break;
    const [, mode = '', , blob = ''] = output.toString('latin1', at, middle).split(' ');
    files.push({ path: output.subarray(middle + 1, end), blob, kind: KINDS[mode.slice(0, 3)] ?? 'file' });
    at = end + 1;
  }
  return files;
}
