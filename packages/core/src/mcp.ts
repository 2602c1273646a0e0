import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

/** The `_meta` key that every request of revision 2026-07-28 carries, and none of an older revision does. */
export const PROTOCOL_VERSION_META = 'io.modelcontextprotocol/protocolVersion';

/** Whether a request belongs to the era of per-request envelopes (2026-07-28 and later), where results say `resultType`. */
export function isModern(params: JsonObject): boolean {
  const meta = params['_meta'];
  return isJsonObject(meta) && typeof meta[PROTOCOL_VERSION_META] === 'string';
}

/** Every method that a client may send, of any revision up to 2026-07-28 (schema.ts, `ClientRequest`, `ClientNotification`). */
export const CLIENT_METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'logging/setLevel',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'subscriptions/listen',
  'tasks/list',
  'tasks/get',
  'tasks/result',
  'tasks/update',
  'tasks/cancel',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/tasks/status',
]);
