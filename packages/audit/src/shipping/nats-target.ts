import type { Secret } from '@sallyport/core';
import { tlsOptions, type TlsSettings } from './tls-settings.ts';

// Nothing of the optional packages is imported here: the types of this package have to compile without them.

/** How a NATS server knows us. */
export type NatsAuth =
  | { readonly token: Secret }
  | { readonly user: string; readonly password: Secret }
  /** The seed of an NKey, such as `SU...`. */
  | { readonly nkey: Secret }
  /** The text of a credentials file: a JWT and a seed. */
  | { readonly credentials: Secret };

export interface NatsTarget {
  /** `tls://host:port`, or `nats://host:port` without TLS; one of a cluster is tried after the other. */
  readonly servers: readonly string[];
  readonly auth?: NatsAuth;
  /** Default: what Node trusts. */
  readonly tls?: TlsSettings;
  /** Allows `nats://`: whoever is on the way can read and change every record. */
  readonly dangerouslyWithoutTls?: boolean;
  /** How long it may take to connect, in milliseconds. Default: 5,000. */
  readonly connectMs?: number;
  /** The subject that answers come to, where permissions ask for one of its own. Default: `_INBOX`. */
  readonly inboxPrefix?: string;
}

/** @throws TypeError for a target that cannot be one */
export function checkNatsTarget({ servers, auth, tls, dangerouslyWithoutTls, ...rest }: NatsTarget): void {
  if (servers.length === 0)
    throw new TypeError('servers of a NATS receiver is empty; write tls://host:4222.');
  for (const server of servers) {
    const { protocol, username, password, pathname, hostname } = new URL(server);
    if (username !== '' || password !== '')
      throw new TypeError('servers of a NATS receiver holds a password; give it as auth instead.');
    const isPlain = protocol === 'nats:' && dangerouslyWithoutTls === true;
    if ((protocol !== 'tls:' && !isPlain) || hostname === '' || !/^\/?$/.test(pathname))
      throw new TypeError('servers of a NATS receiver has to be a list of addresses like tls://host:4222.');
  }
  if (auth !== undefined && 'user' in auth && auth.user === '')
    throw new TypeError('auth of a NATS receiver has an empty user; write its name, or a token.');
  if (rest.connectMs !== undefined && !(rest.connectMs > 0))
    throw new TypeError('connectMs of a NATS receiver has to be a number over 0.');
  tlsOptions(tls ?? {});
}
