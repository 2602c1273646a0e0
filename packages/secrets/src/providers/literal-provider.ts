import { textOf } from '../secret-bytes.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretProvider } from '../secret-provider.ts';

/** `literal:text`: the text itself. A default in the open, for what is no secret: `literal:anonymous`. */
export function literalProvider(): SecretProvider {
  let closed = false;
  return {
    scheme: 'literal',
    check: ({ path }) =>
      path === '' ? 'is empty; write a text after the colon, or leave it out' : undefined,
    async resolve(reference) {
      if (closed) throw new SecretError('closed', reference.text, 'the provider was closed');
      return { value: textOf(reference.path, reference) };
    },
    async close() {
      closed = true;
    },
  };
}
