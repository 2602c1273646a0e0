import type { JsonObject } from './json.ts';
import type { Principal } from './principal.ts';
import type { Trail } from './trail.ts';

/** One request or notification in flight. Immutable; to change it, pass a copy on: `next({ ...call, params })`. */
export interface Call {
  /** UUIDv7 of our own; joins attempt, outcome, span and alert. Not the JSON-RPC id. */
  readonly id: string;
  /** `inbound`: client to server. `outbound`: server to client (sampling, elicitation, notifications). */
  readonly direction: 'inbound' | 'outbound';
  readonly kind: 'request' | 'notification';
  /** The name by which the policy knows the guarded server. */
  readonly server: string;
  /** The MCP method, such as `tools/call`. */
  readonly method: string;
  /** The params as received; `{}` where the message has none. */
  readonly params: JsonObject;
  readonly principal: Principal;
  readonly trail: Trail;
  /** Aborted with a `Refusal` as reason: cancelled, connection closed, or a gate took too long. */
  readonly signal: AbortSignal;
}

/** A JSON-RPC error object as the other side sent it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * What the other side answered: a result, or an error of its own. Both pass the way out, since an error text discloses
 * as much as a result does. (A call that was stopped by a gate is a thrown `Refusal` and never a `Result`.)
 * A notification that was handed over answers `{ result: {} }`.
 */
export type Result =
  | { readonly result: JsonObject; readonly error?: undefined }
  | { readonly error: RpcError; readonly result?: undefined };

/** Passes a call on to the next layer and settles with its answer. */
export type Next = (call: Call) => Promise<Result>;
