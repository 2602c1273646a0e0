import { textOf } from '../secret-bytes.ts';
import { SecretError } from '../secret-error.ts';
import { objectAt } from './read-answer.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultEngine } from './vault-provider.ts';
import type { VaultSession } from './vault-session.ts';

const CIPHERTEXT = /^vault:v[1-9]\d{0,8}:[A-Za-z0-9+/]+={0,2}$/;

/** `vault-transit://transit/key#vault:v1:...`: a value that stands encrypted in the reference itself. */
export function transitEngine(session: VaultSession): VaultEngine {
  return {
    scheme: 'vault-transit',

    check({ path, field, version }) {
      if (!path.includes('/'))
        return 'names no key in a mount; write it as vault-transit://transit/key#vault:v1:...';
      if (field === undefined || !CIPHERTEXT.test(field)) {
        return 'has no ciphertext after "#"; write what transit/encrypt gave, which begins with vault:v1:';
      }
      return version === undefined ? undefined : 'the ciphertext says its version; leave out ?version';
    },

    async resolve(reference, signal) {
      const path = reference.path.split('/');
      const mount = path.slice(0, -1);
      const body = { ciphertext: reference.field };
      const ask = { method: 'POST', path: [...mount, 'decrypt', ...path.slice(-1)], body } as const;
      let answer: unknown;
      try {
        ({ answer } = await session.request(ask, signal));
      } catch (thrown) {
        throw decryptFailure(thrown);
      }
      const { plaintext } = objectAt(answer, 'data');
      const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'base64') : undefined;
      // Buffer.from skips whatever is no base64.
      if (bytes === undefined || bytes.toString('base64') !== plaintext) {
        throw new SecretError(
          'unavailable',
          reference.text,
          'Vault answers with a plaintext that is no base64',
        );
      }
      return { value: textOf(bytes, reference) };
    },
  };
}

function decryptFailure(thrown: unknown): VaultFailure {
  const failure = VaultFailure.from(thrown);
  return failure.status === 400 && failure.hint !== 'unknown_name'
    ? failure.as('invalid_value', 'Vault cannot decrypt it with this key; encrypt it again')
    : failure;
}
