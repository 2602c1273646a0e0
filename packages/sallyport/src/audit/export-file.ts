import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, statSync } from 'node:fs';
import { type Output, outputTo } from '../redact/output.ts';
import { unwritable, UnusableFile } from '../redact/unusable-file.ts';

/**
 * A file for what is taken out of a journal: it is there at once and whole, and only its owner can read it (0600), also where
 * another one stood that more could read.
 *
 * @param force to put it in the place of one that is there
 * @throws UnusableFile
 */
export async function exportFile(path: string, force: boolean): Promise<Output> {
  const target = placeOf(path);
  if (target === undefined) return outputTo(path, 0o600);
  if (!force) throw new UnusableFile(`${path} is there already; name another file, or write --force`);
  const beside = `${target}.${randomBytes(6).toString('hex')}.new`;
  const output = await outputTo(beside, 0o600);
  return {
    ...output,
    finish: async () => {
      await output.finish();
      renameSync(beside, target);
    },
  };
}

/** Where a file is, behind its links; undefined where none is, and for devices and pipes, which are written into. */
function placeOf(path: string): string | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? realpathSync(path) : undefined;
  } catch (error) {
    throw unwritable(path, path, error);
  }
}
