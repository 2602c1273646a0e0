import type { AuditRecord } from '@sallyport/audit';
import { type Alert, alertId } from './alert.ts';
import type { Detector, DetectorState, Oddity } from './detector.ts';
import { MINUTE } from './durations.ts';
import { type ReadRecord, readRecord } from './read-record.ts';
import type { Sighting } from './sighting.ts';
import { Evidence } from './state/evidence.ts';
import { hash } from './state/hash.ts';
import { PrincipalTable } from './state/principal-table.ts';
import type { Profile } from './state/profile.ts';
import { type Into, readSaved, SavedReader } from './state/read-saved.ts';
import { type SavedWatch, saveWatch } from './state/saved-watch.ts';
import { isWorthTelling } from './state/told.ts';
import type { Tenant } from './state/tenant.ts';
import type { ToolProfile } from './state/tool-profile.ts';
import { type Learned, type WatchPart, watchParts } from './state/watch-parts.ts';
import { TRAITS } from './traits.ts';
import type { WatchOptions } from './watch-options.ts';
import { settingsOf, type WatchSettings } from './watch-settings.ts';

const NONE: readonly Alert[] = [];
/** Records of several processes may be a little out of order; more than this, the clock was set back. */
const OUT_OF_ORDER = 5 * MINUTE;
/** Traits of URIs that were seen of late; emptied when it is full. */
const MOST_URIS = 4096;

/**
 * Learns what is usual from the audit stream and tells what is not. It knows no time but that of the records, so that the
 * same records in the same order always give the same alerts; it holds a bounded number of principals; and it never
 * throws for a record, whatever that is.
 */
export class Watch {
  readonly #settings: WatchSettings;
  #table: PrincipalTable;
  #evidence = new Evidence();
  readonly #uriTraits = new Map<string, number>();
  #clock = 0;

  /** @throws TypeError for options that cannot be meant */
  constructor(options: WatchOptions = {}) {
    this.#settings = settingsOf(options);
    this.#table = this.#emptyTable();
  }

  /** How many principals are known, and how many had to be forgotten for others. */
  get size(): { readonly principals: number; readonly servers: number; readonly evicted: number } {
    const { size, tenants, evicted } = this.#table;
    return { principals: size, servers: tenants.size, evicted };
  }

  /**
   * Records have to come in the order of the stream.
   *
   * @param written when, in milliseconds since the epoch. Default: as the record says
   */
  observe(record: AuditRecord, written?: number): readonly Alert[] {
    const read = typeof record === 'object' && record !== null ? readRecord(record) : undefined;
    if (read === undefined) return NONE;
    const at = written ?? Date.parse(record.time);
    if (!(at > 0)) return NONE;
    const time = at < this.#clock && this.#clock - at < OUT_OF_ORDER ? this.#clock : at;
    this.#clock = time;
    const tenant = this.#table.tenant(read.server, time);
    const profile =
      read.subject === '' ? tenant.everybody : this.#table.principal(tenant, read.subject, time);
    const seen = this.#sighting(read, tenant, profile, time);
    this.#evidence.add({ id: read.id, profile, time, traits: seen.traits });
    const alerts = this.#ask(read, seen, tenant, profile);
    tenant.calls += 1;
    profile.calls += 1;
    if (seen.tool !== undefined && (seen.traits & TRAITS.ok) !== 0) seen.tool.calls += 1;
    return alerts;
  }

  /**
   * All that was learned, as JSON, to go on from after a restart. With many principals it takes a while; see `saveParts`.
   *
   * @param cursor where in the stream it stands; given back by `restore` as it is
   */
  save(cursor?: unknown): SavedWatch {
    return saveWatch(this.#learned, cursor);
  }

  /** The same in small parts, one after another: observe nothing before the last one was taken. */
  saveParts(): Generator<WatchPart, void, undefined> {
    return watchParts(this.#learned);
  }

  /**
   * Goes on from what `save` gave, as an object or as its JSON; what was learned before is given up. After an error
   * nothing has changed.
   *
   * @returns the cursor that it was saved with
   * @throws WatchStateError for what `save` did not write; to begin anew, delete it and do not call this
   */
  restore(saved: unknown): unknown {
    const into = this.#empty();
    const { clock, cursor } = readSaved(saved, into);
    this.#goOn(into, clock);
    return cursor;
  }

  /** Takes what `saveParts` gave, part by part; nothing changes before `end`. Both throw WatchStateError. */
  restoreParts(): { take(part: readonly [kind: unknown, saved: unknown]): void; end(): void } {
    const into = this.#empty();
    const reader = new SavedReader(into);
    return { take: (part) => reader.take(part), end: () => this.#goOn(into, reader.end()) };
  }

  get #learned(): Learned {
    const { detectors } = this.#settings;
    return { detectors, table: this.#table, evidence: this.#evidence, clock: this.#clock };
  }

  #empty(): Into {
    const { detectors, traitsOf } = this.#settings;
    return { detectors, traitsOf, table: this.#emptyTable(), evidence: new Evidence() };
  }

  #goOn({ table, evidence }: Into, clock: number): void {
    this.#table = table;
    this.#evidence = evidence;
    this.#clock = clock;
  }

  #emptyTable(): PrincipalTable {
    const { maxPrincipals, maxServers } = this.#settings;
    return new PrincipalTable({ principals: maxPrincipals, tenants: maxServers });
  }

  #sighting(read: ReadRecord, tenant: Tenant, profile: Profile, time: number): Sighting {
    const { learnMs, learnCalls, serverLearnMs, serverLearnCalls } = this.#settings;
    const { toolName, targetName, clientName, isResource } = read;
    const age = (time - profile.first) / learnMs;
    // A name that only ever failed may be made up, and takes no room.
    const works = (read.traits & TRAITS.ok) !== 0;
    const known = toolName === undefined ? undefined : tenant.tools.get(toolName);
    const tool =
      known ?? (works && toolName !== undefined ? tenant.tool(toolName, this.#settings.traitsOf) : undefined);
    const ofUri = isResource && targetName !== undefined ? this.#traitsOfUri(targetName) : 0;
    return {
      time,
      traits: read.traits | (tool === undefined ? 0 : tool.traits | ofUri),
      count: read.count,
      tool,
      target: targetName === undefined ? 0 : hash(targetName),
      host: isResource && targetName !== undefined ? hostOf(targetName) : 0,
      origin: read.origin,
      client: clientName === undefined ? 0 : hash(clientName),
      arguments: read.arguments,
      argumentBytes: read.argumentBytes,
      resultBytes: read.resultBytes,
      entities: read.entities,
      principals: tenant.principals.size,
      // Who makes few calls is known for that after twice the time.
      ripe: age >= 2 || (age >= 1 && profile.calls >= learnCalls),
      settled: age >= 2,
      tenantRipe: tenant.calls >= serverLearnCalls && time - tenant.first >= serverLearnMs,
    };
  }

  #ask(read: ReadRecord, seen: Sighting, tenant: Tenant, profile: Profile): readonly Alert[] {
    let alerts: Alert[] | undefined;
    const { detectors } = this.#settings;
    let seenOfAll: Sighting | undefined;
    for (let n = 0; n < detectors.length; n++) {
      const detector = detectors[n];
      if (detector === undefined || (detector.concerns & seen.traits) === 0) continue;
      const ofTenant = detector.scope === 'tenant';
      const about = ofTenant ? tenant.everybody : profile;
      const looked = ofTenant ? (seenOfAll ??= { ...seen, ripe: seen.tenantRipe }) : seen;
      const oddity = detector.observe(looked, stateOf(detector, n, about, seen.tool));
      if (oddity === undefined) continue;
      const alert = this.#tell(detector, n, oddity, { read, time: seen.time, about });
      if (alert !== undefined) (alerts ??= []).push(alert);
    }
    return alerts ?? NONE;
  }

  #tell(
    detector: Detector,
    n: number,
    oddity: Oddity,
    { read, time, about }: { read: ReadRecord; time: number; about: Profile },
  ): Alert | undefined {
    const { id, name } = detector;
    const { isAllowed, severity, runbooks } = this.#settings;
    const server = about.tenant.name;
    const subject = about.subject === '' ? undefined : about.subject;
    const { targetName: target, clientName: client } = read;
    if (isAllowed({ detector: id, server, subject, target, client })) return undefined;
    if (!isWorthTelling(about.told, n, oddity, time, this.#settings)) return undefined;
    const records = this.#evidence.find({
      matches: (profile) => (subject === undefined ? profile.tenant === about.tenant : profile === about),
      traits: detector.evidence ?? detector.concerns,
      since: time - oddity.windowMs,
    });
    return {
      id: alertId(time, read.id, id),
      time: new Date(time).toISOString(),
      server,
      title: oddity.title,
      severity: severity(detector),
      rule: { id, name },
      method: 'statistical',
      ...(subject !== undefined && { subject }),
      ...(oddity.aboutTarget === true && target !== undefined && { target }),
      ...(subject !== undefined && client !== undefined && { client }),
      measure: oddity.measure,
      records: records.length === 0 ? [read.id] : records,
      quarantined: false,
      runbook: `${runbooks}${id}.md`,
    };
  }

  #traitsOfUri(uri: string): number {
    const known = this.#uriTraits.get(uri);
    if (known !== undefined) return known;
    if (this.#uriTraits.size >= MOST_URIS) this.#uriTraits.clear();
    const traits = this.#settings.traitsOf(uri);
    this.#uriTraits.set(uri, traits);
    return traits;
  }
}

function stateOf(
  detector: Detector,
  n: number,
  about: Profile,
  tool: ToolProfile | undefined,
): DetectorState {
  const { lengths, scope } = detector;
  const own = (about.states[n] ??= zeros(lengths.own.least));
  const group = scope === 'tenant' ? own : (about.tenant.states[n] ??= zeros(lengths.group.least));
  const ofTool =
    lengths.tool === undefined || tool === undefined ? [] : (tool.states[n] ??= zeros(lengths.tool.least));
  return { own, group, tool: ofTool };
}

function zeros(length: number): number[] {
  const state: number[] = [];
  for (let n = 0; n < length; n++) state.push(0);
  return state;
}

/** The host in a URI, as a hash; 0 where there is none. */
function hostOf(uri: string): number {
  const start = uri.indexOf('://');
  if (start < 0) return 0;
  const end = uri.indexOf('/', start + 3);
  const host = uri.slice(start + 3, end < 0 ? undefined : end);
  return host === '' ? 0 : hash(host.toLowerCase());
}
