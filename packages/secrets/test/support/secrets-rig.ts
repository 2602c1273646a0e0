import { RevealedSecrets, type Secret } from '@sallyport/core';
import { expect } from 'vitest';
import {
  SecretError,
  type SecretEvent,
  type SecretRotation,
  Secrets,
  type SecretsOptions,
} from '../../src/index.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export const MINUTE = 60_000;

/** Secrets with a provider that does as it is told, at `vault://`, and time that stands still. */
export class SecretsRig {
  readonly clock = new FakeClock();
  readonly vault = new ScriptedProvider();
  readonly revealed = new RevealedSecrets();
  readonly events: SecretEvent[] = [];
  readonly secrets: Secrets;

  constructor(options: Partial<SecretsOptions> = {}) {
    this.secrets = new Secrets({
      revealed: this.revealed,
      clock: this.clock,
      random: () => 0.5,
      onEvent: (event) => this.events.push(event),
      ...options,
      providers: { vault: this.vault, ...options.providers },
    });
  }

  async value(reference: string | readonly string[]): Promise<string> {
    return (await this.secrets.get(reference)).reveal();
  }

  async code(reference: string | readonly string[]): Promise<string> {
    return (await failure(this.secrets.get(reference))).code;
  }

  /** What a promise has come to by now, without any more time. */
  async now(promise: Promise<Secret>): Promise<string> {
    let state = 'waiting';
    promise.then(
      (secret) => (state = secret.reveal()),
      (error: SecretError) => (state = error.code),
    );
    await settled();
    return state;
  }

  eventTypes(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** The values and references that a watch told of, as they come. */
  watched(reference: string | readonly string[]): { readonly told: string[]; readonly end: () => void } {
    const told: string[] = [];
    const end = this.secrets.watch(reference, ({ reference, secret }: SecretRotation) => {
      told.push(`${reference} ${secret.reveal()}`);
    });
    return { told, end };
  }
}

export async function failure(promise: Promise<unknown>): Promise<SecretError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SecretError);
  return error as SecretError;
}
