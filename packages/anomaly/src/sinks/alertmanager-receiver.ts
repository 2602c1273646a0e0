import { ACCEPTED, HttpLink, type HttpTarget, inHalves, type Outcome, refusedBy } from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import { HOUR } from '../durations.ts';
import { positive } from '../checks.ts';
import type { AlertReceiver, NumberedNotice } from './alert-receiver.ts';
import { postableAlerts } from './alertmanager-alerts.ts';
import { linkOf } from './notice-text.ts';

export interface AlertmanagerReceiverOptions extends HttpTarget {
  /** That of Alertmanager, with the path where it stands behind a proxy: `https://alerts.example/prefix`. */
  readonly url: string;
  /** The whole header, such as `Bearer ...` or `Basic ...`. */
  readonly authorization?: Secret;
  /** An alert that does not come again counts as over after so long, in milliseconds. Default: 1 hour. */
  readonly resolveMs?: number;
  /** Where people read more of alerts; an http or https address. */
  readonly externalUrl?: string;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Prometheus Alertmanager, API v2: one alert for each alert of a notice. An alert that comes again has the same labels, and
 * goes on.
 *
 * 400, 413 and 422 say something of the alerts: the batch is halved until the notice that is meant is alone, and rejected;
 * Alertmanager takes the valid alerts of a request that it answers with 400. Every other status says something of the
 * receiver: the batch is sent again later.
 */
export class AlertmanagerReceiver implements AlertReceiver {
  readonly #link: HttpLink;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #resolveMs: number;
  readonly #externalUrl: string | undefined;
  readonly #now: () => number;

  /** @throws TypeError for an option that cannot be used */
  constructor(options: AlertmanagerReceiverOptions) {
    this.#link = new HttpLink(options);
    this.#url = new URL(this.#link.url);
    this.#url.pathname = `${this.#url.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
    this.#headers = {
      'content-type': 'application/json',
      ...(options.authorization !== undefined && { authorization: headerOf(options.authorization) }),
    };
    this.#resolveMs = positive(options.resolveMs ?? HOUR, 'resolveMs of an Alertmanager');
    this.#externalUrl = linkOf(options.externalUrl);
    if (options.externalUrl !== undefined && this.#externalUrl === undefined)
      throw new TypeError('externalUrl of an Alertmanager has to begin with https:// or http://.');
    this.#now = options.now ?? Date.now;
  }

  async send(batch: readonly NumberedNotice[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    const options = { now: this.#now(), resolveMs: this.#resolveMs, externalUrl: this.#externalUrl };
    const body = JSON.stringify(batch.flatMap((notice) => postableAlerts(notice, options)));
    const answer = await this.#link.post(this.#url, { headers: this.#headers, body }, signal);
    const { status } = answer;
    if (status >= 200 && status < 300) return batch.map(() => ACCEPTED);
    if (status !== 400 && status !== 413 && status !== 422) throw refusedBy(answer, this.#now());
    if (batch.length === 1) return [{ kind: 'rejected', reason: `http_${String(status)}` }];
    return inHalves(batch, (half) => this.send(half, signal));
  }

  async close(): Promise<void> {
    this.#link.close();
  }
}

function headerOf(secret: Secret): string {
  const header = secret.reveal();
  if (!/^[A-Za-z]+ [\x21-\x7e]+$/.test(header))
    throw new TypeError('authorization of an Alertmanager has to be a header such as Bearer and a token.');
  return header;
}
