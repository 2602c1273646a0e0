import type { AuditRecord } from '@sallyport/audit';
import type { CorrelationPlan } from './correlation/plan.ts';
import type { SigmaRuleInfo } from './rule-info.ts';

/** `Title: a call was refused (threat_detected).` Only words of closed sets are quoted from the record. */
export function sentenceOf({ title }: SigmaRuleInfo, record: AuditRecord): string {
  return `${ended(title)}: ${happened(record)}.`;
}

/** `Title: 12 records within 5m with the same principal.subject; the rule asks for 10.` */
export function correlationSentence(
  { title }: SigmaRuleInfo,
  plan: CorrelationPlan,
  observed: number,
): string {
  const same = plan.groupBy.length === 0 ? '' : ` with the same ${plan.groupBy.join(' and ')}`;
  const least = plan.bounds?.least ?? plan.rules.length;
  const asked =
    plan.bounds === undefined || plan.bounds.most === plan.bounds.least ? `${least}` : `at least ${least}`;
  return `${ended(title)}: ${what(plan, observed)} within ${plan.timespan}${same}; the rule asks for ${asked}.`;
}

/** What a count is about, with its time: `records in 5m`. */
export function measureName(plan: CorrelationPlan): string {
  const { field, timespan } = plan;
  return field === undefined ? `records in ${timespan}` : `different ${field.name} in ${timespan}`;
}

function what({ type, field, rules }: CorrelationPlan, observed: number): string {
  switch (type) {
    case 'event_count':
      return `${observed} ${observed === 1 ? 'record' : 'records'}`;
    case 'value_count':
      return `${observed} different ${observed === 1 ? 'value' : 'values'} of ${field?.name ?? 'a field'}`;
    case 'temporal':
      return `${observed} of ${rules.length} rules matched`;
    case 'temporal_ordered':
      return `${observed} rules matched in order`;
  }
}

function happened(record: AuditRecord): string {
  switch (record.type) {
    case 'attempt':
      return 'a call was attempted';
    case 'outcome':
      if (record.status === 'refused') return `a call was refused (${record.refusal ?? 'without a code'})`;
      return record.status === 'ok' ? 'a call was answered' : 'a call ended with an error';
    case 'event':
      return `the event ${record.event}`;
    default:
      return 'a record';
  }
}

function ended(title: string): string {
  return title.replace(/[\s.:;!]+$/, '');
}
