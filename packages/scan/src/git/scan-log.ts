import { createJobQueue, type JobQueue, type ScanContext } from '../scan-context.ts';
import type { RawFinding, ScanSource } from '../scan-finding.ts';
import { displayPath } from '../source/display-path.ts';
import { tooLarge } from '../source/read-file.ts';
import { type Batch, type BinaryFile, createCollector, lineInFile } from './additions.ts';
import { isShallow } from './list-files.ts';
import { createPatchParser, PATCH_ARGS } from './patch-parser.ts';
import { readBlobs } from './read-blobs.ts';
import { GitError, type GitOptions, startGit } from './run-git.ts';

/** Formats that are binary whatever is in them; everything else that git takes for binary is looked at. */
const MEDIA =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|pdf|woff2?|ttf|otf|eot|mp[34]|m4a|mov|avi|mkv|webm|ogg|wav|flac|zip|t?gz|bz2|xz|7z|rar|zst|jar|war|class|exe|dll|so|dylib|a|o|wasm|pyc)$/i;

/**
 * Scans the lines that commits add. A credential is told once for each path, with the oldest commit that has it there.
 *
 * @param range commits, as git-rev-list(1) takes them; `undefined` for those of all references
 */
export async function scanLog(root: string, range: string | undefined, context: ScanContext): Promise<void> {
  const { ledger, environment, signal } = context;
  const source: ScanSource = range === undefined ? 'history' : 'range';
  const options: GitOptions = { cwd: root, environment, signal, asHook: true };
  const oldest = createOldest();
  const queue = createJobQueue({
    context,
    pool: context.pool(true),
    problem: () => undefined,
    found: oldest.add,
  });
  if (await isShallow(options)) {
    const message =
      'The clone is shallow: commits before its edge are not here. Fetch with --unshallow first.';
    ledger.problem({ path: '', why: 'shallow', message, fatal: false });
  }
  const binaries = await scanPatches(range, source, { context, queue, options });
  await scanBinaries(binaries, source, { context, queue, options });
  await queue.drain();
  for (const finding of oldest.all()) ledger.findings.push(finding);
  if (ledger.commits === 0)
    ledger.problem({ path: '', why: 'nothing', message: 'There is no commit to scan.', fatal: false });
}

interface Tools {
  readonly context: ScanContext;
  readonly queue: JobQueue;
  readonly options: GitOptions;
}

async function scanPatches(
  range: string | undefined,
  source: ScanSource,
  { context, queue, options }: Tools,
): Promise<readonly BinaryFile[]> {
  const { ledger, maxFileBytes, skipPath } = context;
  const ready: Batch[] = [];
  const tooLong = (path: Buffer): void => {
    const message = `A commit adds more than ${maxFileBytes} bytes to it; what is over that was not scanned.`;
    ledger.problem({ path: displayPath(path).text, why: 'too_large', message, fatal: false });
  };
  const collector = createCollector(
    Math.min(maxFileBytes, MOST_ADDED),
    (batch) => ready.push(batch),
    tooLong,
  );
  const parser = createPatchParser(collector);
  const send = async (): Promise<void> => {
    for (let batch = ready.shift(); batch !== undefined; batch = ready.shift()) {
      const additions = batch.additions.map((addition) => ({
        ...addition,
        display: displayPath(addition.path).text,
      }));
      const wanted = additions.filter(({ display }) => !skipPath(display));
      ledger.skipped.ignored += additions.length - wanted.length;
      const blobs = wanted.map(({ bytes }) => bytes);
      await queue.run(
        { kind: 'bytes', blobs },
        (index) => {
          const addition = wanted[index] as (typeof wanted)[number];
          const { display, commit } = addition;
          return { path: display, source, commit, lineOf: (line) => lineInFile(addition, line) };
        },
        [batch.buffer],
      );
    }
  };
  const which = range === undefined ? ['--all'] : ['--end-of-options', range];
  const git = startGit(['log', ...PATCH_ARGS, ...which, '--'], options);
  git.stdin.end();
  try {
    for await (const part of git.stdout as AsyncIterable<Buffer>) {
      parser.push(part);
      if (ready.length > 0) await send();
    }
    await git.done;
  } catch (error) {
    if (options.signal?.aborted !== true) {
      // What was read before is scanned all the same.
      const message = error instanceof GitError ? error.message : 'The log of git could not be read.';
      ledger.problem({ path: '', why: 'git', message, fatal: true });
    }
  } finally {
    git.kill();
  }
  parser.end();
  collector.flush();
  await send();
  ledger.commits = parser.commits;
  return collector.binaries;
}

/** What is held in memory of one file in one commit. */
const MOST_ADDED = 1 << 28;

/** UTF-16, and text that an attribute hides from diffs: such files are scanned as a whole. */
async function scanBinaries(
  all: readonly BinaryFile[],
  source: ScanSource,
  { context, queue, options }: Tools,
): Promise<void> {
  const { ledger, maxFileBytes } = context;
  const files = all
    .map((file) => ({ ...file, display: displayPath(file.path).text }))
    .filter(({ display }) => !context.skipPath(display));
  // The same content is read once, for its oldest commit, which stands last.
  const wanted = [
    ...new Map(files.filter(({ display }) => !MEDIA.test(display)).map((file) => [file.blob, file])).values(),
  ];
  ledger.skipped.binary += files.length - files.filter(({ display }) => !MEDIA.test(display)).length;
  const ids = wanted.map(({ blob }) => blob);
  try {
    for await (const { index, bytes, size } of readBlobs(ids, maxFileBytes, options)) {
      const { display, commit } = wanted[index] as (typeof wanted)[number];
      if (bytes === undefined) {
        const message = tooLarge(size, maxFileBytes);
        ledger.problem({ path: display, why: 'too_large', message, fatal: false });
      } else await queue.run({ kind: 'bytes', blobs: [bytes] }, () => ({ path: display, source, commit }));
    }
  } catch (error) {
    if (options.signal?.aborted === true) return;
    const message = error instanceof GitError ? error.message : 'The objects of git could not be read.';
    ledger.problem({ path: '', why: 'git', message, fatal: true });
  }
}

interface Oldest {
  add(this: void, finding: RawFinding): void;
  all(): Iterable<RawFinding>;
}

/** One finding for each credential in each path. */
function createOldest(): Oldest {
  const found = new Map<string, RawFinding>();
  return {
    add: (finding) => {
      const key = JSON.stringify([finding.rule, finding.path, finding.secret]);
      const other = found.get(key);
      if (other === undefined || isBefore(finding, other)) found.set(key, finding);
    },
    all: () => found.values(),
  };
}

/** By the time of the commit; where that is the same, in the order of what cannot change between two scans. */
function isBefore(one: RawFinding, other: RawFinding): boolean {
  const [a, b] = [one, other].map(({ commit }) => Date.parse(commit?.date ?? '') || 0) as [number, number];
  if (a !== b) return a < b;
  const [first, second] = [one.commit?.id ?? '', other.commit?.id ?? ''];
  if (first !== second) return first < second;
  return one.line - other.line < 0 || (one.line === other.line && one.column < other.column);
}
