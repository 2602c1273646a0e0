import { CLIENT_METHODS, REFUSAL_CODES } from '@sallyport/core';
import { OTHER_ERROR } from './conventions.ts';
import { OTHER } from './known-names.ts';

/** What a server may send, of any revision up to 2026-07-28 (schema.ts, `ServerRequest`, `ServerNotification`). */
const SERVER_METHODS: ReadonlySet<string> = new Set([
  'ping',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'tasks/list',
  'tasks/get',
  'tasks/result',
  'tasks/cancel',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/resources/list_changed',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/elicitation/complete',
  'notifications/subscriptions/acknowledged',
  'notifications/tasks/status',
]);

const PROTOCOL_VERSIONS: ReadonlySet<string> = new Set([
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
  '2026-07-28',
]);

/** JSON-RPC 2.0, section 5.1, what the SDKs and the revisions of MCP define, and ours. */
const ERROR_CODES: ReadonlySet<number> = new Set([
  -32700,
  -32600,
  -32601,
  -32602,
  -32603,
  -32000,
  -32001,
  -32002,
  -32020,
  -32042,
  ...Object.values(REFUSAL_CODES),
]);

/** A method of MCP, or `_other`: anybody can send any text as a method. */
export function methodLabel(method: string): string {
  return CLIENT_METHODS.has(method) || SERVER_METHODS.has(method) ? method : OTHER;
}

/** A revision of MCP, `_other`, or undefined for what is no text. */
export function versionLabel(version: unknown): string | undefined {
  if (typeof version !== 'string') return undefined;
  return PROTOCOL_VERSIONS.has(version) ? version : OTHER;
}

/** A well-known error code as text, or `_OTHER`: a server can answer with any number. */
export function errorCodeLabel(code: number): string {
  return ERROR_CODES.has(code) ? String(code) : OTHER_ERROR;
}
