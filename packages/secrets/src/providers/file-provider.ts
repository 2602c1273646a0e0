import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretProvider } from '../secret-provider.ts';
import { type FileProviderOptions, SecretFiles } from './secret-files.ts';

/**
 * `file:///run/secrets/name`: the whole of a file, without one line's end where it has one; with `#field` a member of the
 * JSON object in it.
 *
 * @throws TypeError for options that cannot work
 */
export function fileProvider(options: FileProviderOptions = {}): SecretProvider {
  const files = new SecretFiles(options);
  const check = ({ version }: SecretReference): string | undefined =>
    version === undefined
      ? undefined
      : 'a file has no versions; write it without ?version, such as file:///run/secrets/api-key';
  return {
    scheme: 'file',
    check,
    async resolve(reference, options) {
      const wrong = check(reference);
      if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
      return files.resolve(reference.path, reference, options);
    },
    watch: (reference, changed) => files.watch(reference.path, changed),
    async close() {
      files.close();
    },
  };
}
