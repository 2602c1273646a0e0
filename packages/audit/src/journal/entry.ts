import { RECORD } from './frame.ts';

/** The link of the first record: there is none before it. */
export const NO_RECORD: string = '0'.repeat(64);

/** What the journal itself has to say stands in the chain too, under `journal` instead of `record`. */
export type JournalEntry =
  /**
   * A writer began; `torn` bytes of a crash were cut off and kept aside. `adopted` records before it had no checkpoint:
   * a crash leaves such, and so may somebody else. Absent in an entry of a writer that did not tell.
   */
  | { readonly type: 'open'; readonly time: string; readonly torn: number; readonly adopted?: number }
  /** Records could be written again: how many were refused meanwhile, and how many accepted ones were lost. */
  | {
      readonly type: 'recovered';
      readonly time: string;
      readonly cause: string;
      readonly refused: number;
      readonly lost: number;
    }
  /** So many records that had been accepted are not kept; when the first and the last of them came. */
  | {
      readonly type: 'dropped';
      readonly time: string;
      readonly count: number;
      readonly first: string;
      readonly last: string;
    }
  /** Segments before record `first` may be gone; `note` is that permission, signed. */
  | {
      readonly type: 'prune';
      readonly time: string;
      readonly first: number;
      readonly segments: number;
      readonly bytes: number;
      readonly note: string;
    };

/** What every record begins with. */
export interface Link {
  readonly seq: number;
  /** SHA-256 of the body of the record before, hexadecimal. */
  readonly prev: string;
  /** In the first record of a segment: SHA-256 of the body of the segment's head, hexadecimal. */
  readonly head?: string;
  /** Where the JSON of the record or entry begins in the body. */
  readonly at: number;
  readonly member: 'record' | 'journal';
}

/** Longest beginning of a body: kind, `{"seq":`, 16 digits, `,"prev":"`, 64 digits, `","head":"`, 64 digits, `","journal":`. */
export const MAX_PREFIX = 192;

export function prefixOf({ seq, prev, head, member }: Omit<Link, 'at'>): string {
  const bound = head === undefined ? '' : `"head":"${head}",`;
  return `{"seq":${seq},"prev":"${prev}",${bound}"${member}":`;
}

const PREFIX =
  /^\{"seq":(0|[1-9][0-9]{0,15}),"prev":"([0-9a-f]{64})",(?:"head":"([0-9a-f]{64})",)?"(record|journal)":/;

/** @returns undefined when the body is not that of a record as this journal writes it, to the byte */
export function parseLink(body: Buffer): Link | undefined {
  if (body[0] !== RECORD || body.at(-1) !== 0x7d) return undefined;
  const start = body.toString('latin1', 1, MAX_PREFIX);
  const found = PREFIX.exec(start);
  if (found === null) return undefined;
  const [prefix, seq, prev = '', head, member] = found;
  const link: Link = {
    seq: Number(seq),
    prev,
    at: 1 + prefix.length,
    member: member as Link['member'],
  };
  return head === undefined ? link : { ...link, head };
}

/** The JSON of the record or entry that the link leads. */
export function valueText(body: Buffer, link: Link): string {
  return body.toString('utf8', link.at, body.length - 1);
}

/** The journal's own entry in a body; undefined when it holds a record, or no JSON. */
export function journalEntry(body: Buffer, link: Link): JournalEntry | undefined {
  if (link.member !== 'journal') return undefined;
  try {
    return JSON.parse(valueText(body, link)) as JournalEntry;
  } catch {
    return undefined;
  }
}
