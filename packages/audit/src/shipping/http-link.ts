import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { systemCode } from '../journal/journal-error.ts';
import { ReceiverError } from './receiver.ts';
import { tlsOptions, type TlsSettings } from './tls-settings.ts';

export interface HttpTarget {
  /** Begins with `https://`. */
  readonly url: string;
  /** Default: what Node trusts. */
  readonly tls?: TlsSettings;
  /** Allows `http://`: whoever is on the way can read and change every record. */
  readonly dangerouslyWithoutTls?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The same, as it came. */
  readonly bytes: Buffer;
}

/** An answer with more says nothing that a receiver needs. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** Posts to one place over connections that stay open. Redirects are not followed: records go where they were meant to. */
export class HttpLink {
  readonly url: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  /** @throws TypeError for a target that cannot be one */
  constructor({ url, tls, dangerouslyWithoutTls }: HttpTarget) {
    this.url = new URL(url);
    const { protocol, username, password } = this.url;
    if (protocol !== 'https:' && !(protocol === 'http:' && dangerouslyWithoutTls === true))
      throw new TypeError('url of a receiver has to begin with https://.');
    if (username !== '' || password !== '')
      throw new TypeError('url of a receiver holds a password; give it as a secret option instead.');
    const shared = { keepAlive: true, maxSockets: 1 };
    this.#agent =
      protocol === 'https:' ? new HttpsAgent({ ...shared, ...tlsOptions(tls ?? {}) }) : new HttpAgent(shared);
  }

  /** @throws ReceiverError with the code of the system or of TLS when there is no whole answer */
  post(
    url: URL,
    message: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const body = typeof message.body === 'string' ? Buffer.from(message.body) : message.body;
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        const code = systemCode(cause);
        reject(new ReceiverError(code, `The receiver cannot be reached (${code}).`, { cause }));
      };
      const headers = { ...message.headers, 'content-length': String(body.length) };
      const request = send(url, { method: 'POST', agent: this.#agent, headers, signal }, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_ANSWER)
            response.destroy(Object.assign(new Error('Too long.'), { code: 'answer_too_large' }));
          else parts.push(part);
        });
        response.on('error', fail);
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: bytes.toString(), bytes });
        });
      });
      request.on('error', fail);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The receiver as a whole does not take records: by its status, and when it wants to be asked again. */
export function refusedBy({ status, headers }: HttpAnswer, now: number): ReceiverError {
  const afterMs = retryAfter(headers['retry-after'], now);
  return new ReceiverError(`http_${status}`, `The receiver answered with status ${status}.`, { afterMs });
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
