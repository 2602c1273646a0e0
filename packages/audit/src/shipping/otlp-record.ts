import { create } from '@bufbuild/protobuf';
import { classify, type Severity } from '../formats/classification.ts';
import { targetKind } from '../formats/method-meaning.ts';
import { ESCAPE, escapedByNumber } from '../formats/visible-text.ts';
import type { WideRecord } from '../formats/wide-record.ts';
import {
  type AnyValue,
  AnyValueSchema,
  ArrayValueSchema,
  type KeyValue,
  KeyValueSchema,
} from './otlp-proto/opentelemetry/proto/common/v1/common_pb.ts';
import {
  type LogRecord,
  LogRecordSchema,
  SeverityNumber,
} from './otlp-proto/opentelemetry/proto/logs/v1/logs_pb.ts';
import { dedupKey, type ShippedRecord } from './receiver.ts';

/** Informational, notice, warning, error, critical, as OpenTelemetry maps syslog (Logs Data Model, appendix B). */
const SEVERITY: Readonly<Record<Severity, { readonly number: SeverityNumber; readonly text: string }>> = {
  1: { number: SeverityNumber.INFO, text: 'informational' },
  2: { number: SeverityNumber.INFO2, text: 'low' },
  3: { number: SeverityNumber.WARN, text: 'medium' },
  4: { number: SeverityNumber.ERROR, text: 'high' },
  5: { number: SeverityNumber.ERROR2, text: 'critical' },
};

/** Names for the targets that OpenTelemetry's conventions have one for. */
const TARGETS = {
  tool: 'gen_ai.tool.name',
  prompt: 'gen_ai.prompt.name',
  resource: 'mcp.resource.uri',
  task: 'sallyport.task',
} as const;

/**
 * A record as a LogRecord. The body is the line of the format, a text: that is what every backend stores as it is and
 * searches (Loki's line, Elasticsearch's `body.text`), while a tree there becomes JSON in another spelling or keywords
 * without types. What is asked for is in attributes, which all of them index. No record holds a trace, so `trace_id` and
 * `span_id` stay empty; `sallyport.call` joins attempt and outcome.
 *
 * @param observed milliseconds since the epoch
 */
export function otlpRecord(shipped: ShippedRecord, observed: number): LogRecord {
  const { record, line, time } = shipped;
  const { code, severity } = classify(record);
  const { number, text } = SEVERITY[severity];
  return create(LogRecordSchema, {
    timeUnixNano: nanoseconds(Date.parse(time)),
    observedTimeUnixNano: nanoseconds(observed),
    severityNumber: number,
    severityText: text,
    eventName: `sallyport.${code}`,
    // Formats write lines that have a UTF-8.
    body: create(AnyValueSchema, { value: { case: 'stringValue', value: line } }),
    attributes: attributesOf(shipped, record),
  });
}

function attributesOf(shipped: ShippedRecord, record: WideRecord): KeyValue[] {
  const { method, target, principal, decision } = record;
  const kind = method === undefined ? undefined : targetKind(method);
  return keyValues({
    'sallyport.dedup_id': dedupKey(shipped),
    'sallyport.record.id': shipped.id,
    'sallyport.record.sequence': shipped.sequence,
    'sallyport.record.type': record.type,
    'sallyport.server': record.server,
    'sallyport.policy': record.policy,
    'sallyport.event': record.event,
    'sallyport.call': record.call,
    'sallyport.direction': record.direction,
    'mcp.method.name': method,
    [kind === undefined ? 'sallyport.target' : TARGETS[kind]]: target,
    'user.name': principal?.subject,
    'user.roles': principal?.roles,
    'sallyport.principal.actor': principal?.actor,
    'sallyport.principal.client': principal?.client,
    'sallyport.principal.method': principal?.method,
    'sallyport.status': record.status,
    'error.type': record.refusal ?? (record.error === undefined ? undefined : String(record.error)),
    'sallyport.decision.effect': decision?.effect,
    'sallyport.decision.rule': decision?.rule,
    'sallyport.decision.at': decision?.at,
    'sallyport.duration_ms': record.durationMs,
  });
}

/** What protobuf cannot hold, and the sign that it is written with. */
const WITHOUT_UTF8 = new RegExp(String.raw`[\p{Cs}${ESCAPE}]`, 'gu');

type Value = string | number | readonly string[] | undefined;

/** Attributes for the members that are there. */
export function keyValues(members: Readonly<Record<string, Value>>): KeyValue[] {
  return Object.entries(members).flatMap(([key, value]) =>
    value === undefined ? [] : create(KeyValueSchema, { key, value: anyValue(value) }),
  );
}

function anyValue(value: NonNullable<Value>): AnyValue {
  if (typeof value === 'string') {
    const text = value.replaceAll(WITHOUT_UTF8, escapedByNumber);
    return create(AnyValueSchema, { value: { case: 'stringValue', value: text } });
  }
  if (typeof value === 'number')
    return create(AnyValueSchema, {
      value: Number.isSafeInteger(value)
        ? { case: 'intValue', value: BigInt(value) }
        : { case: 'doubleValue', value },
    });
  const values = value.map((one) => anyValue(one));
  return create(AnyValueSchema, {
    value: { case: 'arrayValue', value: create(ArrayValueSchema, { values }) },
  });
}

/** 0 says that it is not known. */
function nanoseconds(ms: number): bigint {
  return Number.isFinite(ms) && ms > 0 ? BigInt(Math.round(ms)) * 1_000_000n : 0n;
}
