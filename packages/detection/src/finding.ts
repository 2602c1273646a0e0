import type { EntityName } from './entity.ts';

/** One located hit, never the value itself. */
export interface Finding {
  /** Offset of its first UTF-16 code unit in the text that was scanned. */
  readonly start: number;
  /** Offset after its last code unit. */
  readonly end: number;
  readonly entity: EntityName;
  /** From 0 to 1. */
  readonly score: number;
  /** The id of the rule that found it. */
  readonly rule: string;
}
