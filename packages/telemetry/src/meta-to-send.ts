import type { SpanContext } from '@opentelemetry/api';
import { isJsonObject, type JsonObject } from '@sallyport/core';
import { META } from './conventions.ts';
import { parseBaggage } from './received-baggage.ts';
import { formatTraceParent } from './trace-parent.ts';

/**
 * The `_meta` with which a message is sent on, so that what the other side does belongs to the same trace: the span's own
 * `traceparent` and `tracestate` instead of the received ones. The received `baggage` stays if it is well-formed.
 *
 * @returns undefined where `_meta` is no object: such a message is not ours to repair
 */
export function metaToSend(params: JsonObject, span: SpanContext): JsonObject | undefined {
  const { _meta: received = {} } = params;
  if (!isJsonObject(received)) return undefined;
  const meta: Record<string, unknown> = { ...received, [META.traceparent]: formatTraceParent(span) };
  const traceState = span.traceState?.serialize() ?? '';
  if (traceState === '') delete meta[META.tracestate];
  else meta[META.tracestate] = traceState;
  if (META.baggage in meta && parseBaggage(meta[META.baggage]) === undefined) delete meta[META.baggage];
  return meta;
}
