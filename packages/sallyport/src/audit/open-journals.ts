import { findJournals, type FoundJournal } from '@sallyport/audit';
import { BadInput } from './bad-input.ts';

export interface OpenedFolder {
  readonly journals: readonly FoundJournal[];
  /** Folders below that may not be looked into. */
  readonly closed: readonly string[];
}

/** The journals in a folder; at least one, or a folder that may not be looked into. @throws BadInput */
export async function openJournals(folder: string): Promise<OpenedFolder> {
  const closed: string[] = [];
  let journals: readonly FoundJournal[];
  try {
    journals = await findJournals(folder, (name) => closed.push(name));
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
  if (journals.length === 0 && closed.length === 0)
    throw new BadInput(
      `${folder} holds no audit journal; name a folder with files such as 0000000000000000.journal, or one that has such folders in it`,
    );
  return { journals, closed };
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
