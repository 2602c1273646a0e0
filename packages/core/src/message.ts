import type { RpcError } from './call.ts';
import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

const MAX_ID = 256;

/** A JSON-RPC id. MCP forbids null for requests. */
export type RequestId = string | number;

export interface RequestMessage {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonObject;
}

export interface NotificationMessage {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: JsonObject;
}

export type ResponseMessage =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: JsonObject }
  | { readonly jsonrpc: '2.0'; readonly id?: RequestId | null; readonly error: RpcError };

export type Message = RequestMessage | NotificationMessage | ResponseMessage;

export type Classified =
  | { readonly kind: 'request'; readonly message: RequestMessage }
  | { readonly kind: 'notification'; readonly message: NotificationMessage }
  | { readonly kind: 'response'; readonly message: ResponseMessage }
  /** `id` is set where an error answer can still be addressed. */
  | { readonly kind: 'invalid'; readonly why: string; readonly id: RequestId | undefined };

/**
 * Says what a value is in JSON-RPC 2.0 as MCP narrows it (no batches, params by name, no null ids), or why it is
 * nothing. A message must be exactly one kind: one that two parsers could read differently (a request that also carries
 * a result, say) would be checked as one thing and executed as another.
 */
export function classify(value: unknown): Classified {
  if (!isJsonObject(value)) return invalid('a message is one JSON object', undefined);
  const { id, method, params } = value;
  const address = isRequestId(id) && method !== undefined ? id : undefined;
  if (value['jsonrpc'] !== '2.0') return invalid('"jsonrpc" is not "2.0"', address);
  if (method !== undefined) {
    if (typeof method !== 'string') return invalid('"method" is not a string', address);
    if (params !== undefined && !isJsonObject(params)) return invalid('"params" is not an object', address);
    if (hasMoreKeys(value, 2 + count(value, 'id') + count(value, 'params')))
      return invalid('unknown members beside "method"', address);
    if (id === undefined) {
      // A request without its id would execute unanswered on a server that reads it so.
      if (!method.startsWith('notifications/')) return invalid('a request without "id"', undefined);
      return { kind: 'notification', message: value as unknown as NotificationMessage };
    }
    if (!isRequestId(id))
      return invalid('"id" is neither an integer nor a string of at most 256 characters', undefined);
    return { kind: 'request', message: value as unknown as RequestMessage };
  }
  if (value['error'] !== undefined) {
    if (hasMoreKeys(value, 2 + count(value, 'id')))
      return invalid('unknown members beside "error"', undefined);
    if (id !== undefined && id !== null && !isRequestId(id)) return invalid('"id" is no id', undefined);
    if (!isRpcError(value['error'])) return invalid('"error" is no JSON-RPC error', undefined);
    return { kind: 'response', message: value as unknown as ResponseMessage };
  }
  if (!isRequestId(id)) return invalid('neither a request, a notification nor a response', undefined);
  if (!isJsonObject(value['result'])) return invalid('"result" is not an object', undefined);
  if (hasMoreKeys(value, 3)) return invalid('unknown members beside "result"', undefined);
  return { kind: 'response', message: value as unknown as ResponseMessage };
}

/** Ids are remembered while they are in use, so they have a bound. */
function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' ? id.length <= MAX_ID : Number.isSafeInteger(id);
}

function isRpcError(error: unknown): boolean {
  return isJsonObject(error) && Number.isSafeInteger(error['code']) && typeof error['message'] === 'string';
}

/** Counting is enough, and cheaper than looking names up: the members that may be there were found before. */
function hasMoreKeys(value: JsonObject, known: number): boolean {
  let keys = 0;
  for (const _ in value) keys += 1;
  return keys > known;
}

function count(value: JsonObject, key: string): 0 | 1 {
  return key in value ? 1 : 0;
}

function invalid(why: string, id: RequestId | undefined): Classified {
  return { kind: 'invalid', why, id };
}
