import { type Erasure, Recorder, SubjectKeys } from '@sallyport/audit';
import { openSigner } from './open-signer.ts';
import { openFirstFree } from './journal-place.ts';
import type { Policy } from './policy.ts';
import { type CommandParts, withSecrets } from './with-secrets.ts';

/** Under which server a command records what it did. */
const COMMAND = 'sallyport-audit';

/**
 * Runs something with the keys of people that a policy's records are sealed with, without changing any of them.
 *
 * @throws TypeError for a policy that seals nothing, SecretError for the key, SubjectKeysError for the file
 */
export function withPeople<Made>(
  policy: Policy,
  parts: CommandParts,
  work: (keys: SubjectKeys) => Promise<Made>,
): Promise<Made> {
  const { key, file } = personalOf(policy);
  return withSecrets(policy, parts, async (secrets) => {
    const keys = await SubjectKeys.open({ file, key: () => secrets.get(key), readOnly: true });
    try {
      return await work(keys);
    } finally {
      await keys.close();
    }
  });
}

/**
 * Destroys the key of a person: what is sealed for it in any record, any copy and any backup of the journal cannot be read
 * any more. Where the policy has a journal, that is recorded before it is done, with the pseudonym alone.
 *
 * @returns undefined when nothing is sealed for this person
 * @throws as `withPeople`, and JournalError when it cannot be recorded: then nothing is destroyed
 */
export function eraseSubject(
  policy: Policy,
  who: { readonly subject: string } | { readonly pseudonym: string },
  parts: CommandParts,
): Promise<Erasure | undefined> {
  const { key, file } = personalOf(policy);
  return withSecrets(policy, parts, async (secrets) => {
    const keys = await SubjectKeys.open({ file, key: () => secrets.get(key) });
    try {
      const pseudonym = 'subject' in who ? await keys.pseudonymOf(who.subject) : who.pseudonym;
      if (pseudonym === undefined || (await keys.find(pseudonym))?.state !== 'known') return undefined;
      const { journal: plan } = policy.audit;
      if (plan === undefined) return await keys.erase({ pseudonym });
      const signer = await openSigner(plan, {
        secret: (reference) => secrets.get(reference),
        log: parts.log,
      });
      const { journal } = await openFirstFree(plan.folder, COMMAND, {
        signer,
        formerKeys: plan.formerKeys ?? [],
      });
      try {
        const recorder = new Recorder({ sink: journal });
        await recorder.durably({
          ...recorder.stamp(),
          type: 'event',
          event: 'subject_erased',
          server: COMMAND,
          policy: policy.digest,
          detail: { pseudonym },
        });
        return await keys.erase({ pseudonym });
      } finally {
        await journal.close();
      }
    } finally {
      await keys.close();
    }
  });
}

function personalOf({ audit: { personal } }: Policy): NonNullable<Policy['audit']['personal']> {
  if (personal !== undefined) return personal;
  throw new TypeError(
    'the policy keeps nobody out of records; add "audit: { personal: { key: keystore:audit-personal } }"',
  );
}
