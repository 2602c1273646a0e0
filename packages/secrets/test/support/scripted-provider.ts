import type { SecretReference } from '../../src/reference.ts';
import { SecretError, type SecretErrorCode } from '../../src/secret-error.ts';
import type { Resolved, ResolveOptions, SecretProvider } from '../../src/secret-provider.ts';

/** What a provider answers for a path: a value, a whole answer, an error; to the value `hangs`, nothing ever. */
export type Answer =
  | string
  | Resolved
  | { readonly fails: SecretErrorCode; readonly retryAfterMs?: number }
  | { readonly throws: unknown };

/** A provider that does as a test says. */
export class ScriptedProvider implements SecretProvider {
  readonly scheme: string;
  /** How often each path was asked for. */
  readonly reads = new Map<string, number>();
  readonly signals: AbortSignal[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #changed = new Map<string, Set<() => void>>();
  /** Ends what hangs, when it is to end. */
  readonly #waiting: ((resolved: Resolved) => void)[] = [];
  closed = 0;

  constructor(scheme = 'vault') {
    this.scheme = scheme;
  }

  answer(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
  }

  readsOf(path: string): number {
    return this.reads.get(path) ?? 0;
  }

  /** Ends every answer that hangs. */
  release(value: string): void {
    for (const resolve of this.#waiting.splice(0)) resolve({ value });
  }

  watchersOf(path: string): number {
    return this.#changed.get(path)?.size ?? 0;
  }

  tellChange(path: string): void {
    for (const changed of this.#changed.get(path) ?? []) changed();
  }

  async resolve(reference: SecretReference, { signal }: ResolveOptions): Promise<Resolved> {
    const { path, text } = reference;
    this.reads.set(path, this.readsOf(path) + 1);
    this.signals.push(signal);
    const answer = this.#answers.get(path);
    if (answer === undefined) throw new SecretError('not_found', text, 'nothing was put there');
    if (answer === 'hangs') return new Promise((resolve) => this.#waiting.push(resolve));
    if (typeof answer === 'string') return { value: answer };
    if ('throws' in answer) throw answer.throws;
    if ('value' in answer) return answer;
    throw new SecretError(answer.fails, text, 'as the test says', { retryAfterMs: answer.retryAfterMs });
  }

  watch(reference: SecretReference, changed: () => void): () => void {
    const all = this.#changed.get(reference.path) ?? new Set();
    this.#changed.set(reference.path, all.add(changed));
    return () => all.delete(changed);
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

/** The same, without anything to tell of changes. */
export function silent(provider: ScriptedProvider): ScriptedProvider {
  Object.defineProperty(provider, 'watch', { value: undefined });
  return provider;
}
