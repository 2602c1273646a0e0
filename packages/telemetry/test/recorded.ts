import { type Attributes, context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  type ExponentialHistogram,
  type Histogram,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

interface Point {
  readonly attributes: Attributes;
  readonly value: number | Histogram | ExponentialHistogram;
}

/** An SDK, registered with the API of this process, and what it recorded. */
export class Recorded {
  readonly #spans = new InMemorySpanExporter();
  readonly #reader = new Reader();

  constructor(sampler?: Sampler) {
    const spanProcessors = [new SimpleSpanProcessor(this.#spans)];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors, ...(sampler !== undefined && { sampler }) }),
    );
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [this.#reader] }));
  }

  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** The last span; fails when there is none. */
  get span(): ReadableSpan {
    const span = this.spans.at(-1);
    if (span === undefined) throw new Error('no span was recorded');
    return span;
  }

  /** The points of a metric; none when it was never recorded. */
  async points(name: string): Promise<readonly Point[]> {
    const { resourceMetrics } = await this.#reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const found = all.find(({ descriptor }) => descriptor.name === name);
    return found === undefined ? [] : found.dataPoints;
  }

  /** The points of a counter or gauge, as `{attribute values}: value`. */
  async values(name: string): Promise<Readonly<Record<string, number>>> {
    const points = await this.points(name);
    return Object.fromEntries(
      points.map(({ attributes, value }) => [
        Object.values(attributes).join(' '),
        typeof value === 'number' ? value : (value.sum ?? Number.NaN),
      ]),
    );
  }

  /** How many series all metrics have together. */
  async series(): Promise<number> {
    const { resourceMetrics } = await this.#reader.collect();
    return resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
  }
}

/** Takes every SDK away again. */
export function unregister(): void {
  for (const api of [context, trace, metrics]) api.disable();
}
