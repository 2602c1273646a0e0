import { CLIENT_METHODS } from '@sallyport/core';

/** Every method that a server may send, of any revision up to 2026-07-28 (schema.ts, `ServerRequest`, `ServerNotification`). */
const SERVER_METHODS: ReadonlySet<string> = new Set([
  'elicitation/create',
  'roots/list',
  'sampling/createMessage',
  'notifications/elicitation/complete',
  'notifications/message',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/tools/list_changed',
]);

/** Whether MCP defines it. What else stands in a method is the word of whoever sends it. */
export function isKnownMethod(method: string): boolean {
  return CLIENT_METHODS.has(method) || SERVER_METHODS.has(method);
}

/** Whether it looks like the name of a method, such as one of an extension: no address, no sentence, nothing encoded. */
export function looksLikeMethod(method: string): boolean {
  return /^[\w/.$-]{1,64}$/.test(method);
}
