import { VaultFailure } from './vault-failure.ts';

export type JsonMembers = Readonly<Record<string, unknown>>;

/** The object at a path of members. @throws VaultFailure when something else is there */
export function objectAt(answer: unknown, ...names: readonly string[]): JsonMembers {
  const found = names.reduce(memberOf, answer);
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as JsonMembers;
  throw unlike(names, 'an object');
}

/** @throws VaultFailure when there is no text, or an empty one */
export function textAt(answer: unknown, ...names: readonly string[]): string {
  const found = names.reduce(memberOf, answer);
  if (typeof found === 'string' && found !== '') return found;
  throw unlike(names, 'a text');
}

/** A whole number of seconds, as milliseconds. @throws VaultFailure when there is none */
export function secondsAt(answer: unknown, ...names: readonly string[]): number {
  const found = names.reduce(memberOf, answer);
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found * 1000;
  throw unlike(names, 'a number of seconds');
}

/** Whether there is `true`; anything else is not. */
export function isTrueAt(answer: unknown, ...names: readonly string[]): boolean {
  return names.reduce(memberOf, answer) === true;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as JsonMembers)[name]
    : undefined;
}

function unlike(names: readonly string[], what: string): VaultFailure {
  const where = names.length === 0 ? 'the answer' : `"${names.join('.')}"`;
  return new VaultFailure('unavailable', `Vault answers with something else: ${where} is not ${what}`);
}
