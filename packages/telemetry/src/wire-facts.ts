/** What the wire knows of a call, and the call itself does not. All of it is optional. */
export interface WireFacts {
  /** `network.transport`: `pipe` on stdio, `tcp` over HTTP. */
  readonly transport?: 'pipe' | 'tcp' | 'quic' | 'unix' | undefined;
  /** `jsonrpc.request.id`; on spans, and only while it is short. */
  readonly requestId?: string | number | undefined;
  /** `mcp.session.id`; on spans. */
  readonly sessionId?: string | undefined;
}
