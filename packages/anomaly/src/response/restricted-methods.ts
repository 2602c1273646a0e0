import { recordedTarget } from '@sallyport/audit/recording';
import { type Call, CLIENT_METHODS, isJsonObject } from '@sallyport/core';

/**
 * What it takes to begin a session, to keep one, and to end what it has going on. A client that could not even begin would not
 * be told why.
 */
const SESSION: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'resources/unsubscribe',
]);

/** Read by every client when it connects. They run nothing, and nobody could approve each of them. */
const LISTS: ReadonlySet<string> = new Set([
  'logging/setLevel',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'tools/list',
]);

/** Whether a call of a client passes whatever is restricted. */
export function belongsToSession({ kind, method }: Call): boolean {
  if (kind === 'request') return SESSION.has(method);
  return method.startsWith('notifications/') && CLIENT_METHODS.has(method);
}

/** Whether a call passes without an approval; in quarantine it does not. */
export function needsNoApproval({ method }: Call): boolean {
  return LISTS.has(method);
}

/** What a call is about, as records name it; of a subscription to several resources, each of them. */
export function targetsOf(call: Call): readonly (string | undefined)[] {
  if (call.method !== 'subscriptions/listen') return [recordedTarget(call)];
  const filter = call.params['notifications'];
  const uris = isJsonObject(filter) ? filter['resourceSubscriptions'] : undefined;
  if (!Array.isArray(uris) || uris.length === 0) return [undefined];
  // Named like the same resource when it is read.
  return uris.map((uri: unknown) => recordedTarget({ ...call, method: 'resources/read', params: { uri } }));
}
