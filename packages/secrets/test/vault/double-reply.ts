import { randomUUID } from 'node:crypto';

export interface DoubleReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The envelope around every answer of Vault. */
export function ok(parts: Readonly<Record<string, unknown>>): DoubleReply {
  const envelope = {
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
  };
  return { status: 200, body: { request_id: randomUUID(), ...envelope, auth: null, ...parts } };
}

export function errors(status: number, ...texts: readonly string[]): DoubleReply {
  return { status, body: { errors: texts } };
}
