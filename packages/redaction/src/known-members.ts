import { mayHoldRows } from './columns-of.ts';

/** What was learned of a member of an object, for the objects after it, which mostly have the same members. */
export interface KnownMember {
  /** A name that stays as it is. */
  readonly key: string;
  /** How the container is read for which `place` is good. */
  kind: number;
  /** Where the member is by its name alone; -1 where more than the name matters. */
  place: number;
  /** The same for a number. */
  numberPlace: number;
  /** Whether rows may be under this name beside the names of their columns. */
  readonly isRows: boolean;
  /** Whether base64 may be under this name beside its media type. */
  readonly isBlob: boolean;
  /** What was learned of the members of the member, or of its elements. */
  inner: KnownMembers | undefined;
}

/** No container is read so. */
const NO_KIND = -2;
const MOST_IN_ROW = 64;
const MOST = 4096;

/**
 * What was learned of the members of objects that stand at the same place of a message. Nearly all have the same names in
 * the same order, and to compare is faster than to look up.
 */
export class KnownMembers {
  /** As they stood in the object before; some may be missing. */
  readonly row: (KnownMember | undefined)[] = [];
  #byKey: Map<string, KnownMember> | undefined;
  #others: KnownMembers | undefined;

  /** A member that does not stand in the row where it is met: one that stood elsewhere before, or a new one. */
  meet(at: number, key: string): KnownMember {
    const isFull = at >= MOST_IN_ROW;
    if (this.row[at] === undefined && !isFull) return knownMember(key);
    // Where names come and go they are mostly ids, and under each of them is the same.
    return this.#find(key) ?? knownMember(key, (this.#others ??= new KnownMembers()));
  }

  #find(key: string): KnownMember | undefined {
    if (this.#byKey === undefined) {
      this.#byKey = new Map();
      for (const known of this.row) if (known !== undefined) this.#byKey.set(known.key, known);
    }
    return this.#byKey.get(key);
  }

  put(at: number, known: KnownMember): void {
    if (at >= MOST_IN_ROW) return;
    this.row[at] = known;
    if (this.#byKey !== undefined && this.#byKey.size < MOST) this.#byKey.set(known.key, known);
  }
}

/** Of which nothing is known but its name. */
export function knownMember(key: string, inner?: KnownMembers): KnownMember {
  const isBlob = key === 'data' || key === 'blob';
  return {
    key,
    kind: NO_KIND,
    place: -1,
    numberPlace: -1,
    isRows: mayHoldRows(key),
    isBlob,
    inner,
  };
}
