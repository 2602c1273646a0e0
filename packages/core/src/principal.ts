import type { JsonObject } from './json.ts';

/** The verified identity behind a call. Never absent: nobody in particular is `ANONYMOUS`. */
export interface Principal {
  /** Whom the call is for, without prefix: `alice`. Policies name it `user:alice`. */
  readonly subject: string;
  /** The roles granted to the subject, without prefix: `clinician`. Policies name them `role:clinician`. */
  readonly roles: readonly string[];
  /** The program that connects (OAuth client id, stdio client). Policies name it `client:ide`. */
  readonly client?: string;
  /** Which agent acts on the subject's behalf (RFC 8693 `act`), where one is known. */
  readonly actor?: string;
  /** Verified claims that conditions may read. Default: empty. */
  readonly claims: JsonObject;
  /** How the identity was established; `none` only for the anonymous principal. */
  readonly method: 'none' | 'process' | 'token' | 'custom';
}

/** Nobody in particular: it has no roles, and what it may do is only what a policy grants to `user:anonymous`. */
export const ANONYMOUS: Principal = Object.freeze({
  subject: 'anonymous',
  roles: Object.freeze([]),
  claims: Object.freeze({}),
  method: 'none',
});
