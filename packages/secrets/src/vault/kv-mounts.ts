import { objectAt, textAt } from './read-answer.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultSession } from './vault-session.ts';

/** Where a path is mounted. */
export interface KvMount {
  readonly segments: readonly string[];
  readonly version: 1 | 2;
}

interface Known extends KvMount {
  /** On the clock; Infinity when the operator said so. */
  readonly trustedUntil: number;
}

/**
 * A mount may be replaced by one of the other version; then what was known of it makes everything look
 * missing.
 */
const TRUSTED_MS = 300_000;

/** Which mount a path is in, and its version: as the options say, or as Vault does. */
export class KvMounts {
  readonly #session: VaultSession;
  readonly #known = new Map<string, Known>();

  constructor(session: VaultSession) {
    this.#session = session;
    for (const [mount, version] of session.settings.kv) {
      this.#known.set(mount, { segments: mount.split('/'), version, trustedUntil: Infinity });
    }
  }

  /** What is known without asking. */
  known(path: readonly string[]): KvMount | undefined {
    // The longest first; Vault allows no mount inside another, but options might name both.
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.#known.get(path.slice(0, length).join('/'));
      if (found !== undefined && this.#session.settings.clock.now() < found.trustedUntil) return found;
    }
    return undefined;
  }

  /** @throws VaultFailure */
  async find(path: readonly string[], signal: AbortSignal): Promise<KvMount> {
    return this.known(path) ?? this.#ask(path, signal);
  }

  /** Any token that can read the path may ask this (HashiCorp's own client does). */
  async #ask(path: readonly string[], signal: AbortSignal): Promise<KvMount> {
    let answer: unknown;
    try {
      const ask = { method: 'GET', path: ['sys', 'internal', 'ui', 'mounts', ...path] } as const;
      ({ answer } = await this.#session.request(ask, signal));
    } catch (thrown) {
      throw unanswered(VaultFailure.from(thrown));
    }
    const data = objectAt(answer, 'data');
    const segments = textAt(data, 'path').replace(/\/+$/, '').split('/');
    if (segments.length > path.length || segments.some((segment, index) => segment !== path[index])) {
      throw new VaultFailure('unavailable', 'Vault names a mount that the path is not in');
    }
    const version = versionOf(textAt(data, 'type'), data['options']);
    const { clock } = this.#session.settings;
    const found = { segments, version, trustedUntil: clock.now() + TRUSTED_MS };
    this.#known.set(segments.join('/'), found);
    return found;
  }
}

function versionOf(type: string, options: unknown): 1 | 2 {
  // `generic` is what KV 1 was called; cubbyholes answer as it does.
  if (type === 'generic' || type === 'cubbyhole') return 1;
  if (type !== 'kv') {
    throw new VaultFailure(
      'invalid_reference',
      'is no KV mount; write vault-lease:// for credentials that Vault makes, vault-transit:// to decrypt',
    );
  }
  const version: unknown =
    typeof options === 'object' && options !== null && 'version' in options ? options.version : undefined;
  return version === '2' || version === 2 ? 2 : 1;
}

function unanswered(failure: VaultFailure): VaultFailure {
  if (failure.hint === 'no_mount') return failure;
  switch (failure.status) {
    case 403:
      return failure.as(
        'denied',
        'Vault denies access, or has nothing mounted there; check the path, the policies and the namespace',
      );
    case 400:
    case 404:
    case 405:
      return failure.as(
        'not_configured',
        'Vault does not tell the KV version of the mount; set kv: { mount: 2 }',
      );
    case undefined:
    default:
      return failure;
  }
}
