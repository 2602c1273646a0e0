import {
  context,
  type Context,
  isSpanContextValid,
  type Link,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { Call } from '@sallyport/core';
import type { CallEnd } from './call-end.ts';
import { ATTRIBUTE } from './conventions.ts';
import { isLabel } from './known-names.ts';
import { metaToSend } from './meta-to-send.ts';
import type { Operation } from './operations.ts';
import { receivedContext } from './received-context.ts';
import type { WireFacts } from './wire-facts.ts';

/** What becomes of a `traceparent` that came with a call. */
export type Received = 'parent' | 'link' | 'ignore';

/** A span that was begun for a call, and the context in which the rest of the call runs. */
export interface CallSpan {
  readonly span: Span;
  readonly context: Context;
}

/** Joins the span with the audit records of the call. */
const CALL_ID = 'sallyport.call.id';
const SERVER = 'sallyport.server';

export function startCallSpan(
  tracer: Tracer,
  call: Call,
  operation: Operation,
  options: { readonly wire: WireFacts | undefined; readonly received: Received },
): CallSpan {
  const { parent, links } = placeInTrace(call, options.received);
  const kind = call.direction === 'inbound' ? SpanKind.SERVER : SpanKind.CLIENT;
  const { spanName, attributes } = operation;
  const span = tracer.startSpan(
    spanName,
    links === undefined ? { kind, attributes } : { kind, attributes, links },
    parent,
  );
  addOwnAttributes(span, call, options.wire);
  return { span, context: trace.setSpan(parent, span) };
}

export function endCallSpan({ span }: CallSpan, { errorType, statusCode }: CallEnd): void {
  if (errorType !== undefined) {
    span.setAttribute(ATTRIBUTE.errorType, errorType);
    if (statusCode !== undefined) span.setAttribute(ATTRIBUTE.statusCode, statusCode);
    // Without the message of the error: it may quote what the call was about.
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The call with the `_meta` that puts what the other side does into this trace. */
export function callInTrace(call: Call, { span }: CallSpan): Call {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext)) return call;
  const meta = metaToSend(call.params, spanContext);
  return meta === undefined ? call : { ...call, params: { ...call.params, _meta: meta } };
}

/**
 * The caller's span is the parent and the ambient one, that of the HTTP request, a link, as the conventions ask. Where the
 * caller says nothing, the ambient span is the parent.
 */
function placeInTrace(
  call: Call,
  mode: Received,
): { readonly parent: Context; readonly links: Link[] | undefined } {
  const ambient = context.active();
  const received = mode === 'ignore' ? undefined : receivedContext(call.params);
  if (received === undefined) return { parent: ambient, links: undefined };
  if (mode === 'link') return { parent: ambient, links: [{ context: received.span }] };
  const remote = trace.setSpanContext(ambient, received.span);
  const parent = received.baggage === undefined ? remote : propagation.setBaggage(remote, received.baggage);
  const around = trace.getSpanContext(ambient);
  return { parent, links: around === undefined ? undefined : [{ context: around }] };
}

/** One by one: an object with them all would cost a third of what the whole span does. */
function addOwnAttributes(span: Span, call: Call, wire: WireFacts | undefined): void {
  if (!span.isRecording()) return;
  span.setAttribute(SERVER, call.server);
  span.setAttribute(CALL_ID, call.id);
  if (wire === undefined) return;
  const { requestId, sessionId } = wire;
  // Whoever sends it chooses it, and may put into it what it wants.
  const id = requestId === undefined ? '' : String(requestId);
  if (isLabel(id)) span.setAttribute(ATTRIBUTE.requestId, id);
  if (sessionId !== undefined && isLabel(sessionId)) span.setAttribute(ATTRIBUTE.sessionId, sessionId);
}
