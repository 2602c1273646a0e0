import { createJobQueue, type ScanContext } from '../scan-context.ts';
import { displayPath } from '../source/display-path.ts';
import { tooLarge } from '../source/read-file.ts';
import { readBlobs } from './read-blobs.ts';
import { type StagedFile, stagedFiles } from './staged-blobs.ts';

/** Scans what the index has and the last commit has not, as it will be committed. */
export async function scanStaged(root: string, context: ScanContext): Promise<void> {
  const { ledger, environment, maxFileBytes, signal } = context;
  const options = { cwd: root, environment, signal, asHook: true };
  const files: (StagedFile & { readonly display: string })[] = [];
  for (const file of await stagedFiles(options)) {
    const display = displayPath(file.path).text;
    if (file.kind === 'submodule') {
      const message = 'It is a submodule: the commit that it points to is not part of this repository.';
      ledger.problem({ path: display, why: 'submodule', message, fatal: false });
    } else if (/^0+$/.test(file.blob)) {
      const message = 'It has conflicts: what will be committed is not known yet, and was not scanned.';
      ledger.problem({ path: display, why: 'git', message, fatal: true });
    } else if (context.skipPath(display)) ledger.skipped.ignored += 1;
    else files.push({ ...file, display });
  }
  ledger.totalFiles = files.length;
  const queue = createJobQueue({ context, pool: context.pool(false), problem: () => undefined });
  const ids = files.map(({ blob }) => blob);
  for await (const { index, bytes, size, missing } of readBlobs(ids, maxFileBytes, options)) {
    const { display } = files[index] as (typeof files)[number];
    if (bytes === undefined) {
      const message = missing
        ? 'Its staged content is missing in the repository.'
        : tooLarge(size, maxFileBytes);
      ledger.problem({ path: display, why: missing ? 'git' : 'too_large', message, fatal: missing });
    } else await queue.run({ kind: 'bytes', blobs: [bytes] }, () => ({ path: display, source: 'staged' }));
  }
  await queue.drain();
  if (files.length === 0)
    ledger.problem({ path: '', why: 'nothing', message: 'Nothing is staged.', fatal: false });
}
