import type { SecretReference } from '../reference.ts';
import { SecretError, type SecretErrorCode } from '../secret-error.ts';
import type { Resolved, SecretProvider } from '../secret-provider.ts';

/** What the SDK of one cloud has to do; everything else is the same for all. */
export interface CloudSdk<Client> {
  readonly scheme: string;
  /** As people call it. */
  readonly service: string;
  /** As `npm install` takes them. */
  readonly packages: string;
  /** What to write instead of a reference that cannot be right. */
  check(reference: SecretReference): string | undefined;
  /** Loads the SDK and makes its client. */
  connect(): Promise<Client>;
  /** Asks once. What it throws, other than a `SecretError`, is put to `explain`. */
  fetch(client: Client, reference: SecretReference, signal: AbortSignal): Promise<Resolved>;
  /** What an error of the SDK means. */
  explain(thrown: object): Explanation;
  disconnect(client: Client): void | Promise<void>;
}

/** An error in our own words: those of an SDK quote requests and answers. */
export interface Explanation {
  readonly code: SecretErrorCode;
  readonly why: string;
  readonly retryAfterMs?: number | undefined;
}

/** Thrown by `connect` and `fetch` for what the operator has to do first; its text is ours. */
export class NotConfigured extends Error {
  override readonly name = 'NotConfigured';
}

/**
 * A provider on a cloud's SDK. The SDK is an optional peer and takes 100 ms and more to load, so nothing of
 * it is touched before the first `resolve`.
 */
export function cloudProvider<Client>(sdk: CloudSdk<Client>): SecretProvider {
  const inFlight = new Set<AbortController>();
  let connecting: Promise<Client> | undefined;
  let connected: Client | undefined;
  let hasAnswered = false;
  let closed = false;

  async function connect(): Promise<Client> {
    try {
      const client = await sdk.connect();
      if (closed) await disconnect(client);
      else connected = client;
      return client;
    } catch (thrown) {
      // The next resolve tries again: a package or a variable may be there by then.
      connecting = undefined;
      throw thrown;
    }
  }

  /** An SDK may remember that it found no credentials. */
  function drop(client: Client): void {
    if (connected !== client) return;
    connected = undefined;
    connecting = undefined;
    void disconnect(client);
  }

  async function disconnect(client: Client): Promise<void> {
    try {
      await sdk.disconnect(client);
    } catch {
      // Closing is all that is left to do with it.
    }
  }

  async function ask(reference: SecretReference, signal: AbortSignal): Promise<Resolved> {
    let client: Client;
    try {
      client = await (connecting ??= connect());
    } catch (thrown) {
      throw new SecretError('not_configured', reference.text, whyNotConnected(sdk, thrown));
    }
    // The look-up was given up while the SDK was loading: do not ask for nobody.
    signal.throwIfAborted();
    try {
      const found = await sdk.fetch(client, reference, signal);
      hasAnswered = true;
      return isVersion(found.version) ? found : { ...found, version: undefined };
    } catch (thrown) {
      if (thrown instanceof SecretError) throw thrown;
      const explained =
        thrown instanceof NotConfigured
          ? ({ code: 'not_configured', why: thrown.message } as const)
          : sdk.explain(asObject(thrown));
      if (explained.code === 'not_configured') drop(client);
      // Credentials that were found before and are not found now: the machine's metadata service is away,
      // not the setup.
      const code = explained.code === 'not_configured' && hasAnswered ? 'unavailable' : explained.code;
      throw new SecretError(code, reference.text, explained.why, { retryAfterMs: explained.retryAfterMs });
    }
  }

  return {
    scheme: sdk.scheme,
    check: (reference) => sdk.check(reference),

    async resolve(reference, { signal }) {
      const isClosed = (): SecretError => new SecretError('closed', reference.text, 'the provider is closed');
      if (closed) throw isClosed();
      const wrong = sdk.check(reference);
      if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
      const call = new AbortController();
      const end = (): void => call.abort();
      inFlight.add(call);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      try {
        // A race, since SDKs look for credentials without regard to a signal.
        return await Promise.race([ask(reference, call.signal), aborted(call.signal)]);
      } catch (thrown) {
        if (closed) throw isClosed();
        if (!call.signal.aborted) throw thrown;
        throw new SecretError('timeout', reference.text, `${sdk.service} gave no answer within the time`);
      } finally {
        signal.removeEventListener('abort', end);
        inFlight.delete(call);
      }
    },

    async close() {
      closed = true;
      for (const call of inFlight) call.abort();
      const client = connected;
      connected = undefined;
      if (client !== undefined) await disconnect(client);
    },
  };
}

/** It comes from the wire, where it need not be what the types say, and goes to records and the screen. */
function isVersion(version: unknown): boolean {
  return typeof version === 'string' && /^[\w.-]{1,128}$/.test(version);
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function whyNotConnected(sdk: Pick<CloudSdk<unknown>, 'service' | 'packages'>, thrown: unknown): string {
  if (thrown instanceof NotConfigured) return thrown.message;
  const { code } = asObject(thrown) as { readonly code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return `${sdk.service} needs a package that is not installed; run: npm install ${sdk.packages}`;
  }
  return `the SDK for ${sdk.service} did not start; check its variables and versions: ${sdk.packages}`;
}

/**
 * Whatever was thrown, a caller's credential may throw undefined too, so that its members can be looked at.
 */
function asObject(thrown: unknown): object {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}
