import { isUtf8 } from 'node:buffer';
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  validateHeaderValue,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createSecureContext } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { judgeReply } from './judge-reply.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSettings } from './vault-options.ts';

/** A request as node-vault gives it to whatever does its HTTP. */
export interface Outgoing {
  readonly uri: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: object | undefined;
  readonly signal: AbortSignal;
}

/** An answer as node-vault takes it. */
export interface Incoming {
  readonly statusCode: 200 | 204;
  readonly body: unknown;
}

/** The certificate to show, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Shorter than load balancers keep a silent connection, so that none is used that is half dead. */
const IDLE_MS = 15_000;

/** HTTP to one address, and to no other: no redirects, TLS always verified, an end in time and size. */
export class VaultTransport {
  readonly #settings: VaultSettings;
  readonly #server: URL;
  #identity: TlsIdentity | undefined;
  #agent: HttpAgent | undefined;

  constructor(settings: VaultSettings) {
    this.#settings = settings;
    this.#server = new URL(settings.endpoint);
  }

  /** Shows this certificate from now on. @throws VaultFailure */
  identify(identity: TlsIdentity): void {
    if (identity.cert === this.#identity?.cert && identity.key === this.#identity.key) return;
    try {
      createSecureContext({ cert: identity.cert, key: identity.key });
    } catch {
      const why = 'clientCert and clientKey are no certificate and key in PEM that belong together';
      throw new VaultFailure('not_configured', why);
    }
    this.#identity = identity;
    this.close();
  }

  /** Ends idle connections; the next request makes new ones. */
  close(): void {
    // Not destroy(), which would end requests too: a connection in use ends by itself once it is idle.
    for (const sockets of Object.values(this.#agent?.freeSockets ?? {})) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    this.#agent = undefined;
  }

  /** @throws VaultFailure for anything but 200 and 204 */
  send(outgoing: Outgoing): Promise<Incoming> {
    const { clock, requestTimeoutMs, maxResponseBytes } = this.#settings;
    return new Promise((resolve, reject) => {
      const { signal } = outgoing;
      if (signal.aborted) {
        reject(noAnswer());
        return;
      }
      let request: ClientRequest;
      try {
        request = this.#open(outgoing);
      } catch (thrown) {
        reject(connectionFailure(thrown, this.#server.host));
        return;
      }
      const stop = (failure: VaultFailure): void => {
        done();
        reject(failure);
        request.destroy();
      };
      const onAbort = (): void => stop(noAnswer());
      const endTimer = clock.after(requestTimeoutMs, () => stop(noAnswer()));
      const done = (): void => {
        endTimer();
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('error', (error) => stop(connectionFailure(error, this.#server.host)));
      request.on('response', (response) => {
        collect(response, maxResponseBytes).then(
          (body) => {
            done();
            settle(response, body, resolve, reject);
          },
          (thrown: unknown) => stop(VaultFailure.from(thrown)),
        );
      });
      request.end(outgoing.json === undefined ? undefined : JSON.stringify(outgoing.json));
    });
  }

  #open({ uri, method, headers, json }: Outgoing): ClientRequest {
    // What node-vault made of the endpoint and the path must still go to this server.
    if (!uri.startsWith(`${this.#settings.endpoint}/`)) throw new TypeError('another address');
    const open = this.#server.protocol === 'https:' ? httpsRequest : httpRequest;
    const all = Object.entries({
      ...headers,
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    });
    // Before the request is made, which could not be taken back quietly.
    for (const [name, value] of all) validateHeaderValue(name, value);
    const request = open({
      ...urlToHttpOptions(this.#server),
      path: uri.slice(this.#server.origin.length),
      method,
      agent: (this.#agent ??= this.#makeAgent()),
    });
    // Not among the options, which NODE_DEBUG=http prints: the token is one of them.
    for (const [name, value] of all) request.setHeader(name, value);
    return request;
  }

  #makeAgent(): HttpAgent {
    const keep = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' } as const;
    if (this.#server.protocol === 'http:') return new HttpAgent(keep);
    return new HttpsAgent({
      ...keep,
      // Explicit, since NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default.
      rejectUnauthorized: true,
      // NODE_DEBUG=http prints the options of an agent: a key in them, but not one in here.
      secureContext: createSecureContext({
        minVersion: 'TLSv1.2',
        ...(this.#settings.ca === undefined ? {} : { ca: this.#settings.ca }),
        ...this.#identity,
      }),
    });
  }
}

function collect(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        reject(new VaultFailure('too_large', `Vault answers with more than ${maxBytes} bytes`));
      } else chunks.push(chunk);
    });
    const brokenOff = (): void =>
      reject(new VaultFailure('unavailable', 'Vault ended the connection in the middle of its answer'));
    response.on('error', brokenOff);
    response.on('close', brokenOff);
    response.on('end', () => (response.complete ? resolve(Buffer.concat(chunks)) : brokenOff()));
  });
}

function settle(
  response: IncomingMessage,
  bytes: Buffer,
  resolve: (incoming: Incoming) => void,
  reject: (failure: VaultFailure) => void,
): void {
  const status = response.statusCode ?? 0;
  const body = parse(bytes);
  if (status === 204) resolve({ statusCode: 204, body: undefined });
  else if (status !== 200) {
    reject(judgeReply({ status, retryAfter: response.headers['retry-after'], body }));
  } else if (body === undefined) {
    reject(new VaultFailure('unavailable', 'Vault answers with something that is no JSON; is it Vault?'));
  } else resolve({ statusCode: 200, body });
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
}

function noAnswer(): VaultFailure {
  return new VaultFailure('timeout', 'Vault gave no answer within the time');
}

/** Node's codes are short constants; its messages have addresses and headers in them. */
function connectionFailure(thrown: unknown, host: string): VaultFailure {
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) {
    return new VaultFailure('unavailable', `Vault at ${host} cannot be reached`);
  }
  const untrusted = /CERT|SIGNATURE|ISSUER/.test(code);
  return new VaultFailure(
    'unavailable',
    untrusted
      ? `the certificate of Vault at ${host} is not trusted (${code}); set ca, or correct the address`
      : `Vault at ${host} cannot be reached (${code})`,
  );
}
