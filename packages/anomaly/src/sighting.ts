import type { Ripeness } from './baseline/level.ts';
import type { ToolProfile } from './state/tool-profile.ts';

/** A record as detectors see it. */
export interface Sighting extends Ripeness {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Bits of `TRAITS`. */
  readonly traits: number;
  /** How many there were: more than 1 for messages that were counted before they were recorded. */
  readonly count: number;
  /** What was called, on its server; undefined for what is no call. */
  readonly tool: ToolProfile | undefined;
  /** The tool, resource or prompt, as a hash of 32 bits; 0: none. */
  readonly target: number;
  /** The host in the URI of a resource, as a hash; 0: none. */
  readonly host: number;
  /** Client, actor and method of the principal, as a hash. */
  readonly origin: number;
  /** Client of the principal, as a hash; 0: none. */
  readonly client: number;
  /** The arguments that ran, as a hash; 0: unknown. */
  readonly arguments: number;
  readonly argumentBytes: number;
  readonly resultBytes: number;
  /** What was found in arguments, as hashes of the entities. */
  readonly entities: readonly number[];
  /** The principal is known for twice as long as `ripe` asks for: enough for what is seldom done. */
  readonly settled: boolean;
  /** How many principals the server has. */
  readonly principals: number;
}
