import { createHash } from 'node:crypto';
import { visible } from '@sallyport/audit';

/**
 * A text for people, on one line: what cannot be seen is written out, and what is too long is cut and ends with the beginning
 * of its SHA-256, so that two long names stay two.
 *
 * @param limit in UTF-16 units
 */
export function clipped(text: string, limit: number): string {
  const shown = visible(text);
  if (shown.length <= limit) return shown;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const end = `...(sha256 ${digest})`;
  // Not through the middle of a character.
  return shown.slice(0, limit - end.length).replace(/[\ud800-\udbff]$/, '') + end;
}
