import { createHash } from 'node:crypto';
import type { AlertFacts } from '@sallyport/audit';
import { Flood } from './flood.ts';
import { Group } from './group.ts';
import { moreThan, type Notice, severityOf } from './notice.ts';
import { Repeats } from './repeats.ts';
import { readSavedTriage, type SavedTriage, savedTriage, type TriageCounts } from './saved-triage.ts';
import { rankOf } from './severity.ts';
import { type TriageOptions, type TriageSettings, triageSettings } from './triage-options.ts';

/**
 * What became of an alert. `told`: it is in one of the notices. `held`: one of the next ones tells or counts it. `repeated`:
 * the next notice of its group counts it. `suppressed`: see `reason`. `below`: its severity is not told.
 */
export type AlertFate = 'told' | 'held' | 'repeated' | 'suppressed' | 'below';

export interface Triaged {
  /** What is to be told now: this alert, and what became due meanwhile. */
  readonly notices: readonly Notice[];
  readonly fate: AlertFate;
  /** The alert with the severity that it has here. */
  readonly alert: AlertFacts;
  /** Of the suppression; set only with the fate `suppressed`. */
  readonly reason?: string;
}

/** Every alert that was taken is counted once: `told`, `counted`, `waiting`, `repeated`, `suppressed` or `below`. */
export interface TriageStatus extends TriageCounts {
  /** Alerts that are held, to be told or counted. */
  readonly waiting: number;
  /** Groups that are remembered. */
  readonly groups: number;
}

/** All groups together keep so many alerts, and at least one each; the others are counted. */
const MOST_HELD = 10_000;

/**
 * Decides which alerts are told, when, and together with which. It has no clock but the times that it is given: the same
 * alerts and times always give the same notices. It waits for nothing; call `due` when `nextDue` has come.
 */
export class Triage {
  readonly #settings: TriageSettings;
  /** The one that was quiet for longest first. */
  #groups = new Map<string, Group>();
  #repeats: Repeats;
  #flood: Flood;
  /** Milliseconds since the epoch; it never goes back but where `due` says so. */
  #clock = 0;
  /** Alerts that groups keep to be told. */
  #held = 0;
  /** No window ends before this. */
  #earliest = Infinity;
  #counts: { -readonly [Name in keyof TriageCounts]: TriageCounts[Name] } = {
    taken: 0,
    told: 0,
    counted: 0,
    repeated: 0,
    suppressed: 0,
    below: 0,
    notices: 0,
  };

  /** @throws TypeError that says what to write instead */
  constructor(options: TriageOptions = {}) {
    this.#settings = triageSettings(options);
    this.#repeats = new Repeats(this.#settings.repeatMs);
    this.#flood = new Flood(this.#settings.burst);
  }

  get status(): TriageStatus {
    let { waiting } = this.#flood;
    for (const { waits } of this.#groups.values()) waiting += waits.waiting;
    return { ...this.#counts, waiting, groups: this.#groups.size };
  }

  /** When `due` has something to tell, in milliseconds since the epoch; undefined while nothing waits. */
  get nextDue(): number | undefined {
    let next = this.#flood.end ?? Infinity;
    for (const { end = Infinity, waits } of this.#groups.values())
      if (end < next && waits.waiting > 0) next = end;
    return next === Infinity ? undefined : next;
  }

  /**
   * @param now when it came, in milliseconds since the epoch; a time before the last one counts as the last one. Default: the
   *   time of the alert
   */
  take(given: AlertFacts, now: number = Date.parse(given.time)): Triaged {
    this.#advance(now);
    const notices = this.#dueNow();
    const severity = this.#settings.severityOf(given);
    const alert = severity === given.severity ? given : { ...given, severity };
    this.#counts.taken += 1;
    const reason = this.#settings.suppress.find(({ agrees }) => agrees(alert))?.reason;
    if (reason !== undefined) {
      this.#counts.suppressed += 1;
      return { notices, fate: 'suppressed', alert, reason };
    }
    if (rankOf(alert.severity) < this.#settings.leastRank) {
      this.#counts.below += 1;
      return { notices, fate: 'below', alert };
    }
    return { notices, fate: this.#place(alert, notices), alert };
  }

  /**
   * What is to be told by now. A time that is more than a window before the last one says that the clock was set back: all
   * windows end then, and what is repeated counts as new.
   *
   * @param now in milliseconds since the epoch
   */
  due(now: number): readonly Notice[] {
    if (now < this.#clock - this.#settings.groupMs) this.#setBack(now);
    else this.#advance(now);
    return this.#dueNow();
  }

  /** With it, and the alerts after it, another process tells what this one would; it can be written as JSON. */
  save(): SavedTriage {
    return savedTriage({
      clock: this.#clock,
      counts: { ...this.#counts },
      groups: [...this.#groups.values()].map((group) => group.save()),
      repeats: this.#repeats.save(),
      flood: this.#flood.save(),
    });
  }

  /**
   * Goes on from what `save` gave, in place of all that was taken before.
   *
   * @param state what it gave, or its JSON read again
   * @throws TriageStateError for anything else; nothing has changed then
   */
  restore(state: unknown): void {
    const { clock, counts, groups, repeats, flood } = readSavedTriage(state);
    this.#clock = clock;
    this.#counts = { ...counts };
    this.#groups = new Map(groups.map((group) => [group.key, new Group(group.key, group)]));
    this.#held = groups.reduce((sum, { waits }) => sum + waits.alerts.length, 0);
    this.#repeats = new Repeats(this.#settings.repeatMs, repeats);
    this.#flood = new Flood(this.#settings.burst, flood);
    this.#earliest = -Infinity;
  }

  #place(alert: AlertFacts, notices: Notice[]): AlertFate {
    const { server, subject, target, rule } = alert;
    const rank = rankOf(alert.severity);
    const group = this.#group(hashOf(server, subject, subject === undefined ? rule.id : undefined), notices);
    if (this.#repeats.isRepeat(hashOf(server, subject, rule.id, target), rank, this.#clock)) {
      this.#counts.repeated += 1;
      group.waits.repeated += 1;
      return 'repeated';
    }
    if (group.end !== undefined && rank <= group.rank) {
      this.#hold(alert, group);
      return 'held';
    }
    this.#keep(alert, group);
    return this.#tell(group, this.#clock, notices) ? 'told' : 'held';
  }

  #hold(alert: AlertFacts, group: Group): void {
    const { waits } = group;
    if (this.#held >= MOST_HELD && waits.kept > 0) waits.count(alert);
    else this.#keep(alert, group);
  }

  #keep(alert: AlertFacts, { waits }: Group): void {
    const before = waits.kept;
    waits.add(alert);
    this.#held += waits.kept - before;
  }

  /** The group, as the one that was last used; another one makes room for it, and is told before. */
  #group(key: string, notices: Notice[]): Group {
    const group = this.#groups.get(key) ?? new Group(key);
    this.#groups.delete(key);
    const [oldest] = this.#groups.values();
    if (oldest !== undefined && this.#groups.size >= this.#settings.maxGroups) {
      this.#tell(oldest, this.#clock, notices);
      this.#groups.delete(oldest.key);
    }
    this.#groups.set(key, group);
    return group;
  }

  /** @returns whether it was told, and not folded */
  #tell(group: Group, now: number, notices: Notice[]): boolean {
    this.#held -= group.waits.kept;
    const notice = group.waits.take(group.key);
    if (notice === undefined) return false;
    const rank = rankOf(severityOf(notice));
    group.rank = rank;
    group.end = now + this.#settings.groupMs;
    this.#earliest = Math.min(this.#earliest, group.end);
    if (!this.#flood.lets(notice, rank, now)) return false;
    this.#count(notice, notices);
    return true;
  }

  #count(notice: Notice, notices: Notice[]): void {
    this.#counts.notices += 1;
    this.#counts.told += notice.alerts.length;
    this.#counts.counted += moreThan(notice);
    notices.push(notice);
  }

  /** What became due, each at its own time: it makes no difference how often somebody asks. */
  #dueNow(): Notice[] {
    const notices: Notice[] = [];
    // What is told opens a window anew, which may have ended meanwhile too.
    while (this.#clock >= this.#earliest)
      for (const group of this.#windowsThatEnded()) {
        const { end = this.#clock, waits } = group;
        this.#unfold(end, notices);
        if (waits.waiting > 0) this.#tell(group, end, notices);
        else {
          group.end = undefined;
          // What was repeated is kept for the next notice.
          if (waits.repeated === 0) this.#groups.delete(group.key);
        }
      }
    this.#unfold(this.#clock, notices);
    return notices;
  }

  /** In the order of their ends; those that end together, in the order of their groups. */
  #windowsThatEnded(): readonly Group[] {
    const ended: Group[] = [];
    this.#earliest = Infinity;
    for (const group of this.#groups.values()) {
      const { end = Infinity } = group;
      if (end <= this.#clock) ended.push(group);
      else this.#earliest = Math.min(this.#earliest, end);
    }
    return ended.toSorted((a, b) => (a.end ?? 0) - (b.end ?? 0));
  }

  #unfold(now: number, notices: Notice[]): void {
    const folded = this.#flood.due(now);
    if (folded !== undefined) this.#count(folded, notices);
  }

  /** A time that is none leaves the clock as it is. */
  #advance(now: number): void {
    if (Number.isFinite(now) && now > this.#clock) this.#clock = now;
  }

  #setBack(now: number): void {
    this.#clock = now;
    this.#earliest = now;
    for (const group of this.#groups.values()) if (group.end !== undefined) group.end = now;
    this.#repeats.clear();
    this.#flood.setBack(now);
  }
}

function hashOf(...parts: readonly (string | undefined)[]): string {
  const text = JSON.stringify(parts.map((part) => part ?? null));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
