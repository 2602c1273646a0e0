import type { IncomingMessage } from 'node:http';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** `{ [key]: value }` of a header, or nothing when the request does not have it. */
export function headerOf<K extends string>(
  req: IncomingMessage,
  name: string,
  key: K,
): Partial<Record<K, string>> {
  const value = req.headers[name];
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}

export interface Rejection {
  readonly httpStatus: number;
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

const SUPPORTED = ['2026-07-28'];
const HEADER_MISMATCH = -32020;
const UNSUPPORTED_VERSION = -32022;

/** Where a request says its `Mcp-Name`. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/**
 * What revision 2026-07-28 makes an HTTP server refuse, and the SDK's classification leaves to it: a version that is
 * not served, a missing header, a name that is not the body's. (`Mcp-Param-*` is left out: it would take the schemas
 * of the program behind the bridge.)
 */
export function rejectionOf(req: IncomingMessage, message: JSONRPCMessage): Rejection | undefined {
  if (!('method' in message) || !('id' in message)) return undefined;

  const requested = req.headers['mcp-protocol-version'];
  if (requested === undefined) return mismatch('the header mcp-protocol-version is missing');
  if (!SUPPORTED.includes(String(requested))) {
    const data = { supported: SUPPORTED, requested };
    return { httpStatus: 400, code: UNSUPPORTED_VERSION, message: 'Unsupported protocol version', data };
  }
  if (req.headers['mcp-method'] === undefined) return mismatch('the header mcp-method is missing');

  const member = NAMED_BY[message.method];
  const name = member === undefined ? undefined : message.params?.[member];
  if (name === undefined || req.headers['mcp-name'] === name) return undefined;
  return mismatch('the header mcp-name and the body disagree');
}

const mismatch = (why: string): Rejection => ({
  httpStatus: 400,
  code: HEADER_MISMATCH,
  message: `Bad Request: ${why}`,
});
