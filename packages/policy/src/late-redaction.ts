import { type Call, type Interceptor, type Mode, type Next, Refusal, type Result } from '@sallyport/core';

export interface LateRedactionOptions {
  /** Loads what finds and rewrites, and opens the vault. */
  readonly open: () => Promise<Interceptor>;
  readonly mode: Mode;
  /** Told why it could not be opened. */
  readonly log: (line: string) => void;
  /** Milliseconds of a monotonic clock. Default: `performance.now`. */
  readonly now?: () => number;
}

/** A login that fails is not tried again for every call. */
const RETRY_MS = 1000;

/**
 * The redaction layer of a policy, ready once it is loaded and its keys were read. Calls wait for that. While a key or the
 * vault cannot be had they are refused, and it is tried again.
 */
export class LateRedaction implements Interceptor {
  readonly name = 'redaction';
  readonly #options: LateRedactionOptions;
  readonly #now: () => number;
  #ready: Interceptor | undefined;
  #opening: Promise<Interceptor> | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;

  constructor(options: LateRedactionOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    // So that the first call does not have to wait; why it fails is told, and the call that needs it is refused.
    this.#open().catch(() => undefined);
  }

  intercept(call: Call, next: Next): Promise<Result> {
    if (this.#ready !== undefined) return this.#ready.intercept(call, next);
    return this.#late(call, next);
  }

  async #late(call: Call, next: Next): Promise<Result> {
    let redaction: Interceptor;
    try {
      redaction = await this.#open();
    } catch (cause) {
      const refusal = new Refusal('unavailable', 'Redaction is not ready, and so nothing may pass.', {
        cause,
      });
      if (this.#options.mode !== 'audit') throw refusal;
      const { code, message } = refusal;
      call.trail.add({ layer: this.name, kind: 'would_refuse', code, message });
      return next(call);
    }
    return redaction.intercept(call, next);
  }

  #open(): Promise<Interceptor> {
    const failed = this.#failed;
    if (failed !== undefined && this.#now() - failed.at < RETRY_MS) return Promise.reject(failed.error);
    this.#opening ??= this.#options.open().then(
      (opened) => {
        this.#ready = opened;
        return opened;
      },
      (error: unknown) => {
        this.#opening = undefined;
        this.#failed = { at: this.#now(), error };
        this.#options.log(`redaction is not ready, calls are refused: ${(error as Error).message}`);
        throw error;
      },
    );
    return this.#opening;
  }
}
