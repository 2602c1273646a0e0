import { inspect } from 'node:util';
import { type Clock, SYSTEM_CLOCK } from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpPlace, Said } from '../../../audit/test/shipping/http-place.ts';
import { mattermostMessage, slackMessage } from '../../src/sinks/slack-message.ts';
import { SlackReceiver, type SlackReceiverOptions } from '../../src/sinks/slack-receiver.ts';
import { alert } from '../triage/some-alerts.ts';
import { receiverContract } from './receiver-contract.ts';
import { putAll, SenderBench, until } from './sender-bench.ts';
import { type SlackPayload, slackRefuses, startSlack, textsOf } from './slack-place.ts';
import { hostileAlerts, notice, notices, of, sent } from './some-notices.ts';

const SIGNAL = new AbortController().signal;
const PATH = '/services/T000/B000/XXXX';

/** Time that passes only where somebody sleeps for the pace; a limit of a sender never comes. */
function quick(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = Date.parse('2026-01-05T08:00:00Z');
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

function receiverFor(place: HttpPlace, options: Partial<SlackReceiverOptions> = {}): SlackReceiver {
  const url = new Secret(place.url + PATH);
  return new SlackReceiver({ url, dangerouslyWithoutTls: true, clock: quick(), ...options });
}

const asPayload = (message: object): SlackPayload => message as SlackPayload;

/** Which notice a message is of: the first name of a target in it. */
const NAMED = /(?:^|[^\w-])((?:\d+|hostile)-\d+)(?![\w-])/;

for (const service of ['slack', 'mattermost'] as const) {
  receiverContract(`${service} webhook (labelled fixture)`, async () => {
    const arrived: string[] = [];
    const hostile = hostileAlerts();
    const make = service === 'slack' ? slackMessage : mattermostMessage;
    const known = new Map(hostile.map((one) => [JSON.stringify(make(of(one))), one.id]));
    const place = await startSlack(({ body }) => {
      if (slackRefuses(body) !== undefined) return undefined;
      const id = known.get(body) ?? NAMED.exec(body.replaceAll('\\\\', ''))?.[1];
      arrived.push(id ?? `unknown ${body}`);
      return { status: 200 };
    });
    return {
      ...place.rig(),
      receiver: () => receiverFor(place, { service }),
      arrived: async () => arrived,
      byNotice: true,
      inOrder: true,
    };
  });
}

describe('a message for Slack', () => {
  test('has a headline, the colour of the highest severity, each alert with its sentence, and its runbook', () => {
    const some = notice(1, { repeated: 2 }, 2);
    const [first, second = first] = some.alerts;
    const payload = asPayload(
      slackMessage({ ...some, alerts: [first, { ...second, severity: 'critical' }] }),
    );
    expect(payload.text).toBe('Critical: 2 alerts about alice at files');
    expect(payload.attachments?.[0]?.color).toBe('#7f1d1d');
    expect(textsOf(payload).map(({ text }) => text)).toEqual([
      'Critical: 2 alerts about alice at files',
      'MEDIUM  alice made 412 calls in a minute, where 30 are usual.',
      expect.stringMatching(/^Unusual rate of calls · files · alice · 1-0 · 20/),
      '<https://docs.example/runbooks/call-rate.md|Runbook>',
      'CRITICAL  alice made 412 calls in a minute, where 30 are usual.',
      expect.stringMatching(/^Unusual rate of calls · files · alice · 1-1 · 20/),
      '<https://docs.example/runbooks/call-rate.md|Runbook>',
      'Repeated 2 times',
    ]);
  });

  test('says what it does not show', () => {
    const rule = { id: 'denials', name: 'Denials' };
    const some = notice(1, { more: [{ rule, severity: 'high', count: 7 }] }, 100);
    const texts = textsOf(asPayload(slackMessage(some))).map(({ text }) => text);
    expect(texts.slice(-2)).toEqual(['90 more alerts in this group', '7 more alerts: Denials (7)']);
    expect(texts[0]).toMatch(/^High: 100 alerts/);
  });

  test('stays within the limits of Slack, whatever the alerts hold', () => {
    const hostile = hostileAlerts();
    for (const one of hostile) expect(slackRefuses(JSON.stringify(slackMessage(of(one))))).toBeUndefined();
    const [first = alert(0), ...rest] = Array.from({ length: 10 }, () => hostile).flat();
    const many = { ...notice(1), alerts: [first, ...rest] } as const;
    expect(slackRefuses(JSON.stringify(slackMessage(many)))).toBeUndefined();
  });

  test('mentions nobody and links nothing but runbooks on http and https, whatever names say', () => {
    for (const one of hostileAlerts()) {
      const payload = asPayload(slackMessage(of(one)));
      expect(payload).toMatchObject({ mrkdwn: false, parse: 'none', link_names: false });
      for (const { type, text } of textsOf(payload)) {
        if (type === 'mrkdwn') expect(text).toMatch(/^<https?:\/\/[^|<>]+\|Runbook>$/);
        else {
          expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
          expect(text).not.toMatch(/@\w|:\/\/|www\./);
          expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Bidi_Control}\p{Cs}]/u);
        }
      }
    }
  });

  test('links no runbook that is a file or a script, and none that ends its link early', () => {
    const linksOf = (runbook: string): string[] =>
      textsOf(asPayload(slackMessage(of(alert(0, { runbook })))))
        .filter(({ type }) => type === 'mrkdwn')
        .map(({ text }) => text);
    expect(['docs/runbooks/a.md', 'javascript:alert(1)', 'ftp://a.example/'].flatMap(linksOf)).toEqual([]);
    expect(linksOf('https://a.example/x|<!channel>')).toEqual([
      '<https://a.example/x%7C%3C!channel%3E|Runbook>',
    ]);
  });
});

describe('a message for Mattermost', () => {
  test('has Markdown of its own, and none of names', () => {
    const payload = asPayload(mattermostMessage(of(alert(0, { subject: '*bob* @all [x](y)' }))));
    const [{ text = '' } = {}] = payload.attachments ?? [];
    expect(text).toContain('**MEDIUM** ');
    expect(text).toContain(String.raw`\*bob\*`);
    for (const one of hostileAlerts()) {
      for (const { text: shown } of textsOf(asPayload(mattermostMessage(of(one))))) {
        const ours = shown.replaceAll(/^\*\*[A-Z]+\*\* |\[Runbook\]\(https?:[^()\s]+\)/gm, '');
        expect(ours).not.toMatch(/(?<!\\)[*_`~[\]<>()!]/);
        expect(ours).not.toMatch(/@\w/);
      }
      expect(slackRefuses(JSON.stringify(mattermostMessage(of(one))))).toBeUndefined();
    }
  });
});

describe('a Slack receiver (labelled fixture)', () => {
  let place: HttpPlace;
  let bench: SenderBench;
  let next: Said[];
  beforeEach(async () => {
    next = [];
    place = await startSlack(() => next.shift());
    bench = new SenderBench();
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  test('sends one message a second', async () => {
    const clock = quick();
    await receiverFor(place, { clock }).send(
      notices(0, 4).map((one) => sent(one)),
      SIGNAL,
    );
    expect(place.asked).toHaveLength(4);
    expect(clock.slept).toEqual([1000, 1000, 1000]);
  });

  test('waits for as long as a 429 asks', async () => {
    next = [{ status: 429, headers: { 'retry-after': '7' } }];
    const waits: number[] = [];
    const clock: Clock = {
      ...SYSTEM_CLOCK,
      sleep: (ms, signal) => {
        waits.push(ms);
        return SYSTEM_CLOCK.sleep(ms > 6000 && ms <= 7000 ? 0 : ms, signal);
      },
      now: () => Date.now() + (waits.some((ms) => ms > 6000 && ms <= 7000) ? 7000 : 0),
    };
    await putAll(await bench.sender(receiverFor(place), { clock }), [notice(1)]);
    await until(() => place.stored.length === 1);
    expect(bench.told('send_failed')).toEqual([{ type: 'send_failed', code: 'http_429', notices: 1 }]);
  });

  test.each([
    [403, 'action_prohibited'],
    [404, 'no_service'],
    [404, 'channel_not_found'],
    [410, 'channel_is_archived'],
    [400, 'no_service'],
    [400, 'invalid_token\n'],
    [500, 'rollup_error'],
    [503, ''],
  ])('status %i (%s) is for an admin to mend: nothing is lost', async (status, body) => {
    next = [{ status, body: Buffer.from(body) }];
    const sender = await bench.sender(receiverFor(place));
    await putAll(sender, [notice(1)]);
    await until(() => sender.status.sent === 1);
    expect(bench.told('send_failed')[0]?.code).toBe(`http_${String(status)}`);
    expect(bench.rejected()).toEqual([]);
  });

  test.each([
    [400, 'invalid_payload'],
    [400, 'no_text'],
    [413, ''],
  ])('status %i (%s) is for the message: it is rejected, and the next one arrives', async (status, body) => {
    next = [{ status, body: Buffer.from(body) }];
    const sender = await bench.sender(receiverFor(place));
    await putAll(sender, [notice(1), notice(2)]);
    await until(() => sender.status.sent === 1);
    expect(bench.rejected()).toMatchObject([{ reason: `http_${String(status)}`, record: { id: '1-0' } }]);
  });

  test('what follows a message that failed is not sent before it', async () => {
    next = [{ status: 200 }, { status: 503 }];
    const batch = notices(0, 4).map((one) => sent(one));
    const outcomes = await receiverFor(place).send(batch, SIGNAL);
    const retry = { kind: 'retry', code: 'http_503' };
    expect(outcomes).toEqual([{ kind: 'accepted' }, retry, retry, retry]);
    expect(place.asked).toHaveLength(2);
  });

  test('never shows its address: not when it is printed, not in events, not in errors', async () => {
    const receiver = receiverFor(place);
    expect(inspect(receiver, { depth: 10, showHidden: true }) + JSON.stringify(receiver)).not.toContain(
      'XXXX',
    );
    await place.goAway();
    await putAll(await bench.sender(receiver), [notice(1)]);
    await until(() => bench.told('breaker_opened').length > 0);
    expect(inspect(bench.events, { depth: 10 })).not.toContain('XXXX');
    const failure = await receiver.send([sent(notice(1))], SIGNAL).catch((error: unknown) => error);
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('XXXX');
    for (const address of [
      'hooks.slack.com/services/XXXX',
      'http://a.example/XXXX',
      'https://a:XXXX@b.example/',
    ]) {
      let thrown: unknown;
      try {
        thrown = new SlackReceiver({ url: new Secret(address) });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(TypeError);
      expect(inspect(thrown, { depth: 10, showHidden: true })).not.toContain('XXXX');
    }
  });
});
