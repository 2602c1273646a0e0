import type { AuditRecord } from '@sallyport/audit';
import { expect, test } from 'vitest';
import { readRecord } from '../../src/read-record.ts';
import { TRAITS } from '../../src/traits.ts';

function traitsOf(refusal: string): number | undefined {
  const record = {
    v: 1,
    id: '01990000-0000-7000-8000-000000000001',
    time: '2026-11-21T10:00:00.000Z',
    server: 'ehr',
    policy: '',
    type: 'outcome',
    call: '01990000-0000-7000-8000-000000000002',
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: 'export',
    principal: { subject: 'alice', roles: [], method: 'token' },
    status: 'refused',
    refusal,
    durationMs: 1,
  } as unknown as AuditRecord;
  return readRecord(record)?.traits;
}

test('a call that a quarantine refused is nothing to look at, and no reason for the next quarantine', () => {
  expect(traitsOf('permission_denied')).toBe(TRAITS.call | TRAITS.denied);
  expect(traitsOf('quarantined')).toBeUndefined();
});
