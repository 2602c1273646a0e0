import type { SecretReference } from '../reference.ts';
import { SecretError } from '../secret-error.ts';
import type { Resolved } from '../secret-provider.ts';
import { fieldOfAnswer } from './field-of-answer.ts';
import { type KvMount, KvMounts } from './kv-mounts.ts';
import { type JsonMembers, objectAt } from './read-answer.ts';
import { VaultFailure } from './vault-failure.ts';
import type { VaultEngine } from './vault-provider.ts';
import type { VaultSession } from './vault-session.ts';

const NO_VERSIONS = 'the mount is KV version 1, which keeps no versions; leave out ?version';

/** `vault://<mount>/<path>#field`: the key-value store, either version of it. */
export function kvEngine(session: VaultSession): VaultEngine {
  const mounts = new KvMounts(session);

  function check(reference: SecretReference): string | undefined {
    const path = reference.path.split('/');
    if (path.length < 2) return 'names no secret in a mount; write it as vault://kv/app#api_key';
    const { version } = reference;
    if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) {
      return 'a version is a number from 1, such as ?version=3';
    }
    const mount = mounts.known(path);
    if (mount?.segments.length === path.length) return 'names a mount, and no secret in it';
    return version !== undefined && mount?.version === 1 ? NO_VERSIONS : undefined;
  }

  async function resolve(reference: SecretReference, signal: AbortSignal): Promise<Resolved> {
    const path = reference.path.split('/');
    const mount = await mounts.find(path, signal);
    const name = path.slice(mount.segments.length);
    // Again, since only Vault's answer says which version the mount has.
    const wrong = check(reference);
    if (wrong !== undefined) throw new SecretError('invalid_reference', reference.text, wrong);
    const { fields, version } = await read(mount, name, reference.version, signal);
    return { value: fieldOfAnswer(fields, reference), version };
  }

  async function read(
    mount: KvMount,
    name: readonly string[],
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly fields: JsonMembers; readonly version: string | undefined }> {
    if (mount.version === 1) {
      const { answer } = await session.request({ method: 'GET', path: [...mount.segments, ...name] }, signal);
      return { fields: objectAt(answer, 'data'), version: undefined };
    }
    const path = [...mount.segments, 'data', ...name];
    const query = version === undefined ? undefined : { version };
    const { answer } = await session
      .request({ method: 'GET', path, query }, signal)
      .catch((thrown: unknown) => Promise.reject(withHint(thrown, name)));
    const data = objectAt(answer, 'data');
    const found: unknown = objectAt(data, 'metadata')['version'];
    return { fields: objectAt(data, 'data'), version: typeof found === 'number' ? String(found) : undefined };
  }

  return { scheme: 'vault', check, resolve };
}

/** The path of the API in place of the path of the secret is the commonest mistake. */
function withHint(thrown: unknown, name: readonly string[]): unknown {
  if (!(thrown instanceof VaultFailure) || thrown.status !== 404 || thrown.hint !== undefined) return thrown;
  return name[0] === 'data' && name.length > 1
    ? thrown.as('not_found', 'there is no such secret; write the path without "data/" after the mount')
    : thrown;
}
