import type { Bounds } from './measure.ts';

/** The most that a schema may be. Compiling one at the bounds takes about half a second, once. */
export const SCHEMA_BOUNDS: Bounds = { values: 20_000, characters: 256 * 1024, depth: 64 };

/** The most that arguments or results may be: the depth keeps recursive schemas off the end of the stack. */
export const VALUE_BOUNDS: Bounds = { values: Infinity, characters: Infinity, depth: 128 };

/** Tools that one server may have. */
export const MOST_TOOLS = 5_000;
/** Pages of `tools/list` that are asked for. */
export const MOST_PAGES = 100;
/** Principals whose last question is remembered. */
export const MOST_ASKERS = 1_000;
/** Milliseconds between two questions after unknown tools, for one principal. */
export const ASK_INTERVAL_MS = 1_000;
/** Times that one call waits for a whole list: it may change, or whoever asked may go away. */
export const MOST_TURNS = 5;
