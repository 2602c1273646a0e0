import { parsePattern } from './parse-pattern.ts';
import { type Program, programOf } from './program.ts';
import { has, hasFolded, type UnitSet } from './unit-set.ts';

export interface PatternFlags {
  readonly ignoreCase: boolean;
  /** `^` and `$` stand at each line. */
  readonly multiline: boolean;
  /** `.` is a line break too. */
  readonly dotAll: boolean;
}

interface State {
  /** The instructions that wait for a unit or for the end. */
  readonly waiting: readonly number[];
  readonly matches: boolean;
  /** The state after a unit, as far as it was asked for. */
  readonly ascii: (State | undefined)[];
  /** The state when the text, or the line, ends here. */
  end: State | undefined;
}

const MOST_KEPT = 256;
const NEWLINE = 10;

/**
 * A regular expression that reads each unit of a text once. It follows all ways at the same time (Thompson 1968), and keeps
 * the sets of states that it has met: so there is no expression that makes it slow, and no need to refuse one that would
 * make a backtracking matcher slow.
 */
export class LinearPattern {
  readonly #program: Program;
  readonly #multiline: boolean;
  readonly #holds: (set: UnitSet, unit: number) => boolean;
  readonly #first: State;
  #kept = new Map<string, State>();

  /** @throws UnusablePattern when it is outside the subset */
  constructor(source: string, flags: PatternFlags) {
    this.#program = programOf(parsePattern(source, flags.dotAll));
    this.#multiline = flags.multiline;
    this.#holds = flags.ignoreCase ? hasFolded : has;
    this.#first = this.#state([this.#program.entry], true, false);
  }

  /** Whether it matches anywhere in the text. */
  test(text: string): boolean {
    let state = this.#first;
    for (let at = 0; at < text.length; at += 1) {
      if (state.matches) return true;
      // Nothing waits: an expression that begins with ^ cannot match any more, unless at a line that is to come.
      if (state.waiting.length === 0 && !this.#multiline) return false;
      const unit = text.charCodeAt(at);
      if (unit === NEWLINE && this.#multiline && this.#atEnd(state).matches) return true;
      let next = state.ascii[unit];
      if (next === undefined) {
        next = this.#step(state, unit);
        if (unit < 128) state.ascii[unit] = next;
      }
      state = next;
    }
    return state.matches || this.#atEnd(state).matches;
  }

  #step(state: State, unit: number): State {
    const { instructions, entry } = this.#program;
    const from = unit === NEWLINE && this.#multiline ? this.#atEnd(state).waiting : state.waiting;
    const next: number[] = [];
    for (const at of from) {
      const instruction = instructions[at];
      if (instruction?.op === 'units' && this.#holds(instruction.set, unit)) next.push(instruction.next);
    }
    next.push(entry);
    return this.#state(next, unit === NEWLINE && this.#multiline, false);
  }

  #atEnd(state: State): State {
    return (state.end ??= this.#state(state.waiting, false, true));
  }

  /** Follows what needs no unit, and answers the one state for the set. */
  #state(from: readonly number[], atStart: boolean, atEnd: boolean): State {
    const { instructions } = this.#program;
    const seen = new Set<number>();
    const waiting: number[] = [];
    let matches = false;
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = instructions[at];
      if (instruction === undefined) continue;
      switch (instruction.op) {
        case 'match':
          matches = true;
          break;
        case 'units':
          waiting.push(at);
          break;
        case 'split':
          open.push(instruction.a, instruction.b);
          break;
        case 'start':
          if (atStart) open.push(instruction.next);
          break;
        case 'end':
          waiting.push(at);
          if (atEnd) open.push(instruction.next);
          break;
      }
    }
    waiting.sort((a, b) => a - b);
    const key = `${matches ? '+' : ''}${waiting.join()}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (this.#kept.size >= MOST_KEPT) this.#forget();
    const state: State = { waiting, matches, ascii: [], end: undefined };
    this.#kept.set(key, state);
    return state;
  }

  /** Forgotten states are built again when they are met again. */
  #forget(): void {
    for (const state of [this.#first, ...this.#kept.values()]) {
      state.ascii.length = 0;
      state.end = undefined;
    }
    this.#kept = new Map();
  }
}
