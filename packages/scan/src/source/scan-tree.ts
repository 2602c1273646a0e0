import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { listFiles, topOf } from '../git/list-files.ts';
import { createJobQueue, type JobQueue, type ScanContext } from '../scan-context.ts';
import type { ProblemReason, ScanProblem } from '../scan-finding.ts';
import type { ScanTarget } from '../scan-options.ts';
import type { JobProblem } from '../workers/job.ts';
import { displayPath } from './display-path.ts';
import { problemOf } from './read-file.ts';
import { walk } from './walk.ts';

type Tree = Extract<ScanTarget, { kind: 'tree' }>;

/** Files of one job. */
const BATCH = 64;
/** With more files than this, workers are worth their start. */
const MANY = 192;

/** Something to scan; its path is relative to the root, in bytes where it is no UTF-8. */
interface Listed {
  readonly path: string | Buffer;
  readonly display: string;
}

/** Scans a work tree, or files and folders of it. */
export async function scanTree(target: Tree, context: ScanContext): Promise<void> {
  const { ledger, signal } = context;
  const root = resolve(target.root);
  if (!isFolder(root)) {
    ledger.problem(problemAt('', 'unreadable', 'There is no such folder to scan, or it cannot be read.'));
    return;
  }
  const real = realpathSync(root);
  const pending: Listed[] = [];
  const folders: string[] = [];
  let queue: JobQueue | undefined;
  let listed = 0;

  const problem = (told: JobProblem, path: string): ScanProblem | undefined => {
    if (told.why === 'not_a_file' && isFolder(join(root, path))) {
      // git lists a submodule, or a repository in this one, as if it were a file.
      folders.push(path);
      return undefined;
    }
    return told.why === 'symlink'
      ? symlinkProblem(real, root, path)
      : problemAt(path, told.why, told.message);
  };
  const send = async (isLast: boolean): Promise<void> => {
    if (queue === undefined && !isLast && pending.length < MANY) return;
    const pool = context.pool(!isLast || queue !== undefined);
    queue ??= createJobQueue({ context, pool, problem });
    while (pending.length >= BATCH || (isLast && pending.length > 0)) {
      if (signal?.aborted === true) return;
      const batch = pending.splice(0, BATCH);
      await queue.run({ kind: 'files', paths: batch.map(({ path }) => absolute(root, path)) }, (index) => ({
        path: (batch[index] as Listed).display,
        source: 'tree',
      }));
    }
  };
  const add = async (path: string | Buffer): Promise<void> => {
    const { text, isOdd } = displayPath(path);
    if (context.skipPath(text)) {
      ledger.skipped.ignored += 1;
      return;
    }
    if (isOdd) ledger.problem(oddPath(text));
    listed += 1;
    pending.push({ path, display: text });
    if (pending.length >= BATCH) await send(false);
  };
  const addFolder = async (folder: string): Promise<void> => {
    const noIgnore = target.noIgnore === true;
    const own = noIgnore ? undefined : await listRepository(root, folder, context);
    if (own !== undefined) {
      for (const path of own) {
        if (signal?.aborted === true) return;
        if (path.at(-1) === SLASH) folders.push(path.toString('utf8').slice(0, -1));
        else await add(textOf(path));
      }
      return;
    }
    for (const entry of walk(root, folder, { ignore: !noIgnore })) {
      if (signal?.aborted === true) return;
      if (entry.kind === 'ignored') ledger.skipped.ignored += 1;
      else if (entry.kind === 'file') await add(entry.path);
      else if (entry.kind === 'problem')
        ledger.problem(problemAt(displayPath(entry.path).text, entry.problem.why, entry.problem.message));
      else {
        const told = symlinkProblem(real, root, displayPath(entry.path).text);
        if (told !== undefined) ledger.problem(told);
      }
    }
  };

  for (const path of target.paths ?? ['']) {
    const place = insideOf(root, path);
    if (place === undefined) ledger.problem(problemAt(path, 'unreadable', OUTSIDE));
    else if (place === '' || isFolder(join(root, place))) await addFolder(place);
    else if (!isThere(join(root, place))) ledger.problem(problemAt(path, 'unreadable', MISSING));
    else await add(place);
  }
  await send(true);
  await queue?.drain();
  // What jobs have told to be folders, and what is in these.
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    if (await isRepository(join(root, folder), context)) await addFolder(folder);
    else ledger.problem(emptySubmodule(folder));
    await send(true);
    await queue?.drain();
  }
  ledger.totalFiles = listed;
  if (listed === 0 && signal?.aborted !== true) ledger.problem(nothing(ledger.skipped.ignored));
}

const SLASH = 47;
const MISSING = 'There is no such file or folder.';
const OUTSIDE = 'It is outside of the folder that is scanned; scan the folder that it is in.';

/** What a repository lists under a folder; `undefined` where there is no repository, or no git. */
async function listRepository(
  root: string,
  folder: string,
  { environment, signal }: ScanContext,
): Promise<readonly Buffer[] | undefined> {
  const options = { cwd: join(root, folder), environment, signal };
  if ((await topOf(options)) === undefined) return undefined;
  const inside = Buffer.from(folder === '' ? '' : `${folder}/`);
  const paths = await listFiles([], options);
  return folder === '' ? paths : paths.map((path) => Buffer.concat([inside, path]));
}

/** Whether a repository begins in a folder: in that of a submodule that is not checked out, git finds the one around it. */
async function isRepository(folder: string, { environment, signal }: ScanContext): Promise<boolean> {
  const top = await topOf({ cwd: folder, environment, signal });
  return top !== undefined && realpathSync(top) === realpathSync(folder);
}

function absolute(root: string, path: string | Buffer): string | Uint8Array {
  return typeof path === 'string' ? join(root, path) : Buffer.concat([Buffer.from(root + sep), path]);
}

/** A string where that is the whole truth. */
function textOf(path: Buffer): string | Buffer {
  const text = path.toString('utf8');
  return text.includes('\ufffd') && !Buffer.from(text).equals(path) ? path : text;
}

/** Relative to the root, with `/`; `undefined` where it is not under it. */
function insideOf(root: string, path: string): string | undefined {
  const inside = relative(root, resolve(root, path));
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) return undefined;
  return sep === '/' ? inside : inside.replaceAll(sep, '/');
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What is not there any more, and what the user limits, makes no scan incomplete. */
const REMARKS: ReadonlySet<ProblemReason> = new Set([
  'vanished',
  'not_a_file',
  'symlink',
  'submodule',
  'too_large',
]);

function problemAt(path: string, why: ProblemReason, message: string): ScanProblem {
  return { path: displayPath(path).text, why, message, fatal: !REMARKS.has(why) };
}

/** A link to what is scanned anyway is nothing to tell. */
function symlinkProblem(real: string, root: string, path: string): ScanProblem | undefined {
  let message = 'It is a symbolic link that leads out of the folder that is scanned, and was not followed.';
  try {
    const goal = realpathSync(join(root, path));
    if (goal === real || goal.startsWith(real + sep)) return undefined;
  } catch (error) {
    const { why } = problemOf(error);
    message = `It is a symbolic link that leads ${why === 'symlink' ? 'to itself' : 'nowhere'}.`;
  }
  return problemAt(path, 'symlink', message);
}

function oddPath(path: string): ScanProblem {
  const message = 'Its name is no UTF-8: it is scanned, and its path is shown with replacement characters.';
  return { path, why: 'odd_path', message, fatal: false };
}

function emptySubmodule(path: string): ScanProblem {
  const message = 'It is a submodule that is not checked out, and was not scanned.';
  return problemAt(path, 'submodule', message);
}

function nothing(ignored: number): ScanProblem {
  const message =
    ignored === 0
      ? 'There is no file to scan here, or all are ignored; --no-ignore scans those, too.'
      : `There is no file to scan: ${ignored} are ignored; --no-ignore scans those, too.`;
  return { path: '', why: 'nothing', message, fatal: false };
}
