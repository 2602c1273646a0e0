import type { Cursor } from '../../../engine/cursor.ts';
import { unitsOf } from '../shape.ts';

const BASE64URL = unitsOf('A-Za-z0-9_-');

/** Three parts (RFC 7519) or five (RFC 7516), of which the first two begin with `eyJ`; from the first unit of its run. */
export function findJwt(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (at > 0 && BASE64URL[codes[at - 1] as number] === 1) return false;
  const header = partEnd(codes, at);
  if (header - at < 16 || codes[header] !== 46) return false;
  let to = header;
  let parts = 1;
  while (parts < 5 && codes[to] === 46) {
    const end = partEnd(codes, to + 1);
    // Only the key of a five-part token may be empty, and the signature of one that is not signed.
    if (end === to + 1 && parts !== 1 && parts !== 2) break;
    to = end;
    parts += 1;
  }
  if (parts < 3 || to - header < 16) return false;
  cursor.from = at;
  cursor.to = to;
  return true;
}

function partEnd(codes: Uint16Array, at: number): number {
  let to = at;
  while (BASE64URL[codes[to] as number] === 1) to += 1;
  return to;
}

/** The header is JSON with an `alg`; the payload of a signed token is JSON, too. */
export function isJwt(value: string): boolean {
  const [header = '', payload = '', , ...more] = value.split('.');
  const read = objectOf(header);
  if (typeof read?.['alg'] !== 'string') return false;
  return more.length > 0 || objectOf(payload) !== undefined;
}

function objectOf(part: string): Record<string, unknown> | undefined {
  const text = Buffer.from(part, 'base64url').toString();
  // A thrown error costs more than all the rest.
  if (!text.startsWith('{"') || !text.endsWith('}')) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
