import { TokenVaultError } from '../token-vault-error.ts';

/** An error of the file system, with its code alone: its text may name paths that are not ours to show. */
export function fileTrouble(thrown: unknown, file: string): TokenVaultError {
  if (thrown instanceof TokenVaultError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code ?? 'no code';
  return new TokenVaultError(
    'unavailable',
    `The token vault ${file} cannot be read or written (${code}); ` +
      'check its folder, who owns it, and that the disk has room.',
  );
}
