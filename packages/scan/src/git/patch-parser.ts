import type { ScanCommit } from '../scan-finding.ts';
import { unquotePath } from './quoted-path.ts';

/** What the log has to be asked for, so that this parser reads it whatever the configuration says. */
export const PATCH_ARGS: readonly string[] = [
  '--patch',
  '--unified=0',
  '--inter-hunk-context=0',
  '--format=%x00%H%x00%cI%x00%an',
  '--encoding=UTF-8',
  '--full-index',
  // Of a merge: what is in none of its parents, in as many columns as it has parents.
  '--diff-merges=combined',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-notes',
  '--no-decorate',
  '--no-relative',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** Takes what a log adds, in the order of the log. What it is given is only good during the call. */
export interface PatchTaker {
  /** A file to which a commit adds lines. */
  file(commit: ScanCommit, path: Buffer): void;
  /** The added lines that follow begin at this one, from 1. */
  hunk(line: number): void;
  /** A part of an added line; its line end is part of it, where it has one. */
  added(bytes: Buffer, from: number, to: number): void;
  /** A file that git takes for binary, and what it holds now: its object name. */
  binary(commit: ScanCommit, path: Buffer, blob: string): void;
}

export interface PatchParser {
  push(bytes: Buffer): void;
  end(): void;
  /** Commits so far. */
  readonly commits: number;
}

const NUL = 0;
const LINE_FEED = 10;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const AT = 64;
const BACKSLASH = 92;
const DELETED = '/dev/null';

/**
 * Reads the output of `git log` with `PATCH_ARGS` as it comes. Every line of a diff is known by its first byte: a commit
 * begins with a NUL, a file with a letter, a hunk with `@`; between a hunk and the next of these all lines begin with
 * `+`, `-`, a space or a backslash, in each column.
 */
export function createPatchParser(taker: PatchTaker): PatchParser {
  let commit: ScanCommit = { id: '', date: '' };
  let commits = 0;
  /** Columns before a line: the number of parents. 0 before the first hunk of a file. */
  let columns = 0;
  let path: Buffer | undefined;
  let blob = '';
  let told = false;
  /** The line of the file that the next one is, and whether lines that are not added came before it. */
  let line = 0;
  let isApart = false;
  /** In a line whose beginning has been read: whether its rest is added, or left out. */
  let rest: 'added' | 'left' | undefined;
  /** The beginning of a line that is not all there. */
  let partial: Buffer = Buffer.alloc(0);

  const header = (line: string, bytes: Buffer): void => {
    if (line.startsWith('diff ')) {
      columns = 0;
      blob = '';
      told = false;
      path = headPath(bytes);
    } else if (line.startsWith('+++ ')) path = newPath(bytes.subarray(4)) ?? path;
    else if (line.startsWith('rename to ')) path = unquotePath(bytes.subarray(10));
    else if (line.startsWith('index ')) blob = /\.\.([0-9a-f]{40,64})/.exec(line)?.[1] ?? '';
    else if (line.startsWith('Binary files ') && path !== undefined && !/^0*$/.test(blob))
      taker.binary(commit, path, blob);
  };

  const whole = (bytes: Buffer): void => {
    const first = bytes[0];
    if (first === NUL) {
      const [, id = '', date = '', author = ''] = bytes.toString('utf8').split('\0');
      commit = author === '' ? { id, date } : { id, date, author };
      commits += 1;
      columns = 0;
      path = undefined;
    } else if (first === AT && path !== undefined) {
      const hunk = /^(@@+) .*?\+(\d+)(?:,\d+)? \1/.exec(bytes.toString('latin1', 0, 400));
      if (hunk === null) return;
      columns = (hunk[1] as string).length - 1;
      if (!told) taker.file(commit, path);
      told = true;
      line = Number(hunk[2]);
      isApart = true;
    } else if (bytes.length > 0) header(bytes.toString('latin1'), bytes);
  };

  /** What to do with the line that begins at `at`; `undefined`: it is too short to tell. */
  const kindAt = (bytes: Buffer, at: number): 'added' | 'kept' | 'left' | 'whole' | undefined => {
    const first = bytes[at] as number;
    if (columns === 0 || (first !== PLUS && first !== MINUS && first !== SPACE && first !== BACKSLASH))
      return 'whole';
    if (first === BACKSLASH) return 'left';
    if (at + columns > bytes.length) return undefined;
    let pluses = 0;
    for (let column = at; column < at + columns; column++) {
      if (bytes[column] === MINUS) return 'left';
      if (bytes[column] === PLUS) pluses += 1;
    }
    return pluses === columns ? 'added' : 'kept';
  };

  /** The part of an added line from `from` on, which is its beginning. */
  const add = (bytes: Buffer, from: number, to: number): void => {
    if (isApart) taker.hunk(line);
    isApart = false;
    taker.added(bytes, from, to);
  };

  const push = (given: Buffer): void => {
    const bytes = partial.length === 0 ? given : Buffer.concat([partial, given]);
    partial = EMPTY;
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(LINE_FEED, at);
      const next = end === -1 ? bytes.length : end + 1;
      if (rest !== undefined) {
        if (rest === 'added') taker.added(bytes, at, next);
        if (end !== -1) rest = undefined;
        at = next;
        continue;
      }
      const kind = kindAt(bytes, at);
      if (kind === undefined || (kind === 'whole' && end === -1)) {
        partial = Buffer.from(bytes.subarray(at));
        return;
      }
      if (kind === 'whole') whole(bytes.subarray(at, end));
      else {
        if (kind === 'added') add(bytes, at + columns, next);
        if (kind === 'kept') isApart = true;
        if (kind !== 'left') line += 1;
        if (end === -1) rest = kind === 'added' ? 'added' : 'left';
      }
      at = next;
    }
  };

  return {
    push,
    end: () => {
      if (partial.length > 0 && kindAt(partial, 0) === 'whole') whole(partial);
    },
    get commits() {
      return commits;
    },
  };
}

const EMPTY = Buffer.alloc(0);

/** Of `+++ b/path`: a tab follows a path with a space in it. */
function newPath(written: Buffer): Buffer | undefined {
  const end = written.at(-1) === 9 ? written.length - 1 : written.length;
  const path = unquotePath(written.subarray(0, end));
  return path.toString('latin1') === DELETED ? undefined : path.subarray(2);
}

/** Of `diff --git a/path b/path`, whose two paths are the same (a rename says its own), or `diff --combined path`. */
function headPath(bytes: Buffer): Buffer | undefined {
  const line = bytes.toString('latin1');
  const combined = /^diff --(?:combined|cc) /.exec(line);
  if (combined !== null) return unquotePath(bytes.subarray(combined[0].length));
  const both = bytes.subarray('diff --git '.length);
  const half = (both.length - 1) >> 1;
  const second = unquotePath(both.subarray(half + 1));
  return second.length > 2 ? second.subarray(2) : undefined;
}
