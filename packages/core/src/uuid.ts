import { randomUUID } from 'node:crypto';

/**
 * A time-ordered UUID, version 7 (RFC 9562, section 5.7): the time in front, and behind it the random bits of a version
 * 4, which Node draws from a pool. `now` is in milliseconds since the epoch.
 */
export function uuidv7(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
