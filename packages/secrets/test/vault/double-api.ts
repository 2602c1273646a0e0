import { judgeReply } from '../../src/vault/judge-reply.ts';
import type { VaultApi, VaultAsk } from '../../src/vault/vault-client.ts';
import { VaultFailure } from '../../src/vault/vault-failure.ts';
import type { VaultDouble } from './vault-double.ts';

/** The double without HTTP, for tests where hours pass: nothing in them waits for a socket. */
export class DoubleApi implements VaultApi {
  /** Holds answers back, as a slow network does. */
  delay: (path: string) => Promise<void> | undefined = () => undefined;
  readonly #double: VaultDouble;
  readonly #namespace: string;

  constructor(double: VaultDouble, namespace = '') {
    this.#double = double;
    this.#namespace = namespace;
  }

  async ask({ method, path, query, body, token }: VaultAsk): Promise<unknown> {
    const fault = this.#double.take({
      method,
      path: path.join('/'),
      query: new URLSearchParams(query),
      headers: {
        ...(token === undefined ? {} : { 'x-vault-token': token.reveal() }),
        ...(this.#namespace === '' ? {} : { 'x-vault-namespace': this.#namespace }),
      },
      body: body === undefined ? undefined : JSON.parse(JSON.stringify(body)),
    });
    await this.delay(path.join('/'));
    if (fault.kind !== 'reply') throw new VaultFailure('unavailable', 'Vault cannot be reached');
    const { status, headers, body: answer } = fault.reply;
    if (status === 204) return undefined;
    if (status === 200) return JSON.parse(JSON.stringify(answer)) as unknown;
    throw judgeReply({ status, retryAfter: headers?.['retry-after'], body: answer });
  }

  identify(): void {}

  close(): void {}
}
