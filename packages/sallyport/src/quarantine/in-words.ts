import type { ApprovableCall, Restricted, Restriction } from '@sallyport/anomaly';
import { visible } from '@sallyport/audit';

/** Whom or what a restriction is about, as a terminal can show it. */
export function restrictedInWords(of: Restricted): string {
  if ('subject' in of) return `subject ${visible(of.subject)}`;
  return 'target' in of ? `tool ${visible(`${of.server}/${of.target}`)}` : `server ${visible(of.server)}`;
}

/** Why something is restricted. */
export function reasonInWords({ alert, reason }: Restriction): string {
  const texts = [alert === undefined ? undefined : `alert: ${alert.title}`, reason];
  return visible(texts.filter((text) => text !== undefined).join('; '));
}

/** `alice: tools/call ehr/export` */
export function callInWords({ subject, server, method, target }: ApprovableCall): string {
  return visible(`${subject}: ${method} ${target === undefined ? server : `${server}/${target}`}`);
}

/** A time for people: without milliseconds. */
export function inSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
