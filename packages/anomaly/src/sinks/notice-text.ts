import { moreThan, type Notice } from '../triage/notice.ts';
import { clipped } from './clipped.ts';

const RULES = 10;

/** `12 more alerts: Unusual rate of calls (7), other rules (5)`; undefined for none. */
export function moreText(notice: Pick<Notice, 'more'>): string | undefined {
  const { more = [] } = notice;
  if (more.length === 0) return undefined;
  const [shown, rest] = [more.slice(0, RULES), more.slice(RULES)];
  const rules = shown.map(({ rule, count }) => `${clipped(rule.name, 60)} (${String(count)})`);
  if (rest.length > 0) rules.push(`${String(rest.length)} more rules (${String(moreThan({ more: rest }))})`);
  return `${several(moreThan(notice), 'more alert')}: ${rules.join(', ')}`;
}

/** `1 alert`, `2 alerts` */
export function several(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** An address that may be shown as a link; undefined for anything but http and https. */
export function linkOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  // What ends a link in Slack or in Markdown.
  return href.replaceAll(
    /[|<>()[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
