import { type Call, isJsonObject, isModern, type JsonObject } from '@sallyport/core';

/** What a call asks for, in the words of rules. */
export interface Need {
  readonly object: string;
  readonly action: string;
  readonly args: JsonObject;
}

/** What `authorize` has to do with an inbound call. */
export type Access =
  /** Belongs to the protocol itself, or is nothing a rule decides. */
  | { readonly kind: 'pass' }
  /** Passes, and the entries of its result are filtered. */
  | { readonly kind: 'list'; readonly list: List }
  /** Every need must be permitted. */
  | { readonly kind: 'need'; readonly needs: readonly Need[] }
  /** A method that MCP does not define, or that no rule was made for. */
  | { readonly kind: 'method'; readonly need: Need }
  /** Cannot be decided: a name is missing, or is no string. */
  | { readonly kind: 'malformed'; readonly message: string };

/** A list result: which member has the entries, what names an entry, and what using it takes. */
export interface List {
  readonly member: string;
  readonly key: string;
  readonly of: string;
  readonly action: string;
  /** Entries are templates: the literal text before the first expression is what is known of their names. */
  readonly templates: boolean;
}

const LISTS: Readonly<Record<string, List>> = {
  'tools/list': { member: 'tools', key: 'name', of: 'tool', action: 'call', templates: false },
  'resources/list': { member: 'resources', key: 'uri', of: 'resource', action: 'read', templates: false },
  'resources/templates/list': {
    member: 'resourceTemplates',
    key: 'uriTemplate',
    of: 'resource',
    action: 'read',
    templates: true,
  },
  'prompts/list': { member: 'prompts', key: 'name', of: 'prompt', action: 'get', templates: false },
};

const TASK_LIST: List = { member: 'tasks', key: 'taskId', of: 'task', action: 'get', templates: false };

/** What a session and its bookkeeping take: it neither executes nor discloses anything. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'logging/setLevel',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  // Answers a server that made a task of its own request (2025-11-25, basic/utilities/tasks).
  'notifications/tasks/status',
]);

/** A decision takes time in proportion to the name; nothing that has a name needs a longer one. */
const MAX_NAME = 8192;
const MAX_SUBSCRIPTIONS = 1000;

const PASS: Access = { kind: 'pass' };
const NO_ARGS: JsonObject = Object.freeze({});

/** Says what an inbound call needs. Pure; decides nothing. */
export function accessOf(call: Pick<Call, 'method' | 'params'>): Access {
  const { method, params } = call;
  if (LIFECYCLE.has(method)) return PASS;
  if (Object.hasOwn(LISTS, method)) return { kind: 'list', list: LISTS[method] as List };
  switch (method) {
    case 'tools/call':
      return named('tool', 'name', 'call', params);
    case 'prompts/get':
      return named('prompt', 'name', 'get', params);
    case 'resources/read':
      return one('resource', 'uri', 'read', params, NO_ARGS);
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      // Revision 2026-07-28 has neither, so a request without a resource is like any other that MCP does not define. One
      // with a resource needs it, whatever revision it claims: the claim is the client's.
      return own(params, 'uri') === undefined && isModern(params)
        ? methodOf(method, params)
        : one('resource', 'uri', 'read', params, NO_ARGS);
    case 'completion/complete':
      return completion(params);
    case 'subscriptions/listen':
      return subscriptions(params);
    case 'tasks/list':
      return { kind: 'list', list: TASK_LIST };
    case 'tasks/get':
    case 'tasks/result':
    case 'tasks/cancel':
    case 'tasks/update':
      return one('task', 'taskId', method.slice('tasks/'.length), params, NO_ARGS);
    default:
      return methodOf(method, params);
  }
}

function methodOf(method: string, params: JsonObject): Access {
  return { kind: 'method', need: { object: `method:${method}`, action: 'call', args: params } };
}

function one(of: string, key: string, action: string, params: JsonObject, args: JsonObject): Access {
  const name = own(params, key);
  if (typeof name !== 'string') return malformed(`params.${key} must be a string.`);
  if (name.length > MAX_NAME) return malformed(`params.${key} must have at most ${MAX_NAME} characters.`);
  return { kind: 'need', needs: [{ object: `${of}:${name}`, action, args }] };
}

function named(of: string, key: string, action: string, params: JsonObject): Access {
  const given = own(params, 'arguments');
  const args = given === undefined ? NO_ARGS : given;
  if (!isJsonObject(args)) return malformed('params.arguments must be an object.');
  return one(of, key, action, params, args);
}

/**
 * Completing an argument discloses values of it, so it takes what using the prompt or resource with them
 * takes.
 */
function completion(params: JsonObject): Access {
  const ref = own(params, 'ref');
  if (!isJsonObject(ref)) return malformed('params.ref must be an object.');
  const args = completed(params);
  switch (ref['type']) {
    case 'ref/prompt':
      return one('prompt', 'name', 'get', ref, args);
    case 'ref/resource':
      return one('resource', 'uri', 'read', ref, args);
    default:
      return malformed('params.ref.type must be ref/prompt or ref/resource.');
  }
}

/** The arguments as far as the user has got: those settled, and the one being completed. */
function completed(params: JsonObject): JsonObject {
  const context = own(params, 'context');
  const settled = isJsonObject(context) ? own(context, 'arguments') : undefined;
  const argument = own(params, 'argument');
  // Without a prototype, so that an argument of any name is only data.
  const args = Object.assign(
    Object.create(null) as Record<string, unknown>,
    isJsonObject(settled) ? settled : {},
  );
  if (isJsonObject(argument) && typeof argument['name'] === 'string')
    args[argument['name']] = argument['value'];
  return args;
}

function subscriptions(params: JsonObject): Access {
  const filter = own(params, 'notifications');
  if (!isJsonObject(filter)) return malformed('params.notifications must be an object.');
  const uris = own(filter, 'resourceSubscriptions') ?? [];
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) {
    return malformed('params.notifications.resourceSubscriptions must be an array of strings.');
  }
  if (uris.length > MAX_SUBSCRIPTIONS || uris.some((uri) => uri.length > MAX_NAME)) {
    return malformed(
      `params.notifications.resourceSubscriptions must have at most ${MAX_SUBSCRIPTIONS} entries, of at most ` +
        `${MAX_NAME} characters each.`,
    );
  }
  if (uris.length === 0) return PASS;
  const distinct = [...new Set(uris)];
  return {
    kind: 'need',
    needs: distinct.map((uri) => ({ object: `resource:${uri}`, action: 'read', args: NO_ARGS })),
  };
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function malformed(message: string): Access {
  return { kind: 'malformed', message };
}
