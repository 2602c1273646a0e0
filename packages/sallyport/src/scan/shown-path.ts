import { isAbsolute, relative, sep } from 'node:path';
import type { ScanTarget } from '@sallyport/scan';
import { repositoryOf } from './repository-of.ts';

/** How a path in a scan is shown: as the user can open it. */
export type ShownPath = (path: string) => string;

/**
 * Relative to the working directory where it is below it, absolute otherwise, with `/` between its parts. What is piped in
 * and what is about no file stays as it is.
 */
export function shownPathOf(target: ScanTarget, directory: string = process.cwd()): ShownPath {
  if (target.kind === 'stdin') return (path) => path;
  // git names files from the top of the repository, wherever it is asked.
  const base = target.kind === 'tree' ? target.root : (repositoryOf(target.root) ?? target.root);
  const inside = relative(directory, base);
  if (inside === '') return (path) => path;
  const isBelow = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  const folder = withSlashes(isBelow ? inside : base).replace(/\/$/, '');
  const own = `${withSlashes(relative(base, directory))}/`;
  return (path) => {
    if (path === '') return path;
    return !isBelow && path.startsWith(own) ? path.slice(own.length) : `${folder}/${path}`;
  };
}

function withSlashes(path: string): string {
  return path.replaceAll(sep, '/');
}
