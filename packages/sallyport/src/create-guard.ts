import {
  guardTransport,
  type LogEntry,
  protect,
  type ProtectableServer,
  type Transport,
} from '@sallyport/core';
import { LiveGuard, type LiveGuardOptions, type LiveSecrets } from '@sallyport/policy';
import { complain } from './complain.ts';
import { readyMadePolicies } from './ready-made-policies.ts';

export interface CreateGuardOptions extends Omit<LiveGuardOptions, 'path' | 'readyMade'> {
  /** The policy file, relative to the working directory. */
  readonly policy: string;
  /** Reload when a file of the policy changes. Default: true. It keeps no process alive. */
  readonly watch?: boolean;
}

/** A guard for servers in this process. */
export interface ServerGuard {
  /** Guards an SDK server (v1 or v2) on whatever it is connected to later; returns the server. */
  protect<S extends ProtectableServer>(server: S): S;
  /** Guards a transport, for servers that are not the SDK's. */
  guardTransport<T extends Transport>(transport: T): T;
  /**
   * Credentials, from where the policy says that they are: `await guard.secrets.get('vault://kv/app#api_key')`, or by a
   * name of `secrets.names`. Never build a reference from a tool's arguments.
   */
  readonly secrets: Pick<LiveSecrets, 'get' | 'watch'>;
  /** Reads the policy again. Resolves with whether it is in force now; a policy that fails changes nothing. */
  reload(): Promise<boolean>;
  /** Stops watching and makes all records durable. */
  close(): Promise<void>;
}

/**
 * Makes a guard from a policy file.
 *
 * ```ts
 * const guard = await createGuard({ policy: 'sallyport.yaml' });
 * guard.protect(server);
 * ```
 *
 * @throws PolicyError with every problem of the policy, as `file:line:col message`
 * @throws Error when the audit file cannot be opened
 */
export async function createGuard(options: CreateGuardOptions): Promise<ServerGuard> {
  const { policy: path, watch = true, ...rest } = options;
  const { log = ({ message }: LogEntry) => complain(message) } = rest;
  const guard = await LiveGuard.start({ ...rest, log, path, readyMade: readyMadePolicies() });
  for (const { file, line, column, message } of guard.policy.warnings) {
    const text = `${file}:${line}:${column} warning: ${message}`;
    log({ level: 'warn', event: 'policy_warning', message: text });
  }
  if (watch) guard.watch();
  return {
    protect: (server) => protect(server, guard),
    guardTransport: (transport) => guardTransport(transport, guard),
    secrets: guard.secrets,
    reload: () => guard.reload(),
    close: () => guard.close(),
  };
}
