import { type Baggage, createTraceState, type SpanContext, type TraceState } from '@opentelemetry/api';
import { isJsonObject, type JsonObject } from '@sallyport/core';
import { META } from './conventions.ts';
import { parseBaggage } from './received-baggage.ts';
import { parseTraceParent } from './trace-parent.ts';

/** What a caller says of its trace in `params._meta` (MCP SEP-414). */
export interface ReceivedContext {
  readonly span: SpanContext;
  readonly baggage: Baggage | undefined;
}

/** W3C Trace Context level 2, section 3.3.1.5: what has to be carried on; we carry no more. */
const MAX_TRACE_STATE = 512;

/**
 * Reads the context of the caller. Undefined when there is no `traceparent`, or none that is valid; `tracestate` and
 * `baggage` are read only beside a valid one, and each is left out when it is not well-formed.
 */
export function receivedContext(params: JsonObject): ReceivedContext | undefined {
  const meta = params['_meta'];
  if (!isJsonObject(meta)) return undefined;
  const parent = parseTraceParent(meta[META.traceparent]);
  if (parent === undefined) return undefined;
  const traceState = parseTraceState(meta[META.tracestate]);
  const { traceId, spanId, traceFlags } = parent;
  const span: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  if (traceState !== undefined) span.traceState = traceState;
  return { span, baggage: parseBaggage(meta[META.baggage]) };
}

/** The API drops members that are not well-formed, and all beyond 32. */
function parseTraceState(value: unknown): TraceState | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_TRACE_STATE) return undefined;
  const state = createTraceState(value);
  return state.serialize() === '' ? undefined : state;
}
