import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { ScanAllow, ScanFinding, ScanTarget } from '@sallyport/scan';
import { unreadable, UnusableFile } from '../redact/unusable-file.ts';
import { repositoryOf } from './repository-of.ts';

/** What all commands that scan take. */
export interface SourceOptions {
  /** Files and folders. Default: the folder that the command is given in, where no other source is named. */
  readonly paths?: readonly string[];
  readonly staged?: boolean;
  /** `main..feature`. */
  readonly range?: string;
  readonly history?: boolean;
  readonly stdin?: boolean;
  readonly archives?: boolean;
  /** Bytes. */
  readonly maxFile?: number;
  /** False: files that are ignored are scanned, too. */
  readonly ignore?: boolean;
  /** Ids of rules to leave out. */
  readonly without?: readonly string[];
  /** False: marks in lines count for nothing. */
  readonly marks?: boolean;
  /** Where known findings are; default: `.sallyport-baseline`, where there is one. */
  readonly baseline?: string;
  /** A policy whose section `scan` counts. Default: none. */
  readonly policy?: string;
  /** Default: none. */
  readonly allow?: readonly ScanAllow[];
}

/** Where to scan: one source after the other. */
export interface ScanPlan {
  readonly targets: readonly ScanTarget[];
  /** Whether all is scanned that an entry of the baseline may be about. */
  readonly isWhole: boolean;
}

/** From the worst on. */
export const SEVERITIES: readonly ScanFinding['severity'][] = ['critical', 'high', 'medium', 'low'];

/** @throws UnusableFile with what to write instead */
export function planScan(options: SourceOptions, input: AsyncIterable<Buffer> = process.stdin): ScanPlan {
  const { paths = [], staged, range, history, stdin } = options;
  const hasSource = staged === true || range !== undefined || history === true || stdin === true;
  for (const path of paths) requireThere(path);
  const root = rootOf(paths);
  const wanted = paths.map((path) => relative(root, resolve(path)));
  const wantsTree = paths.length > 0 || !hasSource;
  const isAll = wanted.every((path) => path === '');
  const targets: ScanTarget[] = [];
  if (wantsTree) {
    const noIgnore = options.ignore === false;
    targets.push({ kind: 'tree', root, noIgnore, ...(!isAll && { paths: wanted }) });
  }
  if (staged === true) targets.push({ kind: 'staged', root });
  if (range !== undefined) targets.push({ kind: 'range', root, range });
  if (history === true) targets.push({ kind: 'history', root });
  if (stdin === true) targets.push({ kind: 'stdin', stream: input });
  // An entry may be about what only the history has.
  const isWhole = history === true || (wantsTree && isAll && repositoryOf(root) === undefined);
  return { targets, isWhole };
}

/** A slip of the pen is not to be taken for a clean file. */
function requireThere(path: string): void {
  try {
    lstatSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Where the command was given, or, for paths outside of that, the folder that all of them are in. */
function rootOf(paths: readonly string[]): string {
  let root = process.cwd();
  for (const path of paths) {
    const full = resolve(path);
    while (isOutside(root, full)) {
      const up = dirname(root);
      if (up === root) throw new UnusableFile(`${path} is on another drive; scan it from there`);
      root = up;
    }
  }
  return root;
}

function isOutside(root: string, path: string): boolean {
  const inside = relative(root, path);
  return inside === '..' || /^\.\.[\\/]/.test(inside) || isAbsolute(inside);
}
