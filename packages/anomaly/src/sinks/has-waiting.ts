import { join } from 'node:path';
import type { JournalFs } from '@sallyport/audit';
import { LineFile } from './line-file.ts';
import { readOutbox } from './outbox-lines.ts';

const OUTBOX = /^outbox-.+\.jsonl$/;

/** Whether an outbox in a folder has notices that a former process did not send. @throws an error of the system */
export async function hasWaiting(fs: JournalFs, folder: string): Promise<boolean> {
  for (const name of await fs.list(folder)) {
    if (!OUTBOX.test(name)) continue;
    const lines = await new LineFile(fs, join(folder, name)).read();
    if (readOutbox(lines).notices.size > 0) return true;
  }
  return false;
}
