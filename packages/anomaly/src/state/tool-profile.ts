/** What is known of a tool, or of a method that names none, on one server. */
export interface ToolProfile {
  /** Its number on the server, from 0. */
  readonly id: number;
  readonly name: string;
  /** Bits of `TRAITS` that its name says. */
  readonly traits: number;
  /** How many principals used it. */
  users: number;
  /** How many calls of it did not fail. */
  calls: number;
  /** State of the detectors, in their order. */
  readonly states: (number[] | undefined)[];
}
