import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Keeps what is recorded, and exports nothing: exporters work beside calls. */
class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const forgetful: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/**
 * Registers an SDK that records everything: what a host with OpenTelemetry has, without an exporter.
 *
 * @returns takes it away again
 */
export function registerRecordingSdk(): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [forgetful] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new Reader()] }));
  return () => {
    for (const api of [context, trace, metrics]) api.disable();
  };
}
