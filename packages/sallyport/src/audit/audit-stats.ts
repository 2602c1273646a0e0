import { type JournalLine, RECORD_MEMBERS, type RecordMember } from '@sallyport/audit';
import { Latency } from './latency.ts';
import { Tally } from './tally.ts';
import { Timeline } from './timeline.ts';

/** What is counted by name. */
export type Counted =
  | 'records'
  | 'statuses'
  | 'decisions'
  | 'tools'
  | 'principals'
  | 'rules'
  | 'codes'
  | 'events'
  | 'redacted';

const MOST_TOOLS = 10_000;
/** A tool that has no name, since there are too many. */
const OTHERS = 'others';

/** What a journal is about, in memory that does not grow with it. */
export class AuditStats {
  readonly counts: Readonly<Record<Counted, Tally>> = {
    records: new Tally(),
    statuses: new Tally(),
    decisions: new Tally(),
    tools: new Tally(),
    principals: new Tally(),
    rules: new Tally(),
    codes: new Tally(),
    events: new Tally(),
    redacted: new Tally(),
  };
  /** By `server/tool`. */
  readonly latencies: Map<string, Latency> = new Map();
  readonly timeline: Timeline = new Timeline();
  /** Of the first and the last record, in milliseconds since the epoch. */
  from: number = Infinity;
  to: number = -Infinity;

  /** Calls count once, by their outcome. */
  add(line: JournalLine): void {
    this.from = Math.min(this.from, line.time);
    this.to = Math.max(this.to, line.time);
    this.timeline.add(line.time);
    if (line.kind === 'entry') {
      this.#count('records', 'journal');
      this.#count('events', `journal: ${line.entry.type}`);
      return;
    }
    const { record } = line;
    const read = (member: RecordMember): unknown => RECORD_MEMBERS[member](record);
    this.#count('records', record.type);
    this.#count('events', read('event'));
    if (record.type !== 'outcome') return;
    this.#count('statuses', read('status'));
    this.#count('decisions', read('decision.effect'));
    this.#count('principals', read('principal.subject'));
    this.#count('rules', read('decision.rule'));
    this.#count('codes', read('refusal'));
    this.#countRedacted(read('redacted'));
    const target = read('target');
    if (read('method') === 'tools/call' && typeof target === 'string')
      this.#tool(`${record.server}/${target}`, read('durationMs'));
  }

  #tool(name: string, durationMs: unknown): void {
    this.#count('tools', name);
    if (typeof durationMs !== 'number') return;
    const own = this.latencies.has(name) || this.latencies.size < MOST_TOOLS ? name : OTHERS;
    const latency = this.latencies.get(own) ?? new Latency();
    this.latencies.set(own, latency);
    latency.add(durationMs);
  }

  #countRedacted(redacted: unknown): void {
    if (!Array.isArray(redacted)) return;
    for (const each of redacted as readonly unknown[]) {
      const { entity, count } = (each ?? {}) as { readonly entity?: unknown; readonly count?: unknown };
      if (typeof entity === 'string' && typeof count === 'number') this.counts.redacted.add(entity, count);
    }
  }

  #count(what: Counted, name: unknown): void {
    if (typeof name === 'string') this.counts[what].add(name);
  }
}
