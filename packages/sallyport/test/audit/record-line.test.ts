import type { AuditRecord, JournalEntry } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordLine } from '../../src/audit/record-line.ts';
import { shownLine } from '../../src/audit/shown-line.ts';
import { attempt, event, outcome, withoutColours } from './journal-bench.ts';

function shown(record: AuditRecord, several = false): string {
  const json = JSON.stringify(record);
  const line = { kind: 'record', journal: 'files/0', sequence: 0, time: 0, json, record } as const;
  return withoutColours(recordLine(line, several));
}

function shownEntry(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  const line = { kind: 'entry', journal: 'files/0', sequence: 0, time: 0, json, entry } as const;
  return withoutColours(recordLine(line, false));
}

describe('a record on a line', () => {
  test('says who, where, what, by which rule and how long', () => {
    expect(shown(outcome('r1'))).toBe(
      '2026-03-01T10:00:00.000Z  ok       alice  files  tools/call read_file  permit by readers read  12 ms',
    );
    expect(shown(attempt('a1'), true)).toBe(
      '2026-03-01T10:00:00.000Z  attempt  alice  files  tools/call read_file  [files/0]',
    );
    const denied = outcome('r1', {
      status: 'refused',
      refusal: 'permission_denied',
      decision: { effect: 'deny' },
    });
    expect(shown(denied)).toContain(
      'refused  alice  files  tools/call read_file  deny  permission_denied  12 ms',
    );
    expect(shown(event('e1', 'policy_reload_failed', { detail: { line: 3 } }))).toBe(
      '2026-03-01T10:00:00.000Z  event    files  policy_reload_failed  {"line":3}',
    );
  });

  test('says what a layer in audit mode would have done, and which error a server gave', () => {
    const wouldRefuse = [{ layer: 'rbac', code: 'permission_denied' }] as const;
    expect(shown(outcome('r1', { wouldRefuse }))).toContain('would refuse [{"layer":"rbac"');
    expect(shown(outcome('r1', { status: 'error', error: -32_603 }))).toContain('error -32603');
  });

  test('says for whom values are sealed, and makes up nothing for what is hidden', () => {
    const { principal: _principal, ...rest } = outcome('r1');
    const sealed = { v: 1, key: 'p1', data: 'AAEC' };
    const line = shown({ ...rest, sealed } as unknown as AuditRecord);
    expect(line).toContain('sealed for p1 (4 characters)');
    expect(shown({ ...rest, sealed: 'AAEC' } as unknown as AuditRecord)).toContain('sealed AAEC');
    expect(line).not.toContain('undefined');
  });

  test('says what the journal says itself in words', () => {
    const time = '2026-03-01T10:00:00.000Z';
    expect(shownEntry({ type: 'open', time, torn: 0 })).toBe(`${time}  journal  opened`);
    expect(shownEntry({ type: 'open', time, torn: 9 })).toContain('9 bytes of a crash were set aside');
    expect(shownEntry({ type: 'recovered', time, cause: 'ENOSPC', refused: 3, lost: 1 })).toContain(
      'after ENOSPC; 3 records were refused, 1 are lost',
    );
    expect(shownEntry({ type: 'prune', time, first: 7, segments: 1, bytes: 9, note: '' })).toContain(
      'records before 7 were removed',
    );
    const newer = { type: 'unheard\u001b[2J', time } as unknown as JournalEntry;
    expect(shownEntry(newer)).toBe(`${time}  journal  unheard␛001b[2J`);
  });

  test('is one line and moves no cursor, whatever a client or a server names things', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[2J', '\n', '\r', '\u009b1A', '\u202e', '\u001b]0;title\u0007'),
    );
    fc.assert(
      fc.property(text, text, text, (target, subject, server) => {
        const principal = { subject, roles: [], method: 'none' };
        const record = outcome('r1', {
          target,
          server,
          principal,
          decision: { effect: 'deny', rule: target },
        });
        expect(shown(record)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
        const line = {
          kind: 'record',
          journal: '.',
          sequence: 0,
          time: 0,
          json: JSON.stringify(record),
          record,
        } as const;
        const json = shownLine(line, { json: true, several: false });
        expect(json).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
        expect(JSON.parse(json)).toEqual(JSON.parse(line.json));
      }),
    );
  });

  test('of members that are not what they should be is still a line', () => {
    for (const strange of [null, 7, [], { a: 1 }, 'x']) {
      const record = {
        ...outcome('r1'),
        principal: strange,
        decision: strange,
        target: strange,
        durationMs: strange,
      };
      expect(shown(record as unknown as AuditRecord)).toContain('files');
    }
  });
});
