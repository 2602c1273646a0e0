import { parseReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';

/**
 * How a policy refers to a name.
 *
 * @throws SecretError `invalid_reference` when it cannot, and so nothing is stored under that name
 */
export function keystoreReference(name: string): string {
  if (/\p{Surrogate}/u.test(name)) throw unusable();
  // Nobody sees it, and who types the name leaves it out.
  if (name.trim() !== name) {
    const why = 'the name begins or ends with a space; write one such as api-key';
    throw new SecretError('invalid_reference', 'keystore:...', why);
  }
  const text = `keystore:${name.split('/').map(encodeURIComponent).join('/')}`;
  if (parseReference(text).path !== name) throw unusable();
  return text;
}

function unusable(): SecretError {
  return new SecretError(
    'invalid_reference',
    'keystore:...',
    'the name cannot be used; write one such as api-key',
  );
}
