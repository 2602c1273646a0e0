import type { Histogram, Meter } from '@opentelemetry/api';
import { DURATION, OPERATION_BUCKETS } from './conventions.ts';
import { TOOL_CALL_DURATION } from './series.ts';

/** The histograms, all in seconds. */
export interface Durations {
  readonly serverOperation: Histogram;
  readonly clientOperation: Histogram;
  readonly serverSession: Histogram;
  readonly clientSession: Histogram;
  readonly toolCall: Histogram;
}

export function durationsOf(meter: Meter): Durations {
  const advice = { explicitBucketBoundaries: [...OPERATION_BUCKETS] };
  const histogram = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { unit: 's', description, advice });
  return {
    serverOperation: histogram(
      DURATION.serverOperation,
      'MCP request or notification duration as observed on the receiver.',
    ),
    clientOperation: histogram(
      DURATION.clientOperation,
      'MCP request or notification duration as observed on the sender.',
    ),
    serverSession: histogram(DURATION.serverSession, 'The duration of the MCP session, seen by the server.'),
    clientSession: histogram(DURATION.clientSession, 'The duration of the MCP session, seen by the client.'),
    toolCall: histogram(TOOL_CALL_DURATION.name, TOOL_CALL_DURATION.description),
  };
}
