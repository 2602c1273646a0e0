import type { JournalFile } from './journal-fs.ts';

/** More than this a system refuses to take in one `writev` (IOV_MAX of Linux and macOS). */
const MAX_PARTS = 1024;

/** Writes every byte of the parts; a system may take fewer at a time. @returns the position behind them */
export async function writeAll(
  file: JournalFile,
  parts: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let at = position;
  let rest = parts.filter((part) => part.length > 0);
  while (rest.length > 0) {
    const written = await file.write(rest.slice(0, MAX_PARTS), at);
    if (written === 0) throw Object.assign(new Error('Nothing was written.'), { code: 'EIO' });
    at += written;
    rest = behind(rest, written);
  }
  return at;
}

function behind(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  return parts.flatMap((part) => {
    const cut = Math.min(skip, part.length);
    skip -= cut;
    return cut === part.length ? [] : [part.subarray(cut)];
  });
}
