import { closedError, TokenVaultError } from '../token-vault-error.ts';
import type { VaultClock } from '../vault-clock.ts';
import type { RedisClient } from './redis-client.ts';
import type { RedisScript } from './redis-scripts.ts';

/** The errors of Redis that say something to an operator; any other text is not ours to show. */
const REPLIES: ReadonlySet<string> = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'CROSSSLOT',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOPERM',
  'NOSCRIPT',
  'OOM',
  'READONLY',
  'WRONGPASS',
  'WRONGTYPE',
]);

/**
 * Commands that end within a time, and fail without a word of what Redis or its client said: that quotes the
 * command.
 */
export class RedisCommands {
  readonly #client: RedisClient;
  readonly #clock: VaultClock;
  readonly #timeoutMs: number;
  readonly #inFlight = new Set<(error: TokenVaultError) => void>();
  #closed = false;

  constructor(client: RedisClient, clock: VaultClock, timeoutMs: number) {
    this.#client = client;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  check(): void {
    if (this.#closed) throw closedError();
  }

  async run(command: string, ...args: string[]): Promise<unknown> {
    try {
      return await this.#call(command, args);
    } catch (error) {
      throw redisTrouble(error);
    }
  }

  async script({ text, sha1 }: RedisScript, prefix: string, args: readonly string[]): Promise<unknown> {
    try {
      return await this.#call('EVALSHA', [sha1, '1', prefix, ...args]);
    } catch (error) {
      // Redis forgets its scripts when it starts again.
      if (replyStart(error) !== 'NOSCRIPT') throw redisTrouble(error);
      return await this.run('EVAL', text, '1', prefix, ...args);
    }
  }

  close(): void {
    this.#closed = true;
    for (const fail of this.#inFlight) fail(closedError());
  }

  /** Rejects also when the client throws. */
  async #asked(command: string, args: readonly string[]): Promise<unknown> {
    return this.#client.call(command, ...args);
  }

  #call(command: string, args: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.check();
      const fail = (error: unknown): void => {
        stop();
        this.#inFlight.delete(fail);
        reject(
          error instanceof Error ? error : new TypeError('The client threw something else than an error.'),
        );
      };
      const stop = this.#clock.after(this.#timeoutMs, () => fail(tooSlow(this.#timeoutMs)));
      this.#inFlight.add(fail);
      this.#asked(command, args).then((answer) => {
        stop();
        this.#inFlight.delete(fail);
        resolve(answer);
      }, fail);
    });
  }
}

/** The first word of an error reply, which is its kind. */
function replyStart(thrown: unknown): string {
  const start = thrown instanceof Error ? (/^[A-Z]+/.exec(thrown.message)?.[0] ?? '') : '';
  return REPLIES.has(start) ? start : '';
}

function redisTrouble(thrown: unknown): TokenVaultError {
  if (thrown instanceof TokenVaultError) return thrown;
  const start = replyStart(thrown);
  if (start === 'OOM') {
    return new TokenVaultError(
      'full',
      'Redis has no memory left for another token; raise its maxmemory, or lower ttlMs.',
    );
  }
  const why = start === '' ? '' : ` (${start})`;
  return new TokenVaultError(
    'unavailable',
    `Redis cannot be asked for tokens${why}; see its log and the client's.`,
  );
}

function tooSlow(ms: number): TokenVaultError {
  return new TokenVaultError(
    'timeout',
    `Redis gave no answer within ${ms} ms; see whether it runs and is reached.`,
  );
}
