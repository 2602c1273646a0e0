import { Secret } from '@sallyport/core';
import { objectAt, textAt } from './read-answer.ts';
import type { VaultWrapping } from './vault-auth.ts';
import type { VaultApi } from './vault-client.ts';
import { VaultFailure } from './vault-failure.ts';

const REPORT = 'if nobody on your side used it, treat what was in it as stolen and revoke it';

/** Takes what is in a wrapping token out, once, and keeps it for later logins. */
export class Unwrapper {
  readonly #api: VaultApi;
  readonly #creationPath: string | undefined;
  /** Where the content is in the answer. */
  readonly #where: readonly string[];
  #last: { readonly wrapping: Secret; readonly content: Secret } | undefined;

  constructor(api: VaultApi, wrapping: VaultWrapping, where: readonly string[]) {
    this.#api = api;
    this.#creationPath = typeof wrapping === 'object' ? wrapping.creationPath.replace(/^\/+/, '') : undefined;
    this.#where = where;
  }

  /** @throws VaultFailure `denied` when the wrapping token was used, has expired, or was made elsewhere */
  async unwrap(wrapping: Secret, signal: AbortSignal): Promise<Secret> {
    if (this.#last?.wrapping.equals(wrapping) === true) return this.#last.content;
    if (this.#creationPath !== undefined) await this.#checkOrigin(wrapping, this.#creationPath, signal);
    let answer: unknown;
    try {
      const path = ['sys', 'wrapping', 'unwrap'];
      answer = await this.#api.ask({ method: 'POST', path, token: wrapping }, signal);
    } catch (thrown) {
      throw spent(thrown);
    }
    const content = new Secret(textAt(answer, ...this.#where));
    this.#last = { wrapping, content };
    return content;
  }

  async #checkOrigin(wrapping: Secret, expected: string, signal: AbortSignal): Promise<void> {
    let answer: unknown;
    try {
      const path = ['sys', 'wrapping', 'lookup'];
      answer = await this.#api.ask({ method: 'POST', path, body: { token: wrapping.reveal() } }, signal);
    } catch (thrown) {
      throw spent(thrown);
    }
    if (textAt(objectAt(answer, 'data'), 'creation_path') !== expected) {
      throw new VaultFailure(
        'denied',
        `the wrapping token was not made at ${expected}: somebody may have planted it; ${REPORT}`,
      );
    }
  }
}

function spent(thrown: unknown): VaultFailure {
  const failure = VaultFailure.from(thrown);
  if (failure.status !== 400 && failure.status !== 403 && failure.status !== 404) return failure;
  return failure.as(
    'denied',
    `the wrapping token was used or has expired: somebody else may have read it; ${REPORT}, and wrap anew`,
  );
}
