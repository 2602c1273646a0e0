import type {
  BatchObservableCallback,
  Counter,
  Meter,
  MetricOptions,
  ObservableGauge,
} from '@opentelemetry/api';
import { Readings } from './readings.ts';
import { type CounterId, COUNTERS, type GaugeId, GAUGES, type Series } from './series.ts';
import { Tally } from './tally.ts';
import type { TelemetryEvent } from './telemetry-event.ts';
import type { TelemetrySources } from './telemetry-sources.ts';
import type { Trouble } from './trouble.ts';

/** Digits of a policy's digest in a label: enough to tell policies apart, and to find the whole in the records. */
const DIGEST_DIGITS = 12;

/** The counters and gauges of our own. They count whether an SDK is there or not; only an SDK ever sees the counts. */
export class Meters {
  readonly #trouble: Trouble;
  readonly #tallies = mapOf(COUNTERS, ({ attributes }) => new Tally(attributes));
  readonly #readings = mapOf(GAUGES, ({ attributes }) => new Readings(attributes));
  readonly #sources = new Set<TelemetrySources>();

  constructor(trouble: Trouble) {
    this.#trouble = trouble;
  }

  /** @param values of the attributes that `COUNTERS` names, in that order */
  count(counter: CounterId, values: readonly string[], count?: number): void {
    this.#tallies[counter].add(values, count);
  }

  tell(event: TelemetryEvent): void {
    switch (event.type) {
      case 'finding':
        return this.count('findings', [event.rule, event.severity], event.count);
      case 'message_refused':
        return this.count('refusals', [event.code, 'enforce'], event.count);
      case 'alert':
        return this.count('alerts', [event.rule, event.severity]);
      case 'secret_read':
        return this.count('secretReads', [event.provider, event.outcome]);
      case 'secret_renewed':
        return this.count('secretRenewals', [event.provider]);
      case 'secret_stale':
        return this.count('secretsStale', [event.provider]);
      case 'sink_failed':
        return this.count('sinkFailures', [event.sink]);
      case 'dead_letter':
        return this.count('deadLetters', [event.sink], event.count);
      case 'records_dropped':
        return this.count('dropped', [event.sink], event.count);
      case 'policy_reload':
        return this.count('policyReloads', [event.outcome]);
    }
  }

  /** @returns takes the sources away again */
  observe(sources: TelemetrySources): () => void {
    this.#sources.add(sources);
    return () => this.#sources.delete(sources);
  }

  /**
   * Gives counts and readings whenever `meter` collects.
   *
   * @returns stops that
   */
  bind(meter: Meter): () => void {
    const counters = mapOf(COUNTERS, (series): Counter =>
      meter.createCounter(series.name, optionsOf(series)),
    );
    const gauges = mapOf(GAUGES, (series): ObservableGauge =>
      meter.createObservableGauge(series.name, optionsOf(series)),
    );
    const { keep } = this.#trouble;
    const collect: BatchObservableCallback = (result) => {
      const isWhole = this.#read();
      for (const id of idsOf(COUNTERS)) keep(() => this.#tallies[id].handTo(counters[id]));
      for (const id of idsOf(GAUGES)) keep(() => this.#readings[id].handTo(gauges[id], result, isWhole));
    };
    const observables = Object.values(gauges);
    meter.addBatchObservableCallback(collect, observables);
    return () => meter.removeBatchObservableCallback(collect, observables);
  }

  /** @returns false when a source threw */
  #read(): boolean {
    let isWhole = true;
    for (const sources of this.#sources) {
      for (const read of [readPolicy, readRestrictions, readSinks, readJournal]) {
        const isRead = this.#trouble.keep(() => {
          read(sources, this.#readings);
          return true;
        });
        isWhole &&= isRead === true;
      }
    }
    return isWhole;
  }
}

type AllReadings = Readonly<Record<GaugeId, Readings>>;

function readPolicy({ server, policy }: TelemetrySources, readings: AllReadings): void {
  if (policy === undefined) return;
  const { digest, ageSeconds } = policy();
  readings.policyInfo.read([server, digest.slice(0, DIGEST_DIGITS)], 1);
  readings.policyAgeSeconds.read([server], ageSeconds);
}

function readRestrictions({ server, restrictions }: TelemetrySources, readings: AllReadings): void {
  for (const { kind, count } of restrictions?.() ?? []) readings.restrictions.read([server, kind], count);
}

function readSinks({ server, sinks }: TelemetrySources, readings: AllReadings): void {
  for (const { sink, lagSeconds, lagRecords } of sinks?.() ?? []) {
    readings.sinkLagSeconds.read([server, sink], lagSeconds);
    readings.sinkLagRecords.read([server, sink], lagRecords);
  }
}

function readJournal({ server, journal }: TelemetrySources, readings: AllReadings): void {
  if (journal === undefined) return;
  const { lagSeconds, lagRecords } = journal();
  readings.journalLagSeconds.read([server], lagSeconds);
  readings.journalLagRecords.read([server], lagRecords);
}

function optionsOf({ description, unit }: Series): MetricOptions {
  return { description, unit };
}

function idsOf<Id extends string>(table: Readonly<Record<Id, Series>>): Id[] {
  return Object.keys(table) as Id[];
}

function mapOf<Id extends string, T>(
  table: Readonly<Record<Id, Series>>,
  make: (series: Series) => T,
): Readonly<Record<Id, T>> {
  const made = idsOf(table).map((id) => [id, make(table[id])] as const);
  return Object.fromEntries(made) as Record<Id, T>;
}
