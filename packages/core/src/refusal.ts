import type { RpcError } from './call.ts';
import type { JsonObject } from './json.ts';

/**
 * Why a call can be refused, with its number on the wire. Positive numbers follow HTTP, because MCP revision 2026-07-28
 * asks new codes to stay outside -32768..-32000; the three negative ones are JSON-RPC 2.0's own, section 5.1.
 */
export const REFUSAL_CODES = {
  /** No credential, or an invalid one. */
  unauthenticated: 401,
  /** Policy says no, or the thing is unknown to this principal: one text for both, so that names cannot be probed. */
  permission_denied: 403,
  /** The principal, the tool or the server may not be used for a time, or not without somebody's approval. */
  quarantined: 403,
  /** Not a JSON-RPC request that MCP allows. */
  invalid_request: -32600,
  /** A method that MCP does not define and the policy does not name. */
  method_not_found: -32601,
  /** Arguments break the tool's schema. */
  invalid_params: -32602,
  /** The server broke its own `outputSchema`. */
  invalid_result: 502,
  too_large: 413,
  rate_limited: 429,
  threat_detected: 422,
  cancelled: 499,
  deadline_exceeded: 504,
  /** A part without which nothing may run is not there: audit journal, policy, server. */
  unavailable: 503,
  /** Anything else; no detail leaves the process. */
  internal: 500,
} as const;

export type RefusalCode = keyof typeof REFUSAL_CODES;

export interface RefusalOptions {
  /** Extra members for `error.data` on the wire. Never a value from the call. */
  readonly data?: JsonObject;
  /** For the operational log only; never crosses the wire. */
  readonly cause?: unknown;
}

/** What went wrong in words of our own. */
class GuardFault extends Error {}

const INTERNAL = 'Internal error; the call was refused.';

/** A call that was stopped. The message goes to the client, so it names rules and positions, never values. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly data: JsonObject | undefined;

  constructor(code: RefusalCode, message: string, options: RefusalOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.data = options.data;
  }

  /** Any thrown value as a refusal: a foreign error becomes `internal`, and its text stays in `cause`. */
  static from(thrown: unknown): Refusal {
    return thrown instanceof Refusal ? thrown : new Refusal('internal', INTERNAL, { cause: thrown });
  }

  /** Refuses as `internal`; `detail` is for the operational log. */
  static internal(detail: string): Refusal {
    return new Refusal('internal', INTERNAL, { cause: new GuardFault(detail) });
  }

  /**
   * Why, for the operational log. The texts of foreign errors are left out, because they may quote what they failed on
   * (`JSON.parse` does).
   */
  get detail(): string | undefined {
    const { cause } = this;
    if (cause instanceof GuardFault) return cause.message;
    if (!(cause instanceof Error)) return cause === undefined ? undefined : typeof cause;
    const { code } = cause as { readonly code?: unknown };
    return typeof code === 'string' ? `${cause.name} ${code}` : cause.name;
  }

  /** The one answer for a denied and for an unknown tool, resource or prompt. */
  static notPermitted(): Refusal {
    return new Refusal('permission_denied', 'Not permitted by policy, or unknown.');
  }

  /** The refusal as a JSON-RPC error. */
  toRpcError(): RpcError {
    return {
      code: REFUSAL_CODES[this.code],
      message: this.message,
      data: { ...this.data, refusal: this.code },
    };
  }
}
