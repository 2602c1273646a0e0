import type { AuditRecord, OutcomeRecord } from '../audit-record.ts';

/** Which records a receiver gets: those that agree with every list that is given. */
export interface RecordFilter {
  readonly types?: readonly AuditRecord['type'][];
  /** Asked of outcomes only; attempts and events have no status. */
  readonly statuses?: readonly OutcomeRecord['status'][];
  /** Asked of calls only: a method, or a beginning with `*` at its end, such as `tools/*`. */
  readonly methods?: readonly string[];
}

/** @throws TypeError for an empty list, which nothing agrees with */
export function recordFilter({ types, statuses, methods }: RecordFilter): (record: AuditRecord) => boolean {
  for (const [name, list] of Object.entries({ types, statuses, methods })) {
    if (list?.length === 0)
      throw new TypeError(`The list ${name} of a filter is empty; leave it out to ship all of them.`);
  }
  const ofMethod = methods?.map(methodTest);
  return (record) => {
    if (types !== undefined && !types.includes(record.type)) return false;
    if (record.type === 'event') return true;
    if (ofMethod !== undefined && !ofMethod.some((test) => test(record.method))) return false;
    return statuses === undefined || record.type !== 'outcome' || statuses.includes(record.status);
  };
}

function methodTest(pattern: string): (method: string) => boolean {
  if (!pattern.endsWith('*')) return (method) => method === pattern;
  const start = pattern.slice(0, -1);
  return (method) => method.startsWith(start);
}
