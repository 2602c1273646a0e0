import type { AttemptRecord } from '../audit-record.ts';
import { PRODUCT } from './formatter.ts';
import { digest, inner, json, number, quoted, text } from './json-text.ts';
import { milliseconds } from './record-members.ts';
import type { WideRecord } from './wide-record.ts';

export function ocsfUser({ subject, roles }: AttemptRecord['principal']): string {
  const groups = roles.map((role) => `{"name":${quoted(role)},"type":"role"}`);
  return `,"user":{"name":${quoted(subject)},"groups":[${groups.join(',')}]}`;
}

export function ocsfService(name: string): string {
  return `,"service":{"name":${quoted(name)}}`;
}

/** What all classes have: times, status, and profile security_control. */
export function ocsfBase(record: WideRecord): string {
  const { refusal, error, durationMs, decision } = record;
  const time = milliseconds(record.time);
  return (
    number('time', time) +
    text('time_dt', record.time) +
    (durationMs === undefined ? '' : timesOf(time, Math.round(durationMs))) +
    text('status_code', refusal ?? (error === undefined ? undefined : String(error))) +
    POLICY +
    quoted(record.policy) +
    (decision === undefined ? '}' : `},"authorizations":[${authorizationOf(decision)}]`)
  );
}

const POLICY = `,"policy":{"name":"${PRODUCT}","is_applied":true,"uid":`;

function timesOf(time: number, duration: number): string {
  return number('start_time', time - duration) + number('end_time', time) + number('duration', duration);
}

function authorizationOf({ effect, rule, at }: NonNullable<WideRecord['decision']>): string {
  const policy = rule === undefined ? '' : `,"policy":{"name":${quoted(rule)}${text('desc', at)}}`;
  return `{"decision":${quoted(effect)}${policy}}`;
}

/** What has no place in any class, by the names of the record; `more` are further members. */
export function ocsfUnmapped(record: WideRecord, more = ''): string {
  return `,"unmapped":{"type":${quoted(record.type)}${unmappedMembers(record)}${more}}`;
}

function unmappedMembers(record: WideRecord): string {
  const { principal, durationMs, decision, error } = record;
  return (
    text('direction', record.direction) +
    text('kind', record.kind) +
    text('status', record.status) +
    (principal ? inner('principal', text('actor', principal.actor) + text('method', principal.method)) : '') +
    text('about', record.about) +
    (decision && decision.rule === undefined ? inner('decision', text('at', decision.at)) : '') +
    (Number.isInteger(error) ? '' : number('error', error)) +
    json('wouldRefuse', record.wouldRefuse) +
    number('filtered', record.filtered) +
    json('redacted', record.redacted) +
    json('wouldRedact', record.wouldRedact) +
    (Number.isInteger(durationMs) ? '' : number('durationMs', durationMs)) +
    text('event', record.event) +
    json('detail', record.detail)
  );
}

/** What only API Activity has a place for. */
export function ocsfUnmappedCall(record: WideRecord): string {
  const { error } = record;
  return (
    text('server', record.server) +
    text('method', record.method) +
    text('target', record.target) +
    text('refusal', record.refusal) +
    (Number.isInteger(error) ? number('error', error) : '') +
    digest('executed', record.executed) +
    digest('result', record.result)
  );
}
