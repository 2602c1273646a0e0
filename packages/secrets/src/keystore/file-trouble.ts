import { SecretError } from '../secret-error.ts';
import type { Fail } from './derive-key.ts';

/** An error of the file system, as what to do about it. Its code is kept; its text may name paths that are not ours to show. */
export function fileTrouble(
  thrown: unknown,
  file: string,
  done: 'read' | 'written',
  fail: Fail,
): SecretError {
  if (thrown instanceof SecretError) return thrown;
  const code = (thrown as NodeJS.ErrnoException).code ?? 'no code';
  const what = `${file} cannot be ${done} (${code})`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return fail('denied', `${what}; check who owns the file and its folder`);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return fail('not_configured', `${what}; make its folder, or name another file`);
  }
  return fail(
    'unavailable',
    `${what}${done === 'written' ? '; there is all of the old file, or all of the new' : ''}`,
  );
}
