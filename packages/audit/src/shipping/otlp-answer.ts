import { fromBinary, fromJsonString } from '@bufbuild/protobuf';
import type { HttpAnswer } from './http-link.ts';
import { ExportLogsServiceResponseSchema } from './otlp-proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts';
import { ReceiverError } from './receiver.ts';

/**
 * How many records an answer with 2xx says were rejected: `partial_success` of OTLP/HTTP. A body that is no such message is
 * no success: something else answered, such as a page to log in.
 *
 * @throws ReceiverError `bad_answer`
 */
export function rejectedCount({ headers, bytes, body }: HttpAnswer): number {
  if (bytes.length === 0) return 0;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  try {
    const answer =
      type === 'application/json'
        ? fromJsonString(ExportLogsServiceResponseSchema, body, { ignoreUnknownFields: true })
        : type === 'application/x-protobuf'
          ? fromBinary(ExportLogsServiceResponseSchema, bytes)
          : undefined;
    if (answer !== undefined) return Number(answer.partialSuccess?.rejectedLogRecords ?? 0n);
  } catch {
    // Told below.
  }
  throw new ReceiverError(
    'bad_answer',
    'The receiver did not answer as OTLP does; look at the path of its url.',
  );
}
