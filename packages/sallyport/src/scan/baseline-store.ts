import { readFileSync } from 'node:fs';
import { type BaselineEntry, BaselineError, readBaseline, writeBaseline } from '@sallyport/scan';
import { outputTo } from '../redact/output.ts';
import { unreadable } from '../redact/unusable-file.ts';

/** Where known findings are kept, beside what is scanned. */
export const BASELINE_FILE = '.sallyport-baseline';

/**
 * The entries of a baseline; none where the usual one is not there.
 *
 * @param file as it was given; undefined for the usual one
 * @throws UnusableFile, BaselineError
 */
export function loadBaseline(file: string | undefined): readonly BaselineEntry[] {
  const name = file ?? BASELINE_FILE;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    if (file === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(name, error);
  }
  try {
    return readBaseline(text);
  } catch (error) {
    if (error instanceof BaselineError)
      throw new BaselineError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The same, or none where nobody has made it yet. */
export function loadBaselineIfThere(file: string | undefined): readonly BaselineEntry[] {
  try {
    return loadBaseline(file);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    if (cause?.code === 'ENOENT') return [];
    throw error;
  }
}

/** @throws UnusableFile */
export async function saveBaseline(
  file: string | undefined,
  entries: readonly BaselineEntry[],
): Promise<void> {
  const output = await outputTo(file ?? BASELINE_FILE, 0o666);
  try {
    await output.write(writeBaseline(entries));
    await output.finish();
  } catch (error) {
    output.discard();
    throw error;
  }
}
