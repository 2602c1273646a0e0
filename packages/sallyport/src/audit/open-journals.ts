import { findJournals, type FoundJournal, visible } from '@sallyport/audit';
import { BadInput } from './bad-input.ts';

export interface OpenedFolder {
  readonly journals: readonly FoundJournal[];
  /** Folders that could not be read, and were left out. */
  readonly closed: readonly ClosedFolder[];
  /** Journals with other journals below them, as nobody writes them: a copy may have been put there. */
  readonly around: readonly string[];
}

export interface ClosedFolder {
  /** Its path below the folder of all. */
  readonly name: string;
  /** A file in it that is none: see `findJournals`. Undefined where the folder may not be looked into. */
  readonly irregular: string | undefined;
}

/** The journals in a folder; at least one, or a folder that cannot be read. @throws BadInput */
export async function openJournals(folder: string): Promise<OpenedFolder> {
  const closed: ClosedFolder[] = [];
  let journals: readonly FoundJournal[];
  try {
    journals = await findJournals(folder, (name, irregular) => closed.push({ name, irregular }));
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
  if (journals.length === 0 && closed.length === 0)
    throw new BadInput(
      `${folder} holds no audit journal; name a folder with files such as 0000000000000000.journal, or one that has such folders in it`,
    );
  return { journals, closed, around: aroundOthers(journals) };
}

/** Why it was left out. */
export function closedText({ irregular }: ClosedFolder): string {
  return irregular === undefined
    ? 'permission denied; read it as who wrote it'
    : `${irregular} is no regular file, but a pipe, a device or a folder; find out who put it there`;
}

/** What there is to say of a journal that has others below it. */
export function aroundText(journal: string): string {
  const where = journal === '.' ? 'The folder itself' : visible(journal);
  return `${where} holds a journal, and other journals below it; the gateway writes none so: find out who put it there.`;
}

function aroundOthers(journals: readonly FoundJournal[]): readonly string[] {
  const names = journals.map(({ name }) => name);
  return names.filter((name) =>
    names.some((other) => (name === '.' ? other !== name : other.startsWith(`${name}/`))),
  );
}

/** What a system error about a folder means, in words; other errors are given back as they are. */
export function unreadableFolder(folder: string, error: unknown): unknown {
  const why = {
    ENOENT: `${folder}: there is no such folder`,
    ENOTDIR: `${folder} is a file; name the folder of an audit journal`,
    EACCES: `${folder}: permission denied; read it as who wrote it`,
    EPERM: `${folder}: permission denied; read it as who wrote it`,
  }[(error as NodeJS.ErrnoException).code ?? ''];
  return why === undefined ? error : new BadInput(why, { cause: error });
}
