import { isHash } from './merkle-tree.ts';

/** The head of a Merkle tree, as the text of a signed note: https://c2sp.org/tlog-checkpoint. */
export interface Checkpoint {
  /** Which journal. */
  readonly origin: string;
  /** Number of records. */
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
}

/** @returns undefined when the text is not a checkpoint; lines of an extension are ignored, as the format asks */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', decimal = '', encoded = ''] = text.split('\n');
  const root = Buffer.from(encoded, 'base64');
  const size = Number(decimal);
  const sound =
    origin !== '' &&
    /^(0|[1-9][0-9]*)$/.test(decimal) &&
    Number.isSafeInteger(size) &&
    root.toString('base64') === encoded &&
    isHash(root.toString('hex'));
  return sound ? { origin, size, root: root.toString('hex') } : undefined;
}

/** What tells the note of a prune record from that of a checkpoint, so that one never stands for the other. */
export function pruneOrigin(origin: string): string {
  return `${origin} prune`;
}
