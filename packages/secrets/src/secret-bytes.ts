import { isUtf8 } from 'node:buffer';
import type { SecretReference } from './reference.ts';
import { SecretError } from './secret-error.ts';
import { MAX_SECRET_BYTES } from './secret-provider.ts';

/** `toString` would write U+FFFD for half a pair, and so give another value than the one that is stored. */
const HALF_PAIR = /\p{Surrogate}/u;

/**
 * What was found, as the text that the reference asks for: as it stands, or base64 of its bytes for
 * `?encoding=base64`.
 *
 * @throws SecretError `invalid_value` when it is empty, or no UTF-8 and asked for as text; `too_large` when
 * it is more than `MAX_SECRET_BYTES`
 */
export function textOf(found: Uint8Array | string, reference: SecretReference): string {
  const size = typeof found === 'string' ? Buffer.byteLength(found) : found.byteLength;
  if (size === 0) throw new SecretError('invalid_value', reference.text, 'is empty; store a value in it');
  if (size > MAX_SECRET_BYTES) {
    throw new SecretError('too_large', reference.text, `is more than ${MAX_SECRET_BYTES} bytes`);
  }
  if (typeof found === 'string') {
    if (HALF_PAIR.test(found)) throw notText(reference);
    return reference.encoding === 'base64' ? Buffer.from(found).toString('base64') : found;
  }
  const bytes = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
  if (reference.encoding === 'base64') return bytes.toString('base64');
  if (!isUtf8(bytes)) throw notText(reference);
  return bytes.toString('utf8');
}

function notText(reference: SecretReference): SecretError {
  return new SecretError(
    'invalid_value',
    reference.text,
    'is no UTF-8 text; write ?encoding=base64 to have its bytes as base64',
  );
}
