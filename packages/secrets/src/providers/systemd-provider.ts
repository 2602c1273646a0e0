import { isAbsolute, join } from 'node:path';
import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretProvider } from '../secret-provider.ts';
import { type FileProviderOptions, SecretFiles } from './secret-files.ts';

export interface SystemdProviderOptions extends FileProviderOptions {
  /** Where `CREDENTIALS_DIRECTORY` is looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * `systemd:NAME`: a credential that a unit is given by `LoadCredential=`, `LoadCredentialEncrypted=` or `SetCredential=`
 * (https://systemd.io/CREDENTIALS/). Read as a file is.
 *
 * @throws TypeError for options that cannot work
 */
export function systemdProvider(options: SystemdProviderOptions = {}): SecretProvider {
  const files = new SecretFiles(options);
  const given = (options.env ?? process.env)['CREDENTIALS_DIRECTORY'];
  // systemd sets one absolute path; anything else is somebody's mistake.
  const directory = given !== undefined && isAbsolute(given) ? given : undefined;
  return {
    scheme: 'systemd',
    check,
    async resolve(reference, options) {
      const wrong = check(reference);
      if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
      if (directory === undefined) {
        throw new SecretError(
          'not_configured',
          reference.text,
          'systemd gave this process no credentials; write LoadCredential= in its unit, which sets CREDENTIALS_DIRECTORY',
        );
      }
      return files.resolve(join(directory, reference.path), reference, options);
    },
    watch: (reference, changed) =>
      directory === undefined ? () => undefined : files.watch(join(directory, reference.path), changed),
    async close() {
      files.close();
    },
  };
}

function check({ path, version }: SecretReference): string | undefined {
  if (version !== undefined) return 'a credential has no versions; write it as systemd:api-key';
  return /[/\\]/.test(path) || path === '.' || path === '..'
    ? "a credential's name has no slash; write it as systemd:api-key"
    : undefined;
}
