import type { AuditRecord, EventRecord, OutcomeRecord } from '@sallyport/audit';
import { SigmaRules, type SigmaMatch, type SigmaOptions } from '@sallyport/anomaly';

const START = Date.parse('2026-03-02T09:00:00.000Z');

/** A call of `get_patient` by `ann` that was answered, and what is different. */
export function outcome(more: Partial<OutcomeRecord> = {}, seconds = 0): OutcomeRecord {
  return {
    v: 1,
    id: `r-${seconds}`,
    time: new Date(START + seconds * 1000).toISOString(),
    server: 'clinic',
    policy: 'f'.repeat(64),
    type: 'outcome',
    call: `c-${seconds}`,
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: 'get_patient',
    principal: { subject: 'ann', roles: ['clinician', 'reader'], method: 'token' },
    status: 'ok',
    durationMs: 12,
    ...more,
  };
}

export function event(more: Partial<EventRecord> = {}, seconds = 0): EventRecord {
  return {
    v: 1,
    id: `e-${seconds}`,
    time: new Date(START + seconds * 1000).toISOString(),
    server: 'clinic',
    policy: 'f'.repeat(64),
    type: 'event',
    event: 'start',
    ...more,
  };
}

/** A rule around a detection. */
export function rule(detection: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: 'Something odd',
    id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a01',
    logsource: { product: 'sallyport', service: 'audit' },
    detection,
    level: 'high',
    ...more,
  };
}

export function compiled(values: readonly unknown[], options?: SigmaOptions): SigmaRules {
  const { rules, problems } = SigmaRules.compile(
    values.map((value) => ({ file: 'test.yaml', value })),
    options,
  );
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return rules;
}

export function messages(...values: readonly unknown[]): readonly string[] {
  const { problems } = SigmaRules.compile(values.map((value) => ({ file: 'test.yaml', value })));
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

/** Whether a selection of these items matches a record. */
export function holds(items: unknown, record: AuditRecord = outcome(), options?: SigmaOptions): boolean {
  const rules = compiled([rule({ selection: items, condition: 'selection' })], options);
  return rules.observe(record).length === 1;
}

export function all(rules: SigmaRules, records: readonly AuditRecord[]): readonly SigmaMatch[] {
  return records.flatMap((record) => rules.observe(record));
}
