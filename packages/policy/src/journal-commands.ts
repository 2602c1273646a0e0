import type { Erasure, SubjectKeys } from '@sallyport/audit';
import type { Policy } from './policy.ts';
import type { CommandParts } from './with-secrets.ts';

// What commands do with a journal. `run` loads this package too, and has to be fast: what they need is loaded by them.

/** The verifier key of a policy's journal: see `open-signer.ts`. */
export async function verifierKeyOfPolicy(policy: Policy, parts: CommandParts): Promise<string> {
  const { verifierKeyOfPolicy: verifierKey } = await import('./open-signer.ts');
  return verifierKey(policy, parts);
}

/** Runs something with the keys of people: see `people.ts`. */
export async function withPeople<Made>(
  policy: Policy,
  parts: CommandParts,
  work: (keys: SubjectKeys) => Promise<Made>,
): Promise<Made> {
  const { withPeople: withKeys } = await import('./people.ts');
  return withKeys(policy, parts, work);
}

/** Destroys the key of a person: see `people.ts`. */
export async function eraseSubject(
  policy: Policy,
  who: { readonly subject: string } | { readonly pseudonym: string },
  parts: CommandParts,
): Promise<Erasure | undefined> {
  const { eraseSubject: erase } = await import('./people.ts');
  return erase(policy, who, parts);
}
