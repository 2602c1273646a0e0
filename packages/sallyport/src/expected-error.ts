import { PolicyError } from '@sallyport/policy';

const NAMES: ReadonlySet<string> = new Set([
  'SecretError',
  'TokenVaultError',
  'JournalError',
  'SubjectKeysError',
]);

/** Whether an error tells its reader what to change: in the policy, its secrets, or a file that it names. */
export function isExpectedOfPolicy(error: unknown): boolean {
  return (
    error instanceof PolicyError ||
    error instanceof TypeError ||
    (error instanceof Error && NAMES.has(error.name))
  );
}
