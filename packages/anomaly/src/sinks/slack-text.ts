import { clipped } from './clipped.ts';

/** Between two characters it shows nothing, and parts what would be a mention or an address (U+2060 WORD JOINER). */
const APART = '\u2060';

/** A text from outside that can mention nobody and link nothing. */
function harmless(text: string, limit: number): string {
  return clipped(text, limit)
    .replaceAll('@', `@${APART}`)
    .replaceAll('://', `:${APART}//`)
    .replaceAll(/\bwww\./gi, (found) => `${found.slice(0, 3)}${APART}.`);
}

/**
 * For Slack, which takes `<`, `>` and `&` as its own
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping). Markup is not escaped: use it as `plain_text`.
 *
 * @param limit in UTF-16 units, before anything is escaped; a sign becomes five at most
 */
export function slackText(text: string, limit: number): string {
  return harmless(text, limit).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** For Mattermost, which takes Markdown. */
export function mattermostText(text: string, limit: number): string {
  return harmless(text, limit).replaceAll(/[\\`*_{}[\]()<>#+!|~&:-]/g, String.raw`\$&`);
}
