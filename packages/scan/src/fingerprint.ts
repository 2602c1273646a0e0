import { createHash } from 'node:crypto';

const VERSION = 'v1';
const DIGITS = 32;

/** Names a credential by its content, so that it is the same one in another file, line or commit; it does not reveal it. */
export function fingerprintOf(rule: string, secret: string): string {
  const hash = createHash('sha256').update(secret, 'utf8').digest('hex').slice(0, DIGITS);
  return `${VERSION}:${rule}:${hash}`;
}
