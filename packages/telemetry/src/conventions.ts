/**
 * Names of OpenTelemetry's semantic conventions for MCP. They are in development: whatever is renamed there is renamed here,
 * and nowhere else.
 *
 * Taken from `docs/gen-ai/mcp.md` of open-telemetry/semantic-conventions-genai, commit 0393513 (status: Development; it builds
 * on the general conventions 1.41.1, which kept the page until 1.43).
 */
export const CONVENTIONS_VERSION = 'semantic-conventions-genai@0393513';

/** Attributes of spans and metrics. */
export const ATTRIBUTE = {
  method: 'mcp.method.name',
  protocolVersion: 'mcp.protocol.version',
  /** Spans only. */
  sessionId: 'mcp.session.id',
  tool: 'gen_ai.tool.name',
  prompt: 'gen_ai.prompt.name',
  /** `execute_tool` for tool calls; not set otherwise. */
  operation: 'gen_ai.operation.name',
  /** Spans only. */
  requestId: 'jsonrpc.request.id',
  statusCode: 'rpc.response.status_code',
  errorType: 'error.type',
  transport: 'network.transport',
} as const;

export const EXECUTE_TOOL = 'execute_tool';
/** `error.type` of a tool result with `isError`. */
export const TOOL_ERROR = 'tool_error';
/** `error.type` where no bounded one is known (general conventions, "Recording errors"). */
export const OTHER_ERROR = '_OTHER';

/** Histograms, in seconds. */
export const DURATION = {
  serverOperation: 'mcp.server.operation.duration',
  clientOperation: 'mcp.client.operation.duration',
  serverSession: 'mcp.server.session.duration',
  clientSession: 'mcp.client.session.duration',
} as const;

/** Upper bounds of the histograms of operations, in seconds. */
export const OPERATION_BUCKETS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
];

/** The keys of `_meta` that carry trace context, without prefix (MCP SEP-414). */
export const META = { traceparent: 'traceparent', tracestate: 'tracestate', baggage: 'baggage' } as const;
