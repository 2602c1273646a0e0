import { createJobQueue, type ScanContext } from '../scan-context.ts';
import type { ScanTarget } from '../scan-options.ts';
import { displayPath } from './display-path.ts';

/** What is piped in is held in memory, up to this. */
const MOST = 1 << 29;

/** Scans what is piped in, as one text. */
export async function scanStdin(
  { stream, name = 'stdin' }: Extract<ScanTarget, { kind: 'stdin' }>,
  context: ScanContext,
): Promise<void> {
  const { ledger, signal } = context;
  const most = Math.min(MOST, context.maxFileBytes);
  const path = displayPath(name).text;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    if (signal?.aborted === true) return;
    const fits = part.subarray(0, Math.max(0, most - size));
    parts.push(fits);
    size += fits.length;
    if (fits.length < part.length) {
      const message = `It is longer than ${most} bytes; what follows was not scanned. Scan a file instead.`;
      ledger.problem({ path, why: 'too_large', message, fatal: true });
      break;
    }
  }
  const queue = createJobQueue({ context, pool: context.pool(false), problem: () => undefined });
  await queue.run({ kind: 'bytes', blobs: [Buffer.concat(parts, size)] }, () => ({ path, source: 'stdin' }));
  await queue.drain();
  if (size === 0)
    ledger.problem({ path, why: 'nothing', message: 'There was nothing to read.', fatal: false });
}
