import { PRODUCT } from './formatter.ts';
import { digest, inner, number, quoted, text } from './json-text.ts';
import { type TargetKind, targetKind } from './method-meaning.ts';
import { ocsfService, ocsfUser } from './ocsf-parts.ts';
import type { WideRecord } from './wide-record.ts';

/** What a tool or a resource is to the model that asks for it. */
const AI_ROLES: Readonly<Partial<Record<TargetKind, string>>> = {
  tool: ',"ai_role_id":3,"ai_role":"Tool"',
  resource: ',"ai_role_id":6,"ai_role":"Retriever"',
};

const OURSELVES = `,"actor":{"app_name":"${PRODUCT}"}`;

/** API Activity 6003: `actor`, `api` and `src_endpoint` are required; the last one is the same for all records. */
export function ocsfApiActivity(record: WideRecord): string {
  const { principal, method, target, call } = record;
  const service = ocsfService(record.server);
  if (principal === undefined || method === undefined || call === undefined) {
    return `${OURSELVES},"api":{"operation":${quoted(record.event ?? '')}${service}}`;
  }
  const kind = targetKind(method);
  const uid = quoted(call);
  const { client } = principal;
  const application = client === undefined ? '' : `,"application":{"name":${quoted(client)}}`;
  return (
    `,"actor":{${ocsfUser(principal).slice(1)}${text('app_name', client)}}` +
    `,"api":{"operation":${quoted(method)}${service}` +
    `,"request":{"uid":${uid}${dataOf(record)}}${responseOf(record)}}` +
    `,"message_context":{${service.slice(1)}${application}${(kind && AI_ROLES[kind]) ?? ''}}` +
    `,"trace":{"uid":${uid}}` +
    (target === undefined
      ? ''
      : `,"resources":[{"role_id":1,"role":"Target"${text('name', target)}${text('type', kind)}}]`)
  );
}

function dataOf({ arguments: received, executed }: WideRecord): string {
  return inner('data', digest('arguments', received) + digest('executed', executed));
}

function responseOf({ error, refusal, result }: WideRecord): string {
  const code = Number.isInteger(error) ? number('code', error) : '';
  return inner('response', code + text('error', refusal) + digest('data', result));
}
