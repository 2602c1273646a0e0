import type { AuditRecord } from '@sallyport/audit';
import { createHash } from 'node:crypto';
import type { Field } from '../fields.ts';
import { eventTallies } from './event-tally.ts';
import { Groups, type Limits, type SavedGroups } from './groups.ts';
import type { CorrelationPlan } from './plan.ts';
import type { TallyKind } from './tally.ts';
import { temporalTallies } from './temporal-tally.ts';
import { valueTallies } from './value-tally.ts';

/** What a record brought about in a correlation whose condition is true. */
export interface Outcome {
  readonly observed: number;
  /** Ids of records, oldest first. */
  readonly evidence: readonly string[];
  /** Whether it is to be told: once for each group and timespan. */
  readonly fires: boolean;
}

const LONG = 256;
const NO_TEXTS: readonly string[] = [];

/** A correlation at work: groups, and what came together in each. */
export class Correlation {
  readonly plan: CorrelationPlan;
  /** The fields of `group-by`, for each of the rules. */
  readonly #groupBy: readonly (readonly Field[])[];
  readonly #groups: Groups;

  constructor(plan: CorrelationPlan, groupBy: readonly (readonly Field[])[], limits: Limits) {
    this.plan = plan;
    this.#groupBy = groupBy;
    this.#groups = new Groups(tallies(plan), plan.spanMs, limits);
  }

  /** What has to come together at least. */
  get least(): number {
    return this.plan.bounds?.least ?? this.plan.rules.length;
  }

  get groups(): number {
    return this.#groups.size;
  }

  get evicted(): number {
    return this.#groups.evicted;
  }

  /** Takes in that a rule matched. Undefined while the condition is not true. */
  observe(
    position: number,
    record: AuditRecord,
    time: number,
    evidence: readonly string[],
  ): Outcome | undefined {
    const key = keyOf(this.#groupBy[position] ?? [], record);
    if (key === undefined) return undefined;
    const { plan } = this;
    const values = plan.field === undefined ? NO_TEXTS : textsOf(plan.field.read(record));
    if (plan.field !== undefined && values.length === 0) return undefined;
    return this.#groups.with(key, time, (group) => {
      const observed = group.tally.add({ id: record.id, time, position, evidence, values });
      const most = plan.bounds?.most ?? Infinity;
      if (observed < this.least || observed > most) return undefined;
      const fires = group.fired === undefined || Math.abs(time - group.fired) >= plan.spanMs;
      if (fires) group.fired = time;
      return { observed, evidence: group.tally.evidence(), fires };
    });
  }

  /** Tells a changed definition from the one that a state was saved under. */
  get fingerprint(): string {
    const { type, rules, groupBy, aliases, spanMs, bounds, field } = this.plan;
    const all = [...aliases].map(([alias, fields]) => [alias, [...fields]]);
    return digest(JSON.stringify([type, rules, groupBy, all, spanMs, bounds, field?.name]));
  }

  /** As JSON, that changes with the next record. */
  save(): SavedGroups {
    return this.#groups.save();
  }

  restore(saved: unknown): boolean {
    return this.#groups.restore(saved);
  }
}

function tallies({ type, spanMs, bounds, rules }: CorrelationPlan): TallyKind {
  // One more than the upper end tells that it was passed; without one, what is asked for is enough.
  const most = bounds === undefined ? 0 : bounds.most === Infinity ? bounds.least : bounds.most + 1;
  switch (type) {
    case 'event_count':
      return eventTallies(spanMs, most);
    case 'value_count':
      return valueTallies(spanMs, most);
    case 'temporal':
    case 'temporal_ordered':
      return temporalTallies(spanMs, rules.length, type === 'temporal_ordered');
  }
}

/** Undefined where a field of `group-by` has no value: such records belong to no group. */
function keyOf(fields: readonly Field[], record: AuditRecord): string | undefined {
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) return textOf(only.read(record));
  let key = '';
  for (const field of fields) {
    const value = textOf(field.read(record));
    if (value === undefined) return undefined;
    // With its length in front, no value can look like the end of another.
    key += `${value.length}:${value}`;
  }
  return key;
}

function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => textOf(one) ?? []);
  const text = textOf(value);
  return text === undefined ? NO_TEXTS : [text];
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.length > LONG ? digest(value) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
