/**
 * Writes records to a journal until it is killed, and says on standard output which of them were acknowledged.
 *
 * Arguments: folder, key file (PEM), beginning of the ids. Segments are small so that a kill also meets rotations and removals.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Secret } from '@sallyport/core';
import { Journal } from '../../src/journal/journal.ts';
import { signerFromSecret } from '../../src/journal/signer.ts';
import { record } from './support.ts';

const CALLERS = 16;
const [folder = '', keyFile = '', prefix = ''] = process.argv.slice(2);

const journal = await Journal.open(folder, {
  signer: signerFromSecret('crash.example/audit', new Secret(readFileSync(keyFile, 'utf8'))),
  segmentBytes: 60_000,
  checkpointRecords: 32,
  checkpointMs: 20,
});
say('open');
let next = 0;
const caller = async (): Promise<never> => {
  for (;;) {
    const id = `${prefix}-${next}`;
    next += 1;
    await journal.append(record(id, 'p'.repeat(next % 700)), { durable: true });
    say(id);
  }
};
await Promise.all(Array.from({ length: CALLERS }, caller));

/** Without a buffer of ours: what was said was acknowledged, whatever comes next. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      // The pipe is full, and whoever reads it is busy.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
