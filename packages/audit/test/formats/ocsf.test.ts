import { describe, expect, test } from 'vitest';
import type { AuditRecord, EventRecord } from '../../src/audit-record.ts';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { classOf, ocsfProblems, type Values } from './ocsf-validator.ts';
import { ALERTS, alert, attempt, event, outcome, refused, REFUSALS, SAMPLES } from './some-records.ts';

const ocsf = createFormatter('ocsf', { productVersion: '1.2.3' });

function written(record: AuditRecord): Values {
  return JSON.parse(ocsf.record(record)) as Values;
}

describe('OCSF 1.8.0', () => {
  test.each(SAMPLES.map((record) => [record] as const))('a record is valid by the schema: %#', (record) => {
    expect(ocsfProblems(written(record))).toEqual([]);
  });

  test.each(ALERTS.map((facts) => [facts] as const))('an alert is a valid Detection Finding: %#', (facts) => {
    const finding = JSON.parse(ocsf.alert(facts)) as Values;
    expect(ocsfProblems(finding)).toEqual([]);
    expect(finding).toMatchObject({ class_uid: 2004, type_uid: 200401, is_alert: true });
  });

  test('all five classes are written', () => {
    const events = [...SAMPLES.map(written), JSON.parse(ocsf.alert(alert())) as Values];
    const captions = new Set(events.map((one) => classOf(one)?.caption));
    expect(captions).toEqual(
      new Set([
        'API Activity',
        'Application Lifecycle',
        'Authentication',
        'Authorize Session',
        'Detection Finding',
      ]),
    );
  });

  test('a tool call is an API Activity with the activity Execute, and a read is a Read', () => {
    expect(written(attempt())).toMatchObject({
      class_uid: 6003,
      activity_id: 99,
      activity_name: 'Execute',
      type_uid: 600399,
    });
    expect(written(outcome({ method: 'resources/read' }))).toMatchObject({
      activity_id: 2,
      type_uid: 600302,
    });
    expect(written(outcome({ method: 'tools/list' }))).toMatchObject({ activity_id: 2 });
    expect(written(outcome({ method: 'vendor/own' }))).toMatchObject({ activity_id: 99 });
  });

  test('the source is stdio unless it is named', () => {
    const http = createFormatter('ocsf', { productVersion: '1', endpoint: 'https://gate.example' });
    expect(written(attempt())['src_endpoint']).toEqual({ name: 'stdio' });
    expect(JSON.parse(http.record(attempt()))).toMatchObject({
      src_endpoint: { name: 'https://gate.example' },
    });
  });

  test.each(REFUSALS.filter((code) => code !== 'cancelled'))('a denial is denied and blocked: %s', (code) => {
    expect(written(refused(code))).toMatchObject({
      action_id: 2,
      disposition_id: 2,
      status_id: 2,
      status_code: code,
      authorizations: [{ decision: 'deny' }],
    });
  });

  test('a call that its client gave up is no denial', () => {
    expect(written(refused('cancelled'))).toMatchObject({
      action: 'Cancelled',
      action_id: 99,
      severity_id: 1,
    });
  });

  test('an attempt is observed, an answer allowed, a redacted one modified, a doubtful one detected', () => {
    const { redacted: _, ...plain } = outcome();
    expect(written(attempt())).toMatchObject({ action_id: 3, disposition_id: 17, status_id: 99 });
    expect(written(plain)).toMatchObject({ action_id: 1, disposition_id: 1, status_id: 1, severity_id: 1 });
    expect(written(outcome())).toMatchObject({ action_id: 4, disposition: 'Redacted' });
    expect(written(outcome({ wouldRefuse: [{ layer: 'rbac', code: 'permission_denied' }] }))).toMatchObject({
      action_id: 3,
      disposition_id: 15,
      severity_id: 2,
    });
    expect(written({ ...plain, status: 'error', error: -32_603 })).toMatchObject({
      action_id: 1,
      status_id: 2,
      status_code: '-32603',
      api: { response: { code: -32_603 } },
    });
  });

  test('a failed authentication is a failed Logon', () => {
    expect(written(refused('unauthenticated'))).toMatchObject({
      class_uid: 3002,
      activity_id: 1,
      status_id: 2,
    });
  });

  test('a session that begins is granted the roles of its principal, and is a plain call without roles', () => {
    expect(written(outcome({ method: 'initialize' }))).toMatchObject({
      class_uid: 3003,
      activity_id: 1,
      privileges: ['clinician', 'admin'],
    });
    const principal = { subject: 'anonymous', roles: [], method: 'none' } as const;
    expect(written(outcome({ method: 'initialize', principal }))).toMatchObject({ class_uid: 6003 });
  });

  test('start, stop and reload are Application Lifecycle', () => {
    const of = (name: EventRecord['event']): unknown => {
      const { class_uid: of, activity_name: name_, status } = written(event(name));
      return [of, name_, status];
    };
    expect(of('start')).toEqual([6002, 'Start', 'Success']);
    expect(of('stop')).toEqual([6002, 'Stop', 'Success']);
    expect(of('policy_reloaded')).toEqual([6002, 'Update', 'Success']);
    expect(of('policy_reload_failed')).toEqual([6002, 'Update', 'Failure']);
  });

  test('an event of a newer version is valid too, and keeps its name', () => {
    const newer = { ...event('start'), event: 'not_known_yet' } as unknown as AuditRecord;
    expect(ocsfProblems(written(newer))).toEqual([]);
    expect(written(newer)).toMatchObject({ class_uid: 6002, metadata: { event_code: 'not_known_yet' } });
  });

  test('attempt and outcome are joined by the call', () => {
    const of = (record: AuditRecord): unknown => (written(record)['metadata'] as Values)['correlation_uid'];
    expect(of(attempt())).toBe(of(outcome()));
  });
});
