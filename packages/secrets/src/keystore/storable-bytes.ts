import { SecretError } from '../secret-error.ts';
import { MAX_SECRET_BYTES } from '../secret-provider.ts';

/**
 * A value as it is stored: text as UTF-8.
 *
 * @throws SecretError `invalid_value` when it is empty or would not come back unchanged, `too_large`
 */
export function storableBytes(value: string | Uint8Array, reference: string): Buffer {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) {
    throw new SecretError('invalid_value', reference, 'the value has half a character; store its bytes');
  }
  const bytes = Buffer.from(value);
  if (bytes.length === 0) throw new SecretError('invalid_value', reference, 'the value is empty; give one');
  if (bytes.length > MAX_SECRET_BYTES) {
    throw new SecretError('too_large', reference, `the value is more than ${MAX_SECRET_BYTES} bytes`);
  }
  return bytes;
}
