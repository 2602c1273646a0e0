import { isIP } from 'node:net';
import type * as JetStream from '@nats-io/jetstream';
import type * as Nats from '@nats-io/transport-node';
import { natsGreeting } from './nats-greeting.ts';
import type { NatsTarget } from './nats-target.ts';
import { ReceiverError } from './receiver.ts';
import { tlsOptions } from './tls-settings.ts';

/** A connection to one server, until it breaks. */
export interface NatsLink {
  readonly jetstream: JetStream.JetStreamClient;
  readonly headersOf: (members: Readonly<Record<string, string>>) => Nats.MsgHdrs;
  /** The longest message with its headers, in bytes. */
  readonly maxPayload: number;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  readonly isGone: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * Connects, and does not connect again by itself: the shipper knows when to.
 *
 * @param server one of the target's
 * @throws ReceiverError with the code of the system, of TLS or of NATS
 */
export async function connectNats(
  target: NatsTarget,
  server: string,
  signal: AbortSignal,
): Promise<NatsLink> {
  const { nats, jetstream } = await load();
  const { connectMs = 5000 } = target;
  await natsGreeting(server, connectMs, signal).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  const connecting = nats.connect({
    ...authOf(nats, target),
    servers: server,
    tls: tlsFor(target, server),
    timeout: connectMs,
    reconnect: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...(target.inboxPrefix !== undefined && { inboxPrefix: target.inboxPrefix }),
  });
  const given = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(new ReceiverError('timeout', 'The receiver did not answer in time.'));
      connecting.then((late) => late.close()).catch(() => undefined);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  let connection: Nats.NatsConnection;
  try {
    connection = await Promise.race([connecting, given]);
  } catch (cause) {
    throw cause instanceof ReceiverError ? cause : unreachable(cause);
  }
  return {
    jetstream: jetstream.jetstream(connection),
    headersOf: (members) => {
      const headers = nats.headers();
      for (const [name, value] of Object.entries(members)) headers.set(name, value);
      return headers;
    },
    maxPayload: connection.info?.max_payload ?? Infinity,
    gone: connection.closed().then(() => undefined),
    isGone: () => connection.isClosed(),
    close: () => connection.close(),
  };
}

function unreachable(cause: unknown): ReceiverError {
  const code = (cause as Error).name === 'AbortError' ? 'timeout' : natsCode(cause);
  return new ReceiverError(code, `The receiver cannot be reached (${code}).`, { cause });
}

async function load(): Promise<{
  readonly nats: typeof Nats;
  readonly jetstream: typeof JetStream;
}> {
  try {
    return {
      nats: await import('@nats-io/transport-node'),
      jetstream: await import('@nats-io/jetstream'),
    };
  } catch (cause) {
    throw new ReceiverError(
      'nats_not_installed',
      'Shipping to NATS needs two packages: npm install @nats-io/transport-node @nats-io/jetstream.',
      { cause },
    );
  }
}

function authOf(nats: typeof Nats, { auth }: NatsTarget): Nats.NodeConnectionOptions {
  if (auth === undefined) return {};
  if ('token' in auth) return { token: auth.token.reveal() };
  if ('user' in auth) return { user: auth.user, pass: auth.password.reveal() };
  const authenticator =
    'nkey' in auth
      ? nats.nkeyAuthenticator(Buffer.from(auth.nkey.reveal().trim()))
      : nats.credsAuthenticator(Buffer.from(auth.credentials.reveal()));
  return { authenticator };
}

/** `host` and `servername` are what the certificate is checked against; the library alone would check `localhost`. */
function tlsFor(
  { tls = {} }: NatsTarget,
  server: string,
): NonNullable<Nats.NodeConnectionOptions['tls']> | null {
  const { protocol, hostname } = new URL(server);
  if (protocol === 'nats:') return null;
  const host = hostname.replaceAll(/[[\]]/g, '');
  const named = tls.serverName === undefined && isIP(host) === 0 ? { servername: host } : {};
  // It hands everything on to `tls.connect`, more than its types say.
  const options = { host, ...named, ...tlsOptions(tls) };
  return options as NonNullable<Nats.NodeConnectionOptions['tls']>;
}

/** The system's or TLS's code of an error or its causes; else the name of the first cause, such as `nats_authorization`. */
export function natsCode(error: unknown): string {
  let name = '';
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'string') return code;
    name = at.name.replace(/Error$/, '') || name;
  }
  return name === '' ? 'nats' : `nats_${name.replaceAll(/\B[A-Z]/g, '_$&').toLowerCase()}`;
}
