import type { AlertFacts } from '@sallyport/audit';
import { type Notice, severityOf } from '../triage/notice.ts';
import { linkOf, moreText, several } from './notice-text.ts';
import { mattermostText, slackText } from './slack-text.ts';

const COLOURS: Readonly<Record<AlertFacts['severity'], string>> = {
  low: '#6b7280',
  medium: '#d97706',
  high: '#dc2626',
  critical: '#7f1d1d',
};

/** A message shows so many alerts, of at most 50 blocks. */
const SHOWN = 10;
/** A text of a block has 3,000 characters at most, and a character takes five at most. */
const TITLE = 500;
const NAME = 100;

type Write = (text: string, limit: number) => string;

/** What an incoming webhook of Slack takes (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function slackMessage(notice: Notice): object {
  const text = headline(notice, slackText);
  const blocks = notice.alerts.slice(0, SHOWN).flatMap((alert) => {
    const link = linkOf(alert.runbook);
    const runbook = link === undefined ? [] : [{ type: 'mrkdwn', text: `<${link}|Runbook>`, verbatim: true }];
    return [
      {
        type: 'section',
        text: plainText(`${alert.severity.toUpperCase()}  ${slackText(alert.title, TITLE)}`),
      },
      { type: 'context', elements: [plainText(aboutOf(alert, slackText)), ...runbook] },
    ];
  });
  const rest = restOf(notice).map((line) => {
    return { type: 'context', elements: [plainText(slackText(line, TITLE))] };
  });
  const attachment = { color: COLOURS[severityOf(notice)], fallback: text, blocks: [...blocks, ...rest] };
  // Slack makes a link of whatever looks like one, unless it is told not to.
  const asItIs = {
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
  return { text, ...asItIs, attachments: [attachment] };
}

/** The same for Mattermost, which knows no blocks (https://developers.mattermost.com/integrate/reference/message-attachments/). */
export function mattermostMessage(notice: Notice): object {
  const text = headline(notice, mattermostText);
  const shown = notice.alerts.slice(0, SHOWN).map((alert) => {
    const link = linkOf(alert.runbook);
    const runbook = link === undefined ? '' : ` · [Runbook](${link})`;
    const title = mattermostText(alert.title, TITLE);
    return `**${alert.severity.toUpperCase()}** ${title}\n${aboutOf(alert, mattermostText)}${runbook}`;
  });
  const rest = restOf(notice).map((line) => mattermostText(line, TITLE));
  const attachment = {
    color: COLOURS[severityOf(notice)],
    fallback: text,
    text: [...shown, ...rest].join('\n\n'),
  };
  return { text, attachments: [attachment] };
}

function headline(notice: Notice, write: Write): string {
  const { alerts } = notice;
  const severity = severityOf(notice);
  const [{ server, subject }] = alerts;
  const isOne = alerts.every((alert) => alert.server === server && alert.subject === subject);
  const who = subject === undefined ? '' : ` about ${write(subject, NAME)}`;
  const whom = isOne ? `${who} at ${write(server, NAME)}` : ' about several';
  return `${severity.charAt(0).toUpperCase()}${severity.slice(1)}: ${several(alerts.length, 'alert')}${whom}`;
}

function aboutOf({ rule, server, subject, target, time, quarantined }: AlertFacts, write: Write): string {
  const parts = [rule.name, server, subject, target].filter((part) => part !== undefined);
  const state = quarantined ? ['quarantined'] : [];
  return [...parts.map((part) => write(part, NAME)), write(time, NAME), ...state].join(' · ');
}

/** What the message does not show. */
function restOf(notice: Notice): readonly string[] {
  const hidden = notice.alerts.length - SHOWN;
  const more = moreText(notice);
  return [
    ...(hidden > 0 ? [`${several(hidden, 'more alert')} in this group`] : []),
    ...(more === undefined ? [] : [more]),
    ...(notice.repeated > 0 ? [`Repeated ${several(notice.repeated, 'time')}`] : []),
  ];
}

function plainText(text: string): object {
  return { type: 'plain_text', text, emoji: false };
}
