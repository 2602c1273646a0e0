import type { OutcomeRecord } from '@sallyport/audit';
import { DAY, MINUTE } from '../src/durations.ts';

/** A Monday at eight. */
export const MONDAY: number = Date.UTC(2026, 0, 5, 8);

/** A call that went well, at a time in milliseconds. */
export function call(time: number, over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  const id = `id-${String(time)}`;
  return {
    v: 1,
    id,
    time: new Date(time).toISOString(),
    server: 'files',
    policy: '0'.repeat(64),
    type: 'outcome',
    call: id,
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: 'read_page',
    principal: { subject: 'alice', roles: [], client: 'ide', method: 'token' },
    status: 'ok',
    executed: { sha256: time.toString(16).padStart(64, '0').split('').toReversed().join(''), bytes: 100 },
    result: { sha256: '0'.repeat(64), bytes: 2000 },
    durationMs: 5,
    ...over,
  };
}

export function refused(
  time: number,
  refusal: NonNullable<OutcomeRecord['refusal']>,
  target = 'hidden',
): OutcomeRecord {
  const { executed: _executed, result: _result, ...rest } = call(time, { target });
  return { ...rest, status: 'refused', refusal };
}

export function by(subject: string, client = 'ide'): Pick<OutcomeRecord, 'principal'> {
  return { principal: { subject, roles: [], client, method: 'token' } };
}

/** Weeks of ordinary work of a few people: office hours, some thirty calls a day each, of a few tools. */
export function ordinaryWeeks(
  weeks: number,
  subjects: readonly string[] = ['alice', 'bob', 'carol'],
): OutcomeRecord[] {
  const records: OutcomeRecord[] = [];
  for (let day = 0; day < weeks * 7; day++) {
    if (day % 7 >= 5) continue;
    for (let n = 0; n < 32; n++)
      for (const [who, subject] of subjects.entries()) {
        const time = MONDAY + day * DAY + n * 15 * MINUTE + who * 1000 + ((day * 37 + n * 11) % 300) * 1000;
        const target = ['read_page', 'list_files', 'search_docs', 'get_ticket'][(n + who) % 4] ?? 'read_page';
        records.push(call(time, { ...by(subject), target, id: `${subject}-${String(time)}` }));
      }
  }
  return records.toSorted((a, b) => (a.time < b.time ? -1 : 1));
}
