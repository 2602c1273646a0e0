import {
  createNoopMeter,
  metrics,
  type Meter,
  type MeterProvider,
  ProxyTracerProvider,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { type Durations, durationsOf } from './durations.ts';
import type { Meters } from './meters.ts';
import type { Trouble } from './trouble.ts';

/** What of the registered SDK there is. */
export interface BoundSdk {
  /** Undefined where the host has no tracing. */
  readonly tracer: Tracer | undefined;
  /** Undefined where the host has no metrics. */
  readonly durations: Durations | undefined;
}

/** The instrumentation scope of all spans and metrics. */
export const SCOPE = '@sallyport/telemetry';

/**
 * The SDK that the host has registered with the API, at any time. Asking costs two look-ups: whether the providers are
 * those of the last time.
 */
export class RegisteredSdk {
  readonly #meters: Meters;
  readonly #trouble: Trouble;
  readonly #version: string | undefined;
  #tracers: TracerProvider | undefined;
  #meterProvider: MeterProvider | undefined;
  #unbind: (() => void) | undefined;
  #bound: BoundSdk | undefined;

  constructor(meters: Meters, trouble: Trouble, version: string | undefined) {
    this.#meters = meters;
    this.#trouble = trouble;
    this.#version = version;
  }

  /** Undefined while the host has registered none. */
  current(): BoundSdk | undefined {
    try {
      const tracers = tracerProvider();
      const meterProvider = metrics.getMeterProvider();
      if (tracers !== this.#tracers || meterProvider !== this.#meterProvider)
        this.#bind(tracers, meterProvider);
    } catch (error) {
      this.#trouble.tell(error);
    }
    return this.#bound;
  }

  #bind(tracers: TracerProvider, meterProvider: MeterProvider): void {
    // First: what fails now would fail in every call.
    this.#tracers = tracers;
    this.#meterProvider = meterProvider;
    this.#bound = undefined;
    this.#trouble.keep(() => this.#unbind?.());
    this.#unbind = undefined;
    const tracer = this.#trouble.keep(() => this.#tracerOf(tracers));
    const durations = this.#trouble.keep(() => this.#durationsOf(meterProvider));
    if (tracer !== undefined || durations !== undefined) this.#bound = { tracer, durations };
  }

  #tracerOf(tracers: TracerProvider): Tracer | undefined {
    return tracers === new ProxyTracerProvider().getDelegate()
      ? undefined
      : tracers.getTracer(SCOPE, this.#version);
  }

  #durationsOf(meterProvider: MeterProvider): Durations | undefined {
    const meter: Meter = meterProvider.getMeter(SCOPE, this.#version);
    if (meter === createNoopMeter()) return undefined;
    this.#unbind = this.#meters.bind(meter);
    return durationsOf(meter);
  }
}

/** The API hands out one proxy for good; what was registered stands behind it. */
function tracerProvider(): TracerProvider {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
}
