import type { Readable } from 'node:stream';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import type { Budget, TakeEntry } from './archive.ts';
import { collect, mayRead, OVER_BUDGET } from './budget.ts';

/** Reads a ZIP archive, entry after entry, by its central directory. */
export async function readZip(bytes: Buffer, budget: Budget, take: TakeEntry): Promise<void> {
  const zip = await open(bytes);
  await new Promise<void>((resolve, reject) => {
    const next = (entry: Entry): void => {
      readEntry(zip, entry, budget, take).then((goOn) => (goOn ? zip.readEntry() : resolve()), reject);
    };
    zip.on('entry', next);
    zip.once('end', resolve);
    zip.once('error', reject);
    zip.readEntry();
  });
  zip.close();
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are only shown, so that odd ones (`../`) are no reason to stop.
    fromBuffer(bytes, { lazyEntries: true, decodeStrings: false }, (error, zip) =>
      error === null ? resolve(zip) : reject(error),
    );
  });
}

/** Whether to go on with the next. */
async function readEntry(zip: ZipFile, entry: Entry, budget: Budget, take: TakeEntry): Promise<boolean> {
  const name = entry.fileNameRaw.toString('utf8');
  if (name.endsWith('/')) return true;
  if (!mayRead(budget)) {
    await take(name, OVER_BUDGET);
    return false;
  }
  if (entry.isEncrypted()) {
    await take(name, { why: 'archive', message: 'It is encrypted.' });
    return true;
  }
  await take(name, await collect(await streamOf(zip, entry), budget));
  return true;
}

function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(error)));
  });
}
