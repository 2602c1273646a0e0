import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved, SecretProvider } from '../secret-provider.ts';
import { until } from './until.ts';
import { secretErrorOf } from './vault-failure.ts';
import type { VaultSession } from './vault-session.ts';

/** What one scheme does with Vault; the rest is the same for all. */
export interface VaultEngine {
  readonly scheme: string;
  /** What to write instead of a reference that cannot be right. */
  check(reference: SecretReference): string | undefined;
  /** @throws VaultFailure or SecretError */
  resolve(reference: SecretReference, signal: AbortSignal): Promise<Resolved>;
  /** Only for references that `check` has no objection to. */
  watch?(reference: SecretReference, changed: () => void): () => void;
  /** Gives back what it holds. Never rejects. */
  close?(signal: AbortSignal): Promise<void>;
}

/** A provider on a session that others use too. The session is used from the first look-up until `close`. */
export function vaultProvider(session: VaultSession, engine: VaultEngine): SecretProvider {
  const closing = new AbortController();
  const inFlight = new Set<AbortController>();
  let release: (() => Promise<void>) | undefined;

  async function resolve(reference: SecretReference, signal: AbortSignal): Promise<Resolved> {
    const isClosed = (): SecretError => new SecretError('closed', reference.text, 'the provider is closed');
    if (closing.signal.aborted) throw isClosed();
    const wrong = engine.check(reference);
    if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
    release ??= session.use();
    const call = new AbortController();
    const end = (): void => call.abort();
    inFlight.add(call);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    try {
      return await until(engine.resolve(reference, call.signal), call.signal);
    } catch (thrown) {
      if (closing.signal.aborted) throw isClosed();
      throw secretErrorOf(thrown, reference.text);
    } finally {
      signal.removeEventListener('abort', end);
      inFlight.delete(call);
    }
  }

  const provider: SecretProvider = {
    scheme: engine.scheme,
    check: (reference) => engine.check(reference),
    resolve: (reference, { signal }) => resolve(reference, signal),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      for (const call of inFlight) call.abort();
      await session.briefly(async (signal) => engine.close?.(signal));
      await release?.();
    },
  };
  const watch = engine.watch?.bind(engine);
  if (watch === undefined) return provider;
  return {
    ...provider,
    watch(reference, changed) {
      if (closing.signal.aborted || engine.check(reference) !== undefined) return () => undefined;
      return watch(reference, changed);
    },
  };
}
