import { createHash } from 'node:crypto';
import type { JsonObject } from '@sallyport/core';

/**
 * SHA-256 of the params of a call as JSON, hexadecimal, without `_meta`: that has progress tokens and trace ids, which differ
 * each time that the same call is sent.
 */
export function callDigest(params: JsonObject): string {
  const { _meta, ...rest } = params;
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}
