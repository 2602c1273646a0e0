import { createHash } from 'node:crypto';
import { parseLink, valueText } from '../journal/entry.ts';
import type { JournalFile, JournalFs } from '../journal/journal-fs.ts';
import { readFrames } from '../journal/read-frames.ts';
import { readHead } from '../journal/segment-head.ts';
import { listSegments, type SegmentFiles } from '../journal/segment-files.ts';
import type { JournalPosition } from './journal-position.ts';

/** A record or an entry of the journal itself. */
export interface JournalItem {
  readonly sequence: number;
  /** The JSON of a record; undefined for what the journal says itself. */
  readonly json: string | undefined;
  /** Of its frame. */
  readonly bytes: number;
  /** Where its frame begins. */
  readonly before: JournalPosition;
}

/** What the reader met that is no record. */
export type ReaderEvent =
  /** Records are gone that were not read: pruned, or not readable. */
  | { readonly type: 'missing'; readonly first: number; readonly records: number }
  /** What was read did not last (a crash before it was durable, or a repair); the segment is read again. */
  | { readonly type: 'reread'; readonly first: number }
  /** Nothing can be read from this record on; `audit verify` says why. Later segments are read. */
  | { readonly type: 'unreadable'; readonly first: number };

export interface ReadLimits {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Follows a journal that another one writes. It checks the chain as it reads: a writer may cut off what it could not make
 * durable and write other records in that place, and a position alone would then skip them. It keeps no file open,
 * because a writer may put another file in the place of one.
 */
export class JournalReader {
  readonly #fs: JournalFs;
  readonly #folder: string;
  readonly #onEvent: (event: ReaderEvent) => void;
  #at: JournalPosition | undefined;
  /** Hash of the record behind which nothing could be read, so that damage does not make it begin anew for ever. */
  #failedBehind: string | undefined;
  #told: string | undefined;

  constructor(
    fs: JournalFs,
    options: {
      readonly folder: string;
      /** Default: the oldest record. */
      readonly from: JournalPosition | undefined;
      readonly onEvent: (event: ReaderEvent) => void;
    },
  ) {
    this.#fs = fs;
    this.#folder = options.folder;
    this.#at = options.from;
    this.#onEvent = options.onEvent;
  }

  /** Behind what was read; undefined before there was a journal. */
  get position(): JournalPosition | undefined {
    return this.#at;
  }

  /** What there is, up to the limits, and at least one record where there is one; none at the end. */
  async read(limits: ReadLimits): Promise<JournalItem[]> {
    for (;;) {
      const segments = await listSegments(this.#fs, this.#folder);
      const files = this.#settle(segments);
      if (files === undefined) return [];
      const items = await this.#readSegment(files, limits);
      if (items === 'again') continue;
      if (items.length > 0) return items;
      if (!this.#toNext(segments, files)) return [];
    }
  }

  /** Bytes of the journal behind a position. */
  async bytesBehind(position: JournalPosition | undefined): Promise<number> {
    let bytes = 0;
    for (const { path, first } of await listSegments(this.#fs, this.#folder)) {
      if (position !== undefined && first < position.segment) continue;
      const size = (await this.#fs.status(path))?.bytes ?? 0;
      bytes += first === position?.segment ? Math.max(0, size - position.offset) : size;
    }
    return bytes;
  }

  /** The segment to read from; a position in one that is gone becomes one in the first that is there. */
  #settle(segments: readonly SegmentFiles[]): SegmentFiles | undefined {
    const at = this.#at;
    const here = segments.find(({ first }) => first === at?.segment);
    if (here !== undefined) return here;
    const holder = at && segments.findLast(({ first }) => first <= at.sequence);
    const to = holder ?? segments[0];
    if (to === undefined) return undefined;
    if (at !== undefined && to.first > at.sequence)
      this.#onEvent({ type: 'missing', first: at.sequence, records: to.first - at.sequence });
    this.#at = startOf(to);
    return to;
  }

  async #readSegment(files: SegmentFiles, limits: ReadLimits): Promise<JournalItem[] | 'again'> {
    const file = await this.#fs.open(files.path, 'read');
    try {
      const at = await this.#beginning(file, files);
      if (at === undefined) return [];
      if ((await file.size()) < at.offset) return this.#again(files);
      const items: JournalItem[] = [];
      let bytes = 0;
      for await (const frame of readFrames(file, at.offset)) {
        if (!frame.ok) {
          if (frame.why === 'short' || items.length > 0) break;
          return this.#again(files);
        }
        const before = this.#at ?? at;
        const link = parseLink(frame.body);
        if (link?.seq !== before.sequence || link.prev !== before.prev) {
          if (items.length > 0) break;
          return this.#again(files);
        }
        const after: JournalPosition = {
          sequence: link.seq + 1,
          prev: createHash('sha256').update(frame.body).digest('hex'),
          segment: files.first,
          offset: frame.end,
        };
        const json = link.member === 'record' ? valueText(frame.body, link) : undefined;
        items.push({ sequence: link.seq, json, bytes: frame.end - frame.start, before });
        this.#at = after;
        bytes += frame.body.length;
        if (items.length >= limits.records || bytes >= limits.bytes) break;
      }
      return items;
    } finally {
      await file.close();
    }
  }

  /** @returns where to read; undefined while the head is not whole */
  async #beginning(file: JournalFile, files: SegmentFiles): Promise<JournalPosition | undefined> {
    const at = this.#at;
    if (at !== undefined && at.offset > 0) return at;
    const read = await readHead(file);
    if (read === undefined) return undefined;
    this.#at = { sequence: files.first, prev: read.head.prev, segment: files.first, offset: read.end };
    return this.#at;
  }

  /** Begins the segment anew, once for each place; after that its rest waits for a repair. */
  #again(files: SegmentFiles): JournalItem[] | 'again' {
    const at = this.#at;
    if (at === undefined) return [];
    if (this.#failedBehind === at.prev || at.sequence === files.first) {
      if (this.#told !== at.prev) this.#onEvent({ type: 'unreadable', first: at.sequence });
      this.#told = at.prev;
      return [];
    }
    this.#failedBehind = at.prev;
    this.#onEvent({ type: 'reread', first: files.first });
    this.#at = startOf(files);
    return 'again';
  }

  /** @returns whether there is another segment to go on with */
  #toNext(segments: readonly SegmentFiles[], files: SegmentFiles): boolean {
    const at = this.#at;
    const next = segments.find(({ first }) => first > files.first);
    if (next === undefined || at === undefined) return false;
    if (next.first > at.sequence)
      this.#onEvent({ type: 'missing', first: at.sequence, records: next.first - at.sequence });
    // A segment that begins before what was read: those records did not last, and others took their numbers.
    else if (next.first < at.sequence) this.#onEvent({ type: 'reread', first: next.first });
    this.#at = startOf(next);
    return true;
  }
}

/** The hash is read from the head. */
function startOf({ first }: SegmentFiles): JournalPosition {
  return { sequence: first, prev: '0'.repeat(64), segment: first, offset: 0 };
}
