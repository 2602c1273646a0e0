import {
  ACCEPTED,
  type Clock,
  HttpLink,
  type HttpTarget,
  type Outcome,
  ReceiverError,
  refusedBy,
  retryAfter,
  SYSTEM_CLOCK,
} from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import { SECOND } from '../durations.ts';
import type { AlertReceiver, NumberedNotice } from './alert-receiver.ts';
import { mattermostMessage, slackMessage } from './slack-message.ts';

export interface SlackReceiverOptions extends Omit<HttpTarget, 'url'> {
  /** The address of the incoming webhook. Whoever knows it can post: it is never shown. */
  readonly url: Secret;
  /** Default: `slack`. */
  readonly service?: 'slack' | 'mattermost';
  readonly clock?: Clock;
}

/** Slack takes one message a second for each webhook (https://docs.slack.dev/apis/web-api/rate-limits). */
const PACE_MS = SECOND;

/** What Slack says in the body of a 400 when the webhook, and not the message, is wrong. */
const WEBHOOK_IS_WRONG: ReadonlySet<string> = new Set([
  'no_service',
  'no_service_id',
  'no_team',
  'team_disabled',
  'invalid_token',
  'no_active_hooks',
  'channel_not_found',
  'user_not_found',
  'channel_is_archived',
  'action_prohibited',
]);

/**
 * An incoming webhook of Slack or Mattermost: one message for each notice.
 *
 * 400, 413 and 422 say something of the message, and it is rejected, unless the body says that the webhook is wrong. Every
 * other status says something of the receiver, such as 404 and 410 for a webhook that was removed: it is sent again later.
 */
export class SlackReceiver implements AlertReceiver {
  /** One at a time: no message is sent again because a later one took too long. */
  readonly most = 1;
  readonly #link: HttpLink;
  readonly #message: (notice: NumberedNotice) => object;
  readonly #clock: Clock;
  #lastSent = -Infinity;

  /** @throws TypeError for an option that cannot be used; it does not show the address */
  constructor({ url, service = 'slack', clock = SYSTEM_CLOCK, ...target }: SlackReceiverOptions) {
    const address = url.reveal();
    if (!URL.canParse(address))
      throw new TypeError('url of a Slack receiver has to be the whole address of the incoming webhook.');
    this.#link = new HttpLink({ ...target, url: address });
    this.#message = service === 'slack' ? slackMessage : mattermostMessage;
    this.#clock = clock;
  }

  async send(batch: readonly NumberedNotice[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const notice of batch) {
      try {
        outcomes.push(await this.#post(notice, signal));
      } catch (error) {
        if (outcomes.length === 0) throw error;
        return [...outcomes, ...batch.slice(outcomes.length).map(() => retryAfter(error))];
      }
    }
    return outcomes;
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async #post(notice: NumberedNotice, signal: AbortSignal): Promise<Outcome> {
    const left = this.#lastSent + PACE_MS - this.#clock.now();
    // A clock that was set back must not stop messages until it has caught up.
    if (left > 0 && left <= PACE_MS) await this.#clock.sleep(left, signal);
    if (signal.aborted) throw new ReceiverError('stopped', 'The message was not sent before the end.');
    this.#lastSent = this.#clock.now();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(this.#message(notice));
    const answer = await this.#link.post(this.#link.url, { headers, body }, signal);
    const { status } = answer;
    if (status >= 200 && status < 300) return ACCEPTED;
    const isMessage = status === 400 || status === 413 || status === 422;
    if (!isMessage || WEBHOOK_IS_WRONG.has(answer.body.trim())) throw refusedBy(answer, this.#clock.now());
    return { kind: 'rejected', reason: `http_${String(status)}` };
  }
}
