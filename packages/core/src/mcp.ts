import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

/** The `_meta` key that every request of revision 2026-07-28 carries, and none of an older revision does. */
export const PROTOCOL_VERSION_META = 'io.modelcontextprotocol/protocolVersion';

/** Whether a request belongs to the era of per-request envelopes (2026-07-28 and later), where results say `resultType`. */
export function isModern(params: JsonObject): boolean {
  const meta = params['_meta'];
  return isJsonObject(meta) && typeof meta[PROTOCOL_VERSION_META] === 'string';
}

/** Per list method: the member of the result that holds the entries, and the member of an entry that names it. */
export const LISTS: Readonly<Record<string, { readonly member: string; readonly key: string }>> = {
  'tools/list': { member: 'tools', key: 'name' },
  'resources/list': { member: 'resources', key: 'uri' },
  'resources/templates/list': { member: 'resourceTemplates', key: 'uriTemplate' },
  'prompts/list': { member: 'prompts', key: 'name' },
};
