import type { AlertFacts, AuditRecord } from '@sallyport/audit';
import { alertId } from '../alert.ts';
import { alertOf } from '../sigma/sigma-match.ts';
import { SigmaRules } from '../sigma/sigma-rules.ts';
import { RestrictionBudget } from '../response/restriction-budget.ts';
import type { Notice } from '../triage/notice.ts';
import { Triage } from '../triage/triage.ts';
import { Watch } from '../watch.ts';
import { boundedAlert } from './bounded-alert.ts';
import { cutLists } from './cut-lists.ts';
import { LookoutReader } from './lookout-reader.ts';
import type { Response } from '../response/response-plan.ts';
import type { Respond, TriageLike } from './ports.ts';
import type { RaisedAlert } from './raised-alert.ts';
import { LOOKOUT_FORMAT, LOOKOUT_VERSION, type LookoutPart } from './saved-lookout.ts';

export interface LookoutOptions {
  /** What learns what is usual. Default: all detectors, as they are. */
  readonly watch?: Watch;
  /** Rules that have not observed anything. Default: none. */
  readonly rules?: SigmaRules;
  /** Default: as it is without options. */
  readonly triage?: TriageLike;
  /** Asked about each alert that is news. Default: alerts restrict nobody. */
  readonly respond?: Respond;
  /**
   * Alerts from before are counted and no more: what is learned from a long history is no news. Milliseconds since the
   * epoch. Default: all are told.
   */
  readonly tellSince?: number;
}

export interface LookoutCounts {
  /** Records that were looked at. */
  readonly records: number;
  /** Records that what is here wrote itself. */
  readonly own: number;
  /** Records at which something here threw; the next ones are looked at all the same. */
  readonly failed: number;
  readonly alerts: number;
  /** Those among them from before `tellSince`. */
  readonly old: number;
}

const NOTHING: readonly RaisedAlert[] = [];
/** Events that tell of alerts and of this watch: it would hear itself. */
const OWN = /^(?:alert|watch)_/;

/**
 * Everything that looks at the audit stream, as one: detectors, rules, triage and response. The same records in the same order
 * give the same alerts under the same ids; and no record makes it throw.
 */
export class Lookout {
  readonly #watch: Watch;
  readonly #rules: SigmaRules;
  readonly #triage: TriageLike;
  readonly #respond: Respond;
  readonly #budget = new RestrictionBudget();
  #tellSince: number;
  readonly #counts = { records: 0, own: 0, failed: 0, alerts: 0, old: 0 };
  /** Of the newest record. */
  #clock = 0;
  /** Kept, because it is asked for each record, and alerts are rare. */
  #nextDue: number | undefined;

  constructor(options: LookoutOptions = {}) {
    this.#watch = options.watch ?? new Watch();
    this.#rules = options.rules ?? SigmaRules.compile([]).rules;
    this.#triage = options.triage ?? new Triage();
    this.#respond = options.respond ?? (() => ({ kind: 'alert' }));
    this.#tellSince = options.tellSince ?? 0;
  }

  get counts(): LookoutCounts {
    return { ...this.#counts };
  }

  /** When `due` has something to give; milliseconds since the epoch. */
  get nextDue(): number | undefined {
    return this.#nextDue;
  }

  /**
   * What the next record of the stream raises.
   *
   * @param journal the one that it stands in; see `FoundJournal`
   * @param latest alerts of records from after that are grouped with those of this time; milliseconds since the epoch.
   *   Default: every time is believed
   */
  observe(record: AuditRecord, journal?: string, latest: number = Infinity): readonly RaisedAlert[] {
    if (isOwn(record)) {
      this.#counts.own += 1;
      return NOTHING;
    }
    this.#counts.records += 1;
    const alerts = this.#alerts(record);
    return alerts.length === 0 ? NOTHING : alerts.map((alert) => this.#raised(alert, journal, latest));
  }

  /** Notices that waited for others of their group, and whose time has come. */
  due(now: number): readonly Notice[] {
    const notices = this.#triage.due(now);
    this.#nextDue = this.#triage.nextDue;
    return notices;
  }

  /**
   * All that was learned and is remembered, to go on from after a restart. With many principals it takes a while; see
   * `saveParts`.
   *
   * @param cursor where in the stream it stands; JSON
   */
  save(cursor: unknown): readonly LookoutPart[] {
    return structuredClone([...this.saveParts(cursor)]);
  }

  /** The same, one after another, each of them small: observe nothing before the last one was written. */
  *saveParts(cursor: unknown): Generator<LookoutPart, void, undefined> {
    const tellSince = this.#tellSince;
    yield [
      'lookout',
      { format: LOOKOUT_FORMAT, version: LOOKOUT_VERSION, cursor: cursor ?? null, tellSince },
    ];
    yield* this.#watch.saveParts();
    for (const rule of this.#rules.saveParts()) yield* cutLists('rule', rule);
    yield* cutLists('triage', this.#triage.save() ?? null);
    yield ['end'];
  }

  /**
   * Goes on from what `save` gave, before anything was observed. Rules that were changed since begin anew. After an error,
   * take another one.
   *
   * @returns the cursor that it was saved with
   * @throws LookoutStateError for what `save` did not give
   */
  restore(saved: unknown): unknown {
    const reader = this.restoreParts();
    for (const part of Array.isArray(saved) ? (saved as readonly unknown[]) : [saved]) reader.take(part);
    return reader.end();
  }

  /** The same, one part after another; `end` gives the cursor. Both throw as `restore` does. */
  restoreParts(): Pick<LookoutReader, 'take' | 'end'> {
    return new LookoutReader({
      watch: this.#watch.restoreParts(),
      rule: (saved) => void this.#rules.restorePart(saved),
      triage: (saved) => {
        this.#triage.restore(saved);
        this.#nextDue = this.#triage.nextDue;
      },
      tellSince: (time) => {
        this.#tellSince = time;
      },
    });
  }

  #alerts(record: AuditRecord): readonly AlertFacts[] {
    try {
      const written = Date.parse(record.time);
      const time = Number.isNaN(written) ? this.#clock : written;
      this.#clock = time;
      const odd = this.#watch.observe(record, written);
      const matches = this.#rules.observe(record, written);
      if (odd.length === 0 && matches.length === 0) return odd;
      const alerts: AlertFacts[] = odd.map(boundedAlert);
      const told = new Map<string, number>();
      for (const match of matches) {
        const { id } = match.rule;
        // A record may complete a correlation in more than one way.
        const times = (told.get(id) ?? 0) + 1;
        told.set(id, times);
        const alert = alertOf(match, {
          id: ruleAlertId(time, record, times === 1 ? id : `${id} ${String(times)}`),
          time: new Date(time).toISOString(),
        });
        if (alert !== undefined) alerts.push(boundedAlert(alert));
      }
      return alerts;
    } catch {
      this.#counts.failed += 1;
      return [];
    }
  }

  #raised(found: AlertFacts, journal: string | undefined, latest: number): RaisedAlert {
    this.#counts.alerts += 1;
    const from = journal === undefined ? {} : { journal };
    const time = Date.parse(found.time);
    if (time < this.#tellSince) {
      this.#counts.old += 1;
      return { alert: found, ...from, fate: 'old', notices: [] };
    }
    try {
      return { ...this.#judged(found, Math.min(time, latest)), ...from };
    } catch {
      this.#counts.failed += 1;
      return { alert: found, ...from, fate: 'failed', notices: [] };
    }
  }

  #judged(found: AlertFacts, now: number): RaisedAlert {
    const wanted = this.#respond(found);
    const tooMuch = wanted.kind === 'alert' ? undefined : this.#budget.refusal(found, wanted.of, now);
    const response: Response = tooMuch === undefined ? wanted : { kind: 'alert', reason: tooMuch };
    const { notices, fate, reason, alert } = this.#triage.take(
      response.kind === 'quarantine' ? { ...found, quarantined: true } : found,
      now,
    );
    this.#nextDue = this.#triage.nextDue;
    const told = { alert, fate, ...(reason !== undefined && { reason }), notices };
    if (fate === 'suppressed') return told;
    if (response.kind !== 'alert') {
      this.#budget.spend(found, response.of, now);
      return { ...told, response };
    }
    const why = reason ?? response.reason;
    return {
      ...told,
      ...(why !== undefined && { reason: why }),
      ...(tooMuch !== undefined && { isOverBudget: true }),
    };
  }
}

/** Under which it is known again when it is raised again. */
function ruleAlertId(time: number, record: AuditRecord, rule: string): string {
  return alertId(time, typeof record.id === 'string' ? record.id : '', rule);
}

function isOwn(record: unknown): boolean {
  const { type, event } = (record ?? {}) as { readonly type?: unknown; readonly event?: unknown };
  return type === 'event' && typeof event === 'string' && OWN.test(event);
}
