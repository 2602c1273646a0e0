import type { AuditRecord } from '@sallyport/audit';
import type { SavedGroups } from './correlation/groups.ts';
import type { Setting } from './item.ts';
import type { SigmaDocument, SigmaProblem } from './problem.ts';
import { readDocuments } from './read-documents.ts';
import { type Edge, type LinkedRule, linkRules } from './resolve.ts';
import { Row } from './row.ts';
import type { SigmaRuleInfo } from './rule-info.ts';
import { RuleIndex } from './rule-index.ts';
import { correlationSentence, measureName, sentenceOf } from './sentence.ts';
import type { SigmaMatch } from './sigma-match.ts';

export interface SigmaOptions {
  /** What `%name%` stands for behind `expand`. Default: nothing, and such rules have a problem. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  /** The groups that each correlation remembers at most. Default: 10,000. */
  readonly groups?: number;
  /** Times, values and ids that each correlation remembers at most, in all groups. Default: 100,000. */
  readonly entries?: number;
  /** Put before the `runbook` of a rule that is no URL. Default: nothing. */
  readonly runbookBase?: string;
}

/** What correlations remember now. */
export interface SigmaStatus {
  readonly groups: number;
  /** Groups that were forgotten although they could still have matched; above 0 means that a limit is too small. */
  readonly evicted: number;
}

/** State of the correlations, as JSON. */
export interface SigmaState {
  readonly v: 1;
  readonly correlations: readonly SavedCorrelation[];
}

/** What one correlation remembers. */
export interface SavedCorrelation extends SavedGroups {
  /** That of its rule. */
  readonly id: string;
  /** Another one where the rule was changed. */
  readonly fingerprint: string;
}

const NO_MATCHES: readonly SigmaMatch[] = [];

/**
 * Sigma rules, ready to look at audit records. The same records, in the same order, give the same matches: there is no clock
 * but the one of the records.
 */
export class SigmaRules {
  readonly #row: Row;
  readonly #index: RuleIndex;
  readonly #rules: readonly LinkedRule[];
  readonly #infos: readonly SigmaRuleInfo[];

  private constructor(row: Row, rules: readonly LinkedRule[], runbookBase: string) {
    this.#row = row;
    this.#rules = rules;
    this.#infos = rules.map(({ read: { info } }) => withBase(info, runbookBase));
    this.#index = new RuleIndex(
      row,
      rules.map(({ read }) => ('predicate' in read ? read.predicate : undefined)),
    );
  }

  /**
   * Compiles what can be used, and tells everything that is wrong with the rest. Never throws. A rule with an error is left
   * out; so is a correlation that refers to one.
   */
  static compile(
    documents: readonly SigmaDocument[],
    options: SigmaOptions = {},
  ): { readonly rules: SigmaRules; readonly problems: readonly SigmaProblem[] } {
    const { placeholders = {}, groups = 10_000, entries = 100_000, runbookBase = '' } = options;
    const problems: SigmaProblem[] = [];
    const setting: Setting = { row: new Row(), placeholders };
    const read = readDocuments(documents, setting, problems);
    const rules = new SigmaRules(setting.row, linkRules(read, { groups, entries }), runbookBase);
    return { rules, problems };
  }

  /** The rules that are in use, in the order of their documents. */
  get list(): readonly SigmaRuleInfo[] {
    return this.#infos;
  }

  get status(): SigmaStatus {
    let [groups, evicted] = [0, 0];
    for (const { correlation } of this.#rules) {
      groups += correlation?.groups ?? 0;
      evicted += correlation?.evicted ?? 0;
    }
    return { groups, evicted };
  }

  /**
   * What the next record of the stream matches, in the order of the rules, correlations behind what completed them. Rules
   * that only feed correlations are not among it, unless one of these says `generate: true`. A correlation is told once for
   * each group and timespan.
   *
   * @param time when it was written, in milliseconds since the epoch. Default: as the record says
   */
  observe(record: AuditRecord, time?: number): readonly SigmaMatch[] {
    this.#row.turnTo(record);
    const hits = this.#index.matches();
    if (hits.length === 0) return NO_MATCHES;
    const at = time ?? Date.parse(record.time);
    const matches: SigmaMatch[] = [];
    for (const hit of hits) {
      const { alerts, edges } = this.#rules[hit] as LinkedRule;
      const info = this.#infos[hit] as SigmaRuleInfo;
      if (alerts) matches.push(matchOf(info, record));
      // A record without a time is before and after everything: nothing can be counted with it.
      if (edges.length > 0 && !Number.isNaN(at))
        this.#tell(edges, { record, time: at, evidence: [record.id], fresh: true }, matches);
    }
    return matches.length === 0 ? NO_MATCHES : matches;
  }

  /** What correlations remember; with it, and the records after it, another process answers what this one would. */
  save(): SigmaState {
    return { v: 1, correlations: structuredClone([...this.saveParts()]) };
  }

  /** The same, one correlation after another: observe nothing before what it gives was written. */
  *saveParts(): Generator<SavedCorrelation, void, undefined> {
    for (const { read, correlation } of this.#rules)
      if (correlation !== undefined)
        yield { id: read.info.id, fingerprint: correlation.fingerprint, ...correlation.save() };
  }

  /**
   * Takes what `save` wrote into rules that have not observed anything.
   *
   * @returns ids of correlations that begin anew: they are new, were changed, or their state is damaged
   */
  restore(state: unknown): readonly string[] {
    const { v, correlations } = (state ?? {}) as Partial<Record<keyof SigmaState, unknown>>;
    const saved = v === 1 && Array.isArray(correlations) ? (correlations as readonly unknown[]) : [];
    const known = new Set(saved.map((one) => this.restorePart(one)));
    return this.#rules.flatMap(({ read: { info }, correlation }) =>
      correlation === undefined || known.has(info.id) ? [] : [info.id],
    );
  }

  /** Takes one of what `saveParts` gave. @returns the id of its correlation, unless that begins anew */
  restorePart(saved: unknown): string | undefined {
    const { id, fingerprint } = (saved ?? {}) as Partial<Record<keyof SavedCorrelation, unknown>>;
    for (const { read, correlation } of this.#rules) {
      if (read.info.id !== id || correlation === undefined) continue;
      return correlation.fingerprint === fingerprint && correlation.restore(saved) ? read.info.id : undefined;
    }
    return undefined;
  }

  #tell(edges: readonly Edge[], news: News, matches: SigmaMatch[]): void {
    const { record, time } = news;
    for (const { to, position } of edges) {
      const { correlation, edges: next, alerts } = this.#rules[to] as LinkedRule;
      // What goes on being true counts once; but it is there, so that something else can follow it.
      if (correlation === undefined || (!news.fresh && correlation.plan.type.endsWith('_count'))) continue;
      const outcome = correlation.observe(position, record, time, news.evidence);
      if (outcome === undefined) continue;
      const { evidence, fires, observed } = outcome;
      if (fires && alerts) {
        const info = this.#infos[to] as SigmaRuleInfo;
        matches.push({
          rule: info,
          time: record.time,
          server: record.server,
          sentence: correlationSentence(info, correlation.plan, observed),
          ...aboutOf(correlation.plan.groupBy, record),
          ...(correlation.plan.bounds !== undefined && {
            measure: { name: measureName(correlation.plan), observed, baseline: correlation.least },
          }),
          records: evidence,
        });
      }
      this.#tell(next, { record, time, evidence, fresh: fires }, matches);
    }
  }
}

interface News {
  readonly record: AuditRecord;
  readonly time: number;
  readonly evidence: readonly string[];
  readonly fresh: boolean;
}

function matchOf(rule: SigmaRuleInfo, record: AuditRecord): SigmaMatch {
  return {
    rule,
    time: record.time,
    server: record.server,
    sentence: sentenceOf(rule, record),
    ...aboutOf(['principal.subject', 'target'], record),
    records: [record.id],
  };
}

/** Whom and what records of one group have in common. */
function aboutOf(groupBy: readonly string[], record: AuditRecord): Pick<SigmaMatch, 'subject' | 'target'> {
  if (record.type === 'event') return {};
  const subject = groupBy.includes('principal.subject') ? record.principal?.subject : undefined;
  const target = groupBy.includes('target') ? record.target : undefined;
  return { ...(subject !== undefined && { subject }), ...(target !== undefined && { target }) };
}

function withBase(info: SigmaRuleInfo, base: string): SigmaRuleInfo {
  const { runbook } = info;
  if (runbook === undefined || /^[a-z][a-z\d+.-]*:/i.test(runbook)) return info;
  return { ...info, runbook: `${base}${runbook}` };
}
