import { context, trace } from '@opentelemetry/api';
import type { Interceptor } from '@sallyport/core';
import type { Telemetry } from './telemetry.ts';
import { within } from './within.ts';

/**
 * The same layer with a span of its own inside that of the call: what it and all behind it took. For looking into a
 * pipeline; it costs as much as the span of the call for every layer.
 */
export function withLayerSpan(layer: Interceptor, telemetry: Telemetry): Interceptor {
  const { trouble, ...parts } = telemetry.parts;
  return {
    name: layer.name,
    intercept(call, next) {
      const tracer = parts.sdk()?.tracer;
      const begun =
        tracer &&
        trouble.keep(() => {
          const around = context.active();
          const span = tracer.startSpan(`sallyport ${layer.name}`, {}, around);
          return { end: (): unknown => trouble.keep(() => span.end()), context: trace.setSpan(around, span) };
        });
      if (begun === undefined) return layer.intercept(call, next);
      try {
        const answer = within(begun.context, () => layer.intercept(call, next), trouble);
        return answer.then(
          (result) => {
            begun.end();
            return result;
          },
          (refusal: unknown) => {
            begun.end();
            throw refusal;
          },
        );
      } catch (refusal) {
        begun.end();
        throw refusal;
      }
    },
  };
}
