import type { SecretReference } from '../reference.ts';
import { textOf } from '../secret-bytes.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretProvider } from '../secret-provider.ts';
import { wrongWithVariable } from './env-provider.ts';
import { readSecretFile } from './read-secret-file.ts';

export interface DotenvProviderOptions {
  /** The file; a relative path begins where the process runs. */
  readonly path: string;
  /** Told, once each, that this is for development only, and of a file that others may read. Default: nobody is. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * `dotenv:NAME`: a variable in a `.env` file, for development. The file is read at each look-up; nothing is put into the
 * environment.
 *
 * @throws TypeError without a path
 */
export function dotenvProvider(options: DotenvProviderOptions): SecretProvider {
  const { path, onWarning = () => undefined } = options;
  if (typeof path !== 'string' || path === '') {
    throw new TypeError("path has to be that of a file, such as { path: '.env' }.");
  }
  const check = (reference: SecretReference): string | undefined =>
    wrongWithVariable(reference, 'dotenv:API_KEY');
  const warned = new Set<string>();
  const warn = (message: string): void => {
    if (warned.has(message)) return;
    warned.add(message);
    onWarning(message);
  };
  let closed = false;
  const refuseWhenClosed = ({ text }: SecretReference): void => {
    if (closed) throw new SecretError('closed', text, 'the provider was closed');
  };
  return {
    scheme: 'dotenv',
    check,
    async resolve(reference, { signal }) {
      refuseWhenClosed(reference);
      const wrong = check(reference);
      if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
      warn('Secrets are read from a .env file, which is for development only.');
      const { bytes, mode } = await readSecretFile(path, reference, signal).catch((error: unknown) => {
        throw ofFile(error, reference.text, path);
      });
      if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
        warn('The .env file may be read by others than its owner; run chmod 600 on it.');
      }
      const { parse } = await import('dotenv');
      refuseWhenClosed(reference);
      const text = bytes.byteLength === 0 ? '' : textOf(bytes, { ...reference, encoding: 'utf8' });
      // The other parser takes time that grows with the square of the empty lines.
      const variables = parse(text, { fast: true });
      const value = Object.hasOwn(variables, reference.path) ? variables[reference.path] : undefined;
      if (value === undefined) {
        const why = `${path} has no such variable; write it there`;
        throw new SecretError('not_found', reference.text, why);
      }
      return { value: textOf(value, reference) };
    },
    async close() {
      closed = true;
    },
  };
}

/** The reference does not say which file it is about. */
function ofFile(thrown: unknown, reference: string, path: string): SecretError {
  const error = SecretError.from(thrown, reference);
  const why = error.message.slice(`${error.reference}: `.length);
  return new SecretError(error.code, reference, `${path}: ${why}`, { retryAfterMs: error.retryAfterMs });
}
