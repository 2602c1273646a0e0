import type { Attributes } from '@opentelemetry/api';
import type { Call, Interceptor, Next, Result } from '@sallyport/core';
import { answeredWith, type CallEnd, refusedWith } from './call-end.ts';
import { type CallSpan, callInTrace, endCallSpan, type Received, startCallSpan } from './call-span.ts';
import { ATTRIBUTE } from './conventions.ts';
import { countEvidence } from './count-evidence.ts';
import { learnFrom } from './learn-from.ts';
import type { Operation } from './operations.ts';
import type { BoundSdk } from './registered-sdk.ts';
import { Telemetry, type TelemetryParts } from './telemetry.ts';
import type { WireFacts } from './wire-facts.ts';
import { within } from './within.ts';

export interface InstrumentOptions {
  /** What outlives this pipeline. Default: a new one. */
  readonly telemetry?: Telemetry | undefined;
  /** Says what the wire knows of a call. Default: nothing is known. */
  readonly wire?: ((call: Call) => WireFacts | undefined) | undefined;
  /**
   * What a `traceparent` in `_meta` becomes. A caller whose span is the parent also decides, with the usual samplers, whether
   * a call is sampled; where callers are not trusted with that, `link` or `ignore` them. Default: `parent`.
   */
  readonly received?: Received | undefined;
  /** Whether calls go on with a `traceparent` of our own in `_meta`. Default: `false`, `_meta` is not touched. */
  readonly propagate?: boolean | undefined;
}

const RECEIVED: ReadonlySet<unknown> = new Set(['parent', 'link', 'ignore']);

/**
 * The outermost layer: spans and metrics of every call, through the OpenTelemetry SDK of the host. It changes no result and
 * waits for nothing; while no SDK is registered it passes calls on.
 *
 * @throws TypeError for an option that is not usable
 */
export function instrument(options: InstrumentOptions = {}): Interceptor {
  const { received = 'parent', propagate = false } = options;
  if (!RECEIVED.has(received))
    throw new TypeError('`received` says what a traceparent becomes: write "parent", "link" or "ignore".');
  if (typeof propagate !== 'boolean') throw new TypeError('`propagate` is yes or no: write true or false.');
  const { telemetry = new Telemetry(), wire = () => undefined } = options;
  return new Instrument(telemetry.parts, { wire, received, propagate });
}

class Instrument implements Interceptor {
  readonly name = 'telemetry';
  readonly #parts: TelemetryParts;
  readonly #options: PassageOptions;

  constructor(parts: TelemetryParts, options: PassageOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  intercept(call: Call, next: Next): Promise<Result> {
    const sdk = this.#parts.sdk();
    const teaches = call.method === 'initialize' || call.method.endsWith('/list');
    if (sdk === undefined && !teaches) return next(call);
    return new Passage(call, sdk, this.#parts).run(next, this.#options);
  }
}

interface PassageOptions {
  readonly wire: (call: Call) => WireFacts | undefined;
  readonly received: Received;
  readonly propagate: boolean;
}

/** One call on its way through. */
class Passage {
  readonly #call: Call;
  readonly #sdk: BoundSdk | undefined;
  readonly #parts: TelemetryParts;
  #since = 0;
  #operation: Operation | undefined;
  #span: CallSpan | undefined;

  constructor(call: Call, sdk: BoundSdk | undefined, parts: TelemetryParts) {
    this.#call = call;
    this.#sdk = sdk;
    this.#parts = parts;
  }

  run(next: Next, options: PassageOptions): Promise<Result> {
    let answer: Promise<Result>;
    try {
      const sent = this.#begin(options);
      const span = this.#span;
      answer = span === undefined ? next(sent) : within(span.context, () => next(sent), this.#parts.trouble);
    } catch (refusal) {
      this.#refused(refusal);
      throw refusal;
    }
    return answer.then(
      (result) => {
        this.#answered(result);
        return result;
      },
      (refusal: unknown) => {
        this.#refused(refusal);
        throw refusal;
      },
    );
  }

  /** @returns the call to pass on */
  #begin({ wire, received, propagate }: PassageOptions): Call {
    const call = this.#call;
    if (this.#sdk === undefined) return call;
    const { tracer } = this.#sdk;
    try {
      this.#since = this.#parts.now();
      const facts = wire(call);
      const operation = this.#parts.operations.of(call, facts);
      this.#operation = operation;
      if (tracer === undefined) return call;
      const span = startCallSpan(tracer, call, operation, { wire: facts, received });
      this.#span = span;
      return propagate ? callInTrace(call, span) : call;
    } catch (error) {
      this.#parts.trouble.tell(error);
      return call;
    }
  }

  #answered(result: Result): void {
    this.#parts.trouble.keep(() => learnFrom(this.#call, result, this.#parts));
    this.#end(() => answeredWith(result));
  }

  #refused(refusal: unknown): void {
    this.#end(() => refusedWith(refusal));
  }

  #end(how: () => CallEnd): void {
    const operation = this.#operation;
    if (operation === undefined) return;
    const { trouble } = this.#parts;
    const end = trouble.keep(how);
    if (end === undefined) return;
    const span = this.#span;
    // Each by itself: a histogram that throws must not leave a span open.
    if (span !== undefined) trouble.keep(() => endCallSpan(span, end));
    trouble.keep(() => this.#measure(operation, end));
  }

  #measure({ attributes, tool }: Operation, { status, errorType, statusCode }: CallEnd): void {
    const { trail, direction } = this.#call;
    const { meters } = this.#parts;
    const durations = this.#sdk?.durations;
    if (durations === undefined) return;
    const seconds = (this.#parts.now() - this.#since) / 1000;
    if (tool !== undefined) meters.count('toolCalls', [tool, status]);
    if (status === 'refused' && errorType !== undefined) meters.count('refusals', [errorType, 'enforce']);
    countEvidence(trail.entries, meters);
    const ended: Attributes =
      errorType === undefined
        ? attributes
        : {
            ...attributes,
            [ATTRIBUTE.errorType]: errorType,
            ...(statusCode !== undefined && { [ATTRIBUTE.statusCode]: statusCode }),
          };
    const { serverOperation, clientOperation, toolCall } = durations;
    (direction === 'inbound' ? serverOperation : clientOperation).record(seconds, ended);
    if (tool !== undefined) toolCall.record(seconds, { tool_name: tool });
  }
}
