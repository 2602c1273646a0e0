import type { JournalFile } from '@sallyport/audit';

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;

/** The lines of a file, also one that is not ended, without holding all of it. @throws an error of the system */
export async function* fileLines(file: JournalFile): AsyncGenerator<string, void, undefined> {
  const chunk = Buffer.alloc(CHUNK);
  let begun: Buffer[] = [];
  for (let position = 0; ;) {
    const got = await file.read(chunk, position);
    if (got === 0) break;
    position += got;
    let from = 0;
    for (let end = lineEnd(chunk, from, got); end >= 0; end = lineEnd(chunk, from, got)) {
      const rest = chunk.subarray(from, end);
      yield (begun.length === 0 ? rest : Buffer.concat([...begun, rest])).toString('utf8');
      begun = [];
      from = end + 1;
    }
    if (from < got) begun.push(Buffer.from(chunk.subarray(from, got)));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

function lineEnd(chunk: Buffer, from: number, got: number): number {
  const end = chunk.indexOf(NEWLINE, from);
  return end < got ? end : -1;
}
