import { Refusal } from '@sallyport/core';

import type { Owner } from './operators/operator.ts';
import type { MintSlot, RestoreSlot } from './pending.ts';
import type { TextRewriter } from './text-rewriter.ts';
import type { After } from './stream/notification-streams.ts';
import { isToken } from './token-shape.ts';
import type { TokenScope, TokenVault } from './token-vault.ts';

/** A vault, and how long it may take for one message. */
export interface VaultAccess {
  readonly vault: TokenVault | undefined;
  readonly timeoutMs: number;
  readonly after: After;
}

/**
 * Asks the vault once for all tokens and once for all values of one message. A vault that fails, hangs, or answers with
 * something else than it was asked for, refuses the call.
 */
export async function fillSlots(
  { vault, timeoutMs, after }: VaultAccess,
  owner: Owner,
  texts: TextRewriter,
): Promise<void> {
  if (vault === undefined) throw Refusal.internal('A token was to be made or restored without a vault.');
  const scope: TokenScope = { tenant: owner.tenant, subject: owner.subject };
  const mint = texts.slots.filter((slot) => slot.kind === 'mint');
  const restore = texts.slots.filter((slot) => slot.kind === 'restore');
  try {
    const filled = Promise.all([fillTokens(vault, scope, mint), fillValues(vault, scope, restore)]);
    await within(timeoutMs, after, filled);
  } catch (error) {
    throw new Refusal('unavailable', 'The token vault cannot be used; the call was refused.', {
      cause: error,
    });
  }
  for (const { entity, filled } of restore) if (filled !== undefined) texts.countRestored(entity);
}

async function fillTokens(vault: TokenVault, scope: TokenScope, slots: readonly MintSlot[]): Promise<void> {
  if (slots.length === 0) return;
  const tokens = await vault.tokensFor(
    scope,
    slots.map(({ request }) => request),
  );
  slots.forEach((slot, index) => {
    const token = tokens[index];
    if (typeof token !== 'string' || !isToken(token))
      throw new TypeError('The vault did not answer with a token.');
    slot.filled = token;
  });
}

async function fillValues(
  vault: TokenVault,
  scope: TokenScope,
  slots: readonly RestoreSlot[],
): Promise<void> {
  if (slots.length === 0) return;
  const tokens = [...new Set(slots.map(({ token }) => token))];
  const values = await vault.valuesOf(scope, tokens);
  if (values.length !== tokens.length) throw new TypeError('The vault did not answer for every token.');
  const byToken = new Map(tokens.map((token, index) => [token, values[index]]));
  for (const slot of slots) slot.filled = byToken.get(slot.token);
}

/** Rejects when the time is over first; what comes later is nobody's. */
function within(ms: number, after: After, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = after(ms, () => reject(new Error(`The token vault gave no answer within ${ms} ms.`)));
    work.then(
      () => {
        stop();
        resolve();
      },
      (error: unknown) => {
        stop();
        reject(
          error instanceof Error ? error : new TypeError('The vault threw something else than an error.'),
        );
      },
    );
  });
}
