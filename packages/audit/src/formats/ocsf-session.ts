import { PRODUCT } from './formatter.ts';
import { inner, json, text } from './json-text.ts';
import { ocsfService, ocsfUser } from './ocsf-parts.ts';
import type { WideRecord } from './wide-record.ts';

const OURSELVES =
  inner('user', `${text('name', PRODUCT)},"type_id":4,"type":"Service"`) + ocsfService('Vault');

/**
 * Authentication 3002: `user` is required, and one of `service` and `dst_endpoint`. A record without a principal is
 * Sallyport's own login at Vault.
 */
export function ocsfAuthentication({ principal, server }: WideRecord): string {
  if (principal === undefined) return OURSELVES;
  return ocsfUser(principal) + ocsfService(server) + inner('actor', text('app_name', principal.client));
}

/** Authorize Session 3003: `user` is required, and just one of `privileges` and `group`. */
export function ocsfAuthorizeSession({ principal }: WideRecord): string {
  if (principal === undefined) return '';
  const { roles, client } = principal;
  return ocsfUser(principal) + json('privileges', roles) + inner('actor', text('app_name', client));
}
