import { NO_ANSWER, NO_REGULAR_FILE, readBytes } from './read-text.ts';

/** Why a file of rules has no text. */
interface UnreadRule {
  readonly code: string;
  /** What it is, or is not, and what to do: a sentence without its subject. */
  readonly why: string;
}

const MOST_BYTES = 1_048_576;

/** Of all rules of a policy, or of a command. */
export const MOST_RULE_BYTES_TOGETHER = 4_194_304;
export const TOO_MUCH_TOGETHER =
  'is too much: all rules together have more than 4 MiB; take away those that are not about this trail';

/** The text of a file of rules. Never throws. */
export async function readRuleText(file: string): Promise<string | UnreadRule> {
  const bytes = await readBytes(file, MOST_BYTES);
  if ('code' in bytes) return { code: bytes.code, why: unreadRule(bytes.code) };
  try {
    // Without a byte order mark, which the decoder takes away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { code: 'not UTF-8', why: 'is not UTF-8; save it as UTF-8' };
  }
}

/** Why a file or a folder of rules cannot be read, by the code of the system or of `readText`. */
export function unreadRule(code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is not there; write the path of a file or a folder with rules';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'EISDIR':
      return 'is a link to a folder, or a folder; take the link away, and name the folder itself';
    case 'ELOOP':
      return 'is a link that leads back to itself; take it away';
    case NO_REGULAR_FILE:
      return 'is no regular file; name a file with rules';
    case 'more than 1 MiB':
      return 'has more than 1 MiB; write its rules into several files';
    case NO_ANSWER:
      return 'cannot be read: its disk does not answer; try again when it does';
    default:
      return `cannot be read (${code}); write the path of a file or a folder with rules`;
  }
}
