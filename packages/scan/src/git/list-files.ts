import { type GitOptions, readGit } from './run-git.ts';

/** Between records, a NUL; paths are bytes. */
function splitRecords(output: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const to = end === -1 ? output.length : end;
    if (to > at) records.push(output.subarray(at, to));
    at = to + 1;
  }
  return records;
}

/**
 * What is tracked, and what is not and is not ignored either (.gitignore files, .git/info/exclude, core.excludesFile). A
 * folder with a slash at its end is a repository of its own. A tracked file that a rule ignores is among them.
 */
export async function listFiles(paths: readonly string[], options: GitOptions): Promise<readonly Buffer[]> {
  const args = [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    '--',
    ...paths,
  ];
  return splitRecords(await readGit(args, options));
}

/** The folder that the work tree begins in, or `undefined` where there is none. */
export async function topOf(options: GitOptions): Promise<string | undefined> {
  try {
    const top = await readGit(['rev-parse', '--show-toplevel'], options);
    return top.toString('utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}

export async function isShallow(options: GitOptions): Promise<boolean> {
  const answer = await readGit(['rev-parse', '--is-shallow-repository'], options);
  return answer.toString('latin1').trim() === 'true';
}
