import { isModern } from './mcp.ts';
import type { RequestMessage, ResponseMessage } from './message.ts';
import type { Refusal } from './refusal.ts';

/**
 * A refused request as the answer its sender gets. Invalid arguments of a tool are a tool result with `isError`, not a
 * protocol error, so that a model can read what to correct (MCP 2025-11-25, server/tools, "Error Handling").
 */
export function refusalMessage(request: RequestMessage, refusal: Refusal): ResponseMessage {
  const { id, method, params } = request;
  if (refusal.code === 'invalid_params' && method === 'tools/call') {
    const content = [{ type: 'text', text: refusal.message }];
    const result = isModern(params ?? {})
      ? { resultType: 'complete', content, isError: true }
      : { content, isError: true };
    return { jsonrpc: '2.0', id, result };
  }
  return { jsonrpc: '2.0', id, error: refusal.toRpcError() };
}
