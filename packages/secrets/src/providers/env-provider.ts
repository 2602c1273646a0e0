import type { SecretReference } from '../reference.ts';
import { textOf } from '../secret-bytes.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretProvider } from '../secret-provider.ts';

export interface EnvProviderOptions {
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** `env:NAME`: a variable of the environment, as it is at each look-up. */
export function envProvider(options: EnvProviderOptions = {}): SecretProvider {
  const env = options.env ?? process.env;
  const check = (reference: SecretReference): string | undefined =>
    wrongWithVariable(reference, 'env:API_KEY');
  let closed = false;
  return {
    scheme: 'env',
    check,
    async resolve(reference) {
      if (closed) throw new SecretError('closed', reference.text, 'the provider was closed');
      const wrong = check(reference);
      if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
      const value = Object.hasOwn(env, reference.path) ? env[reference.path] : undefined;
      if (value === undefined || value === '') {
        // Compose files and CI set what is not given to nothing: that is no value, and the next of a list may have one.
        const state = value === undefined ? 'not set' : 'set, but to nothing';
        throw new SecretError('not_found', reference.text, `the environment variable is ${state}; set it`);
      }
      return { value: textOf(value, reference) };
    },
    async close() {
      closed = true;
    },
  };
}

/** What is wrong with a reference to a variable, which is a name and nothing more. */
export function wrongWithVariable(reference: SecretReference, example: string): string | undefined {
  return reference.version === undefined ? undefined : `a variable has no versions; write it as ${example}`;
}
