import type { EntityName } from '../entity.ts';

/** What the place of a value in JSON says about it, whatever its text looks like. It holds for strings and numbers. */
export type Verdict =
  /** The value is one of these. */
  | { readonly entity: EntityName; readonly score: number; readonly rule: string }
  /** A code, a quantity or a reference that identifies nobody: it stays as it is, and its text is not looked at. */
  | 'keep'
  /** Nothing: the text decides. */
  | undefined;

/**
 * Reads keys on the way down a JSON value. A place is a small whole number, so that nothing is made for a leaf: the walker
 * starts with `start`, and asks `step` for every member. Elements of an array have the place of the array.
 */
export interface KeyReader {
  readonly start: number;
  /**
   * The place of a member. It depends on nothing but the arguments.
   * @param container the object that it is a member of: `resourceType`, `system`, `use` beside it may matter. It must
   *   not change between two steps of one walk: what was read from the last container is remembered.
   * @param value the member, where it is at hand: reading it here once more costs more than all the rest
   */
  step(place: number, key: string, container: Readonly<Record<string, unknown>>, value?: unknown): number;
  /** Default: nothing can be said by a name alone. */
  readonly byName?: PlacesByName;
  /** For any other number than `step` gave: undefined. */
  verdict(place: number): Verdict;
  /** Lets go of the last container. To be called at the end of a walk, so that no value outlives its call in here. */
  forget(): void;
}

/** What `step` answers whatever the value and the members beside it are, so that a walk over many objects asks once. */
export interface PlacesByName {
  /** How the members of a container are read. What `step` says of the container holds here too. */
  kindOf(place: number, container: Readonly<Record<string, unknown>>): number;
  /** The place of each member of that name, in each container that is read so; -1 where more matters than the name. */
  placeOf(kind: number, key: string): number;
  /** The same for members that are numbers: whether a text is a code has to be looked at, and a number always is one. */
  placeOfNumber(kind: number, key: string): number;
}

export interface KeyReaderOptions {
  /** How many keys are remembered, so that each is split into words once; a power of two. Default 4096. */
  readonly memory?: number;
}
