import type { SecretReference } from '../reference.ts';
import { fieldOfAnswer } from './field-of-answer.ts';
import { LeaseSlot } from './lease-slot.ts';
import type { VaultEngine } from './vault-provider.ts';
import type { VaultSession } from './vault-session.ts';

/**
 * `vault-lease://database/creds/role#password`: credentials that Vault makes, and takes back when their lease
 * ends.
 */
export function leaseEngine(session: VaultSession): VaultEngine {
  /** As many as there are paths in the operator's references. */
  const slots = new Map<string, LeaseSlot>();
  const endListening = session.tokens.onReplaced((held) => {
    for (const slot of slots.values()) slot.tokenReplaced(held);
  });

  function slotOf(reference: SecretReference): LeaseSlot {
    let slot = slots.get(reference.path);
    if (slot === undefined) {
      slot = new LeaseSlot(session, reference.path.split('/'));
      slots.set(reference.path, slot);
    }
    return slot;
  }

  return {
    scheme: 'vault-lease',

    check({ path, version }) {
      if (!path.includes('/'))
        return 'names a mount alone; write it as vault-lease://database/creds/role#password';
      return version === undefined ? undefined : 'leased credentials have no versions; leave out ?version';
    },

    async resolve(reference, signal) {
      const slot = slotOf(reference);
      const lease = await slot.read(signal);
      const value = fieldOfAnswer(lease.fields, reference);
      const rest = slot.restOf(lease);
      return rest === Infinity ? { value } : { value, validForMs: rest };
    },

    watch: (reference, changed) => slotOf(reference).watch(changed),

    async close(signal) {
      endListening();
      await Promise.allSettled([...slots.values()].map((slot) => slot.close(signal)));
    },
  };
}
