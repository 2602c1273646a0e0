import type { Rule } from '../../../rule.ts';
import { named } from '../kinds/named.ts';
import { token } from '../kinds/token.ts';
import { webhook } from '../kinds/webhook.ts';
import type { Cursor } from '../../../engine/cursor.ts';
import { isPlaceholderAt } from '../placeholder.ts';

const SLACK = 'https://docs.slack.dev/authentication/tokens';
const UUID = '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}';

/** The cursor stands at the `A` behind the colon; the digits of the bot are before it. */
function findTelegram(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (codes[at - 1] !== 58) return false;
  let from = at - 1;
  while (from > 0 && at - from < 13 && (codes[from - 1] as number) >= 48 && (codes[from - 1] as number) <= 57)
    from -= 1;
  let to = at;
  while (to < at + 36 && /[\w-]/.test(String.fromCharCode(codes[to] as number))) to += 1;
  const digits = at - 1 - from;
  if (digits < 8 || digits > 10 || to - at !== 35) return false;
  cursor.from = from;
  cursor.to = to;
  return true;
}

export const MESSAGING_RULES: readonly Rule[] = [
  token(
    'slack-bot-token',
    'ACCESS_TOKEN',
    'critical',
    'xoxb-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{20,36}',
    SLACK,
  ),
  token(
    'slack-user-token',
    'ACCESS_TOKEN',
    'critical',
    ['xoxp-[0-9]{10,13}-[0-9]{10,13}-[0-9]{10,13}-[a-f0-9]{28,34}', 'xoxe\\.xoxp-[0-9]-[A-Za-z0-9]{140,180}'],
    SLACK,
  ),
  token(
    'slack-app-token',
    'ACCESS_TOKEN',
    'critical',
    'xapp-[0-9]-[A-Z0-9]{9,13}-[0-9]{10,14}-[a-f0-9]{64}',
    SLACK,
  ),
  token('slack-refresh-token', 'ACCESS_TOKEN', 'critical', 'xoxe-[0-9]-[A-Za-z0-9]{140,180}', SLACK),
  token(
    'slack-legacy-token',
    'ACCESS_TOKEN',
    'high',
    [
      'xoxa-[0-9]{1,13}-[A-Za-z0-9-]{10,80}',
      'xoxr-[0-9]{1,13}-[A-Za-z0-9-]{10,80}',
      'xoxo-[0-9]{1,13}-[A-Za-z0-9-]{10,80}',
      'xoxs-[0-9]{1,13}-[A-Za-z0-9-]{10,80}',
    ],
    SLACK,
  ),
  token(
    'slack-session-cookie',
    'ACCESS_TOKEN',
    'high',
    ['xoxc-[0-9]{10,13}-[0-9]{10,13}-[0-9]{10,13}-[a-f0-9]{64}', 'xoxd-[A-Za-z0-9%+/=]{60,250}'],
    SLACK,
  ),
  named(
    'slack-signing-secret',
    'API_KEY',
    'high',
    ['slack signing secret', 'slack client secret', 'slack secret'],
    '[a-f0-9]{32}',
    'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  ),
  webhook(
    'slack-webhook',
    'high',
    [
      'hooks\\.slack\\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,26}',
      'hooks\\.slack\\.com/workflows/T[A-Z0-9]{8,12}/A[A-Z0-9]{8,12}/[0-9]{15,20}/[A-Za-z0-9]{20,26}',
      'hooks\\.slack\\.com/triggers/[A-Z0-9]{8,12}/[0-9]{8,16}/[a-f0-9]{32}',
    ],
    'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
    ['hooks.slack.com/'],
  ),
  named(
    'discord-bot-token',
    'ACCESS_TOKEN',
    'critical',
    ['discord bot token', 'discord token', 'bot token', 'discord', 'token'],
    '[MNO][A-Za-z0-9_-]{23,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}',
    'https://discord.com/developers/docs/reference#authentication',
    { scores: { alone: 0.98 } },
  ),
  named(
    'discord-client-secret',
    'API_KEY',
    'high',
    ['discord client secret', 'discord secret'],
    '[A-Za-z0-9_-]{32}',
    'https://discord.com/developers/docs/topics/oauth2',
  ),
  webhook(
    'discord-webhook',
    'high',
    [
      'discord\\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}',
      'discordapp\\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}',
    ],
    'https://discord.com/developers/docs/resources/webhook',
    ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
  ),
  {
    id: 'telegram-bot-token',
    entity: 'ACCESS_TOKEN',
    severity: 'critical',
    source: 'https://core.telegram.org/bots/api#authorizing-your-bot',
    forms: [
      {
        on: 'word',
        words: ['AA'],
        open: true,
        exact: true,
        inner: true,
        edges: 'dotted',
        find: findTelegram,
        reach: 50,
      },
    ],
    except: isPlaceholderAt,
    scores: { alone: 0.98 },
    examples: {
      ok: [
        'BOT=⟦‹[1-9][0-9]{8}›:AA‹[A-Za-z0-9_-]{32}›a⟧',
        '{"token":"⟦‹[1-9][0-9]{9}›:AA‹[A-Za-z0-9_-]{32}›b⟧"}',
        'https://api.telegram.org/file/⟦‹[1-9][0-9]{9}›:AA‹[A-Za-z0-9]{33}›⟧/getMe',
      ],
      ng: ['AA:BB', '12345678:AAxxxx', '‹[1-9][0-9]{9}›:AA‹[A-Za-z0-9]{20}›', '1:AA‹[A-Za-z0-9]{33}›'],
    },
  },
  token(
    'twilio-api-key-sid',
    'API_KEY',
    'high',
    'SK[a-f0-9]{32}',
    'https://www.twilio.com/docs/iam/api-keys',
  ),
  named(
    'twilio-auth-token',
    'ACCESS_TOKEN',
    'critical',
    ['twilio auth token', 'twilio token', 'twilio'],
    '[a-f0-9]{32}',
    'https://www.twilio.com/docs/iam/api/authtoken',
  ),
  token(
    'sendgrid-api-key',
    'API_KEY',
    'critical',
    'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}',
    'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
  ),
  token(
    'mailgun-api-key',
    'API_KEY',
    'critical',
    'key-[a-f0-9]{32}',
    'https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth',
  ),
  named(
    'mailgun-private-key',
    'API_KEY',
    'critical',
    ['mailgun api key', 'mailgun', 'mg api key'],
    '[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}',
    'https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth',
  ),
  named(
    'mailchimp-api-key',
    'API_KEY',
    'critical',
    ['mailchimp api key', 'mailchimp', 'mandrill api key', 'api key'],
    '[a-f0-9]{32}-us[0-9]{1,2}',
    'https://mailchimp.com/developer/marketing/guides/quick-start/',
    { scores: { alone: 0.98 } },
  ),
  named(
    'postmark-server-token',
    'ACCESS_TOKEN',
    'high',
    [
      'postmark server token',
      'postmark api token',
      'x postmark server token',
      'x postmark account token',
      'postmark',
    ],
    UUID,
    'https://postmarkapp.com/developer/api/overview',
  ),
  token(
    'resend-api-key',
    'API_KEY',
    'high',
    're_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}',
    'https://resend.com/docs/dashboard/api-keys/introduction',
  ),
  token(
    'brevo-api-key',
    'API_KEY',
    'critical',
    'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}',
    'https://developers.brevo.com/docs/getting-started',
  ),
  token(
    'brevo-smtp-key',
    'PASSWORD',
    'critical',
    'xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}',
    'https://help.brevo.com/hc/en-us/articles/7959631848850',
  ),
  token(
    'mailersend-api-token',
    'ACCESS_TOKEN',
    'critical',
    'mlsn\\.[a-f0-9]{64}',
    'https://developers.mailersend.com/general.html#authentication',
  ),
  named(
    'mailjet-secret-key',
    'API_KEY',
    'critical',
    ['mailjet secret key', 'mj apikey private', 'mailjet api secret', 'mailjet'],
    '[a-f0-9]{32}',
    'https://dev.mailjet.com/email/guides/',
  ),
  named(
    'sparkpost-api-key',
    'API_KEY',
    'high',
    ['sparkpost api key', 'sparkpost'],
    '[a-f0-9]{40}',
    'https://developers.sparkpost.com/api/',
  ),
  named(
    'vonage-api-secret',
    'API_KEY',
    'high',
    ['vonage api secret', 'nexmo api secret', 'nexmo secret', 'vonage', 'nexmo'],
    '[A-Za-z0-9]{16}',
    'https://developer.vonage.com/en/getting-started/concepts/authentication',
  ),
  named(
    'messagebird-access-key',
    'API_KEY',
    'high',
    ['messagebird access key', 'messagebird api key', 'messagebird'],
    '[A-Za-z0-9]{25}',
    'https://developers.messagebird.com/api/#authentication',
  ),
  token(
    'klaviyo-private-key',
    'API_KEY',
    'high',
    'pk_[a-f0-9]{34}',
    'https://developers.klaviyo.com/en/docs/authenticate_',
  ),
  named(
    'line-channel-token',
    'ACCESS_TOKEN',
    'high',
    ['line channel access token', 'channel access token'],
    '[A-Za-z0-9+/]{160,180}={0,2}',
    'https://developers.line.biz/en/docs/basics/channel-access-token/',
  ),
  token(
    'matrix-access-token',
    'ACCESS_TOKEN',
    'high',
    'syt_[A-Za-z0-9+/]{2,60}_[A-Za-z]{20}_[A-Za-z0-9]{6}',
    'https://spec.matrix.org/latest/client-server-api/#using-access-tokens',
  ),
  webhook(
    'teams-webhook',
    'high',
    `webhook\\.office\\.com/webhookb2/${UUID}@${UUID}/IncomingWebhook/[a-f0-9]{32}/${UUID}[A-Za-z0-9/_-]{0,80}`,
    'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    ['webhook.office.com/'],
  ),
  webhook(
    'google-chat-webhook',
    'high',
    'chat\\.googleapis\\.com/v1/spaces/[A-Za-z0-9_-]{8,16}/messages\\?key=[A-Za-z0-9_-]{39}&token=[A-Za-z0-9_%-]{40,60}',
    'https://developers.google.com/workspace/chat/quickstart/webhooks',
    ['chat.googleapis.com/'],
  ),
  webhook(
    'zapier-webhook',
    'medium',
    'hooks\\.zapier\\.com/hooks/catch/[0-9]{5,10}/[A-Za-z0-9]{6,12}',
    'https://help.zapier.com/hc/en-us/articles/8496288690317',
    ['hooks.zapier.com/'],
  ),
  webhook(
    'ifttt-webhook',
    'medium',
    'maker\\.ifttt\\.com/trigger/[A-Za-z0-9_-]{1,64}/with/key/[A-Za-z0-9_-]{20,60}',
    'https://ifttt.com/maker_webhooks',
    ['maker.ifttt.com/'],
  ),
  webhook(
    'make-webhook',
    'medium',
    ['hook\\.eu[0-9]\\.make\\.com/[a-z0-9]{32}', 'hook\\.us[0-9]\\.make\\.com/[a-z0-9]{32}'],
    'https://help.make.com/webhooks',
    ['hook.eu', 'hook.us'],
  ),
];
