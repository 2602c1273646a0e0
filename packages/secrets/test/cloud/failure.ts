import { inspect } from 'node:util';
import { expect } from 'vitest';
import { parseReference } from '../../src/reference.ts';
import { SecretError } from '../../src/secret-error.ts';
import type { Resolved, SecretProvider } from '../../src/secret-provider.ts';

/** In every message and body that the doubles send: it must never come out of an error. */
export const MARK = 'fr0m-the-wire';

export function resolve(
  provider: SecretProvider,
  reference: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Resolved> {
  return provider.resolve(parseReference(reference), { signal });
}

/** The error of a look-up, having seen that it has none of the server's text. */
export async function failure(
  provider: SecretProvider,
  reference: string,
  signal?: AbortSignal,
): Promise<SecretError> {
  const error: unknown = await resolve(provider, reference, signal).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SecretError);
  expect((error as SecretError).message).toContain(reference);
  expect((error as SecretError).cause).toBeUndefined();
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(MARK);
  return error as SecretError;
}
