import type { AlertFacts } from '@sallyport/audit';

/** Whom or what a restriction is about: a principal, a tool (or resource, or prompt) of a server, or a server. */
export type Restricted =
  | { readonly subject: string }
  | { readonly server: string; readonly target: string }
  | { readonly server: string };

/** Calls that are refused, or need somebody's approval, for a time. */
export interface Restriction {
  /** Eight letters and digits, made to be typed. */
  readonly id: string;
  readonly kind: 'quarantine' | 'approval';
  readonly of: Restricted;
  /** RFC 3339, UTC, milliseconds. */
  readonly since: string;
  readonly until: string;
  /** What it was done for; absent where an admin did it. */
  readonly alert?: Pick<AlertFacts, 'id' | 'title' | 'rule'>;
  /** What an admin wrote. */
  readonly reason?: string;
}
