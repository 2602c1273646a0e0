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
  /** For any other number than `step` gave: undefined. */
  verdict(place: number): Verdict;
  /** Lets go of the last container. To be called at the end of a walk, so that no value outlives its call in here. */
  forget(): void;
}

export interface KeyReaderOptions {
  /** How many keys are remembered, so that each is split into words once; a power of two. Default 4096. */
  readonly memory?: number;
}
