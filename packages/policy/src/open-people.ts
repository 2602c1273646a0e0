import { SubjectKeys } from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import type { SecretRef } from './policy-file.ts';

/** The keys of people in a file. In a module of its own, since most policies do without. */
export function openPeople(
  file: string,
  secret: (reference: SecretRef) => Promise<Secret>,
  key: SecretRef,
): Promise<SubjectKeys> {
  return SubjectKeys.open({ file, key: () => secret(key) });
}
