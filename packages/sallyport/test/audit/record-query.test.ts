import type { AuditRecord, JournalEntry, JournalLine } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type QueryOptions, recordQuery } from '../../src/audit/record-query.ts';
import { attempt, event, outcome } from './journal-bench.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function line(record: AuditRecord): JournalLine {
  const json = JSON.stringify(record);
  return { kind: 'record', journal: '.', sequence: 0, time: Date.parse(record.time), json, record };
}

function entryLine(entry: JournalEntry): JournalLine {
  const json = JSON.stringify(entry);
  return { kind: 'entry', journal: '.', sequence: 0, time: Date.parse(entry.time), json, entry };
}

function matches(record: AuditRecord, options: QueryOptions): boolean {
  const query = recordQuery(options, NOW);
  const found = query.matches(line(record));
  // The cheap test must never leave out what the other one takes.
  if (found) expect(query.mayMatch(Buffer.from(JSON.stringify(record)))).toBe(true);
  return found;
}

const DENIED = outcome('r1', {
  status: 'refused',
  refusal: 'permission_denied',
  decision: { effect: 'deny' },
  call: 'c1',
  target: 'write/file',
});

describe('a query', () => {
  test.each<[string, QueryOptions, AuditRecord, boolean]>([
    ['nothing', {}, DENIED, true],
    ['its subject', { subject: ['alice'] }, DENIED, true],
    ['another subject', { subject: ['alic'] }, DENIED, false],
    ['how a subject begins', { subject: ['ali*'] }, DENIED, true],
    ['one of two subjects', { subject: ['bob', 'alice'] }, DENIED, true],
    ['one of its roles', { role: ['reader'] }, DENIED, true],
    ['its tool', { tool: ['write/file'] }, DENIED, true],
    ['its tool with the server', { tool: ['files/write/file'] }, DENIED, true],
    ['the same tool elsewhere', { tool: ['mail/write/file'] }, DENIED, false],
    [
      'a tool with the name of a prompt',
      { tool: ['read_file'] },
      outcome('r', { method: 'prompts/get' }),
      false,
    ],
    ['its server', { server: ['files'] }, DENIED, true],
    ['its method', { method: ['tools/*'] }, DENIED, true],
    ['its decision', { decision: 'deny' }, DENIED, true],
    ['another decision', { decision: 'permit' }, DENIED, false],
    ['its status', { status: 'refused' }, DENIED, true],
    ['its code', { code: ['permission_denied'] }, DENIED, true],
    ['the number of an error', { code: ['-32603'] }, outcome('r', { status: 'error', error: -32_603 }), true],
    ['its call', { call: ['c1'] }, DENIED, true],
    ['its event', { event: ['start'] }, event('e', 'start'), true],
    ['an event that it is not', { event: ['stop'] }, event('e', 'start'), false],
    ['the status of an attempt, which has none', { status: 'ok' }, attempt('a'), false],
    ['two things of which one is another', { subject: ['alice'], status: 'ok' }, DENIED, false],
    ['a time before it', { since: '2026-03-01T09:00:00Z' }, DENIED, true],
    ['its very time', { since: '2h', until: '2h' }, DENIED, true],
    ['a time behind it', { since: '1h' }, DENIED, false],
    ['an end before it', { until: '2026-02-28' }, DENIED, false],
    ['its day', { until: '2026-03-01' }, DENIED, true],
  ])('for %s', (_, options, record, expected) => {
    expect(matches(record, options)).toBe(expected);
  });

  test('never leaves out by its bytes what matches, whatever the names are', () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(name, name, (subject, target) => {
        const record = outcome('r', { target, principal: { subject, roles: [target], method: 'none' } });
        const exact = { subject: [subject], tool: [target], role: [target] };
        fc.pre(!`${subject} ${target}`.includes('*'));
        expect(matches(record, exact)).toBe(true);
        expect(matches(record, { subject: [`${[...subject][0] ?? ''}*`] })).toBe(true);
      }),
    );
  });

  test('for alerts finds what tells of something wrong, and nothing else', () => {
    const alert = { alert: true };
    const wrong: AuditRecord[] = [
      DENIED,
      outcome('r', { status: 'refused', refusal: 'threat_detected' }),
      outcome('r', { status: 'refused', refusal: 'unavailable' }),
      event('e', 'policy_reload_failed'),
      event('e', 'secret_failed'),
      event('e', 'message_refused'),
    ];
    const usual: AuditRecord[] = [
      attempt('a'),
      outcome('r'),
      outcome('r', { status: 'error', error: -32_603 }),
      outcome('r', { status: 'refused', refusal: 'invalid_params' }),
      outcome('r', { status: 'refused', refusal: 'cancelled' }),
      event('e', 'start'),
      event('e', 'policy_reloaded'),
    ];
    expect(wrong.map((record) => matches(record, alert))).toEqual(wrong.map(() => true));
    expect(usual.map((record) => matches(record, alert))).toEqual(usual.map(() => false));
  });

  test('finds what the journal says itself, where nothing about calls is asked', () => {
    const { time } = DENIED;
    const opened: JournalEntry = { type: 'open', time, torn: 0 };
    const recovered: JournalEntry = { type: 'recovered', time, cause: 'ENOSPC', refused: 3, lost: 1 };
    const found = (entry: JournalEntry, options: QueryOptions): boolean =>
      recordQuery(options, NOW).matches(entryLine(entry));
    expect(found(opened, {})).toBe(true);
    expect(found(opened, { event: ['open'] })).toBe(true);
    expect(found(opened, { event: ['recovered'] })).toBe(false);
    expect(found(opened, { subject: ['alice'] })).toBe(false);
    expect(found(opened, { event: ['open'], subject: ['alice'] })).toBe(false);
    expect(found(opened, { alert: true })).toBe(false);
    expect(found({ ...opened, torn: 7 }, { alert: true })).toBe(true);
    expect(found(recovered, { alert: true })).toBe(true);
    expect(found(recovered, { since: '1h' })).toBe(false);
  });

  test('that cannot find anything is refused in words', () => {
    expect(() => recordQuery({ since: '1h', until: '2h' }, NOW)).toThrow('--since is later than --until');
    expect(() => recordQuery({ code: ['permision_denied'] }, NOW)).toThrow('one of unauthenticated');
    expect(() => recordQuery({ until: 'noon' }, NOW)).toThrow('--until takes');
  });
});
