/** A file that cannot be read or written, with what to do about it. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

/** What a system error about an input means, in words; other errors are given back as they are. */
export function unreadable(name: string, error: unknown): unknown {
  const why = {
    ENOENT: `${name}: there is no such file`,
    ENOTDIR: `${name}: there is no such file`,
    EISDIR: `${name} is a folder; name files`,
    EACCES: `${name}: permission denied`,
    EPERM: `${name}: permission denied`,
  }[codeOf(error)];
  return why === undefined ? error : new UnusableFile(why, { cause: error });
}

/** The same about an output in this folder. */
export function unwritable(name: string, folder: string, error: unknown): unknown {
  const why = {
    ENOENT: `${name} cannot be written: there is no folder ${folder}; make it, or name another`,
    ENOTDIR: `${name} cannot be written: ${folder} is no folder; name another`,
    EISDIR: `${name} is a folder; name a file in it`,
    ELOOP: `${name} cannot be written: its links lead back to themselves; name another`,
    EACCES: `${name} cannot be written: permission denied in ${folder}`,
    EPERM: `${name} cannot be written: permission denied in ${folder}`,
    EROFS: `${name} cannot be written: ${folder} is read-only`,
  }[codeOf(error)];
  return why === undefined ? error : new UnusableFile(why, { cause: error });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
