import { isJsonObject, type JsonObject } from '@sallyport/core';
import type { Restricted, Restriction } from './restriction.ts';
import type { ApprovableCall, Approval, ApprovalRequest, Restrictions } from './restrictions.ts';
import { isShortId } from './short-id.ts';

/** Where a text is not what was written: `restrictions[3].until is no time`. */
export class NotRestrictions extends Error {
  override readonly name = 'NotRestrictions';
}

/** What `toISOString` writes. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Reads what `writeRestrictions` wrote. Strict: what is not understood might restrict something.
 *
 * @throws NotRestrictions, with the place and without a value
 */
export function readRestrictions(text: string): Restrictions {
  const { v, restrictions, requests, approvals } = objectAt(parsed(text), 'it');
  if (v !== 1) throw new NotRestrictions('it is of a version that is not known here');
  return {
    restrictions: listAt(restrictions, 'restrictions', restrictionAt),
    requests: listAt(requests, 'requests', requestAt),
    approvals: listAt(approvals, 'approvals', approvalAt),
  };
}

export function writeRestrictions({ restrictions, requests, approvals }: Restrictions): string {
  return `${JSON.stringify({ v: 1, restrictions, requests, approvals }, undefined, 1)}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message would quote the text.
    throw new NotRestrictions('it is not JSON');
  }
}

function restrictionAt(given: JsonObject, at: string): Restriction {
  const { kind, alert, reason } = given;
  if (kind !== 'quarantine' && kind !== 'approval') throw new NotRestrictions(`${at}.kind is not known here`);
  return {
    id: idAt(given, at),
    kind,
    of: restrictedAt(objectAt(given['of'], `${at}.of`), `${at}.of`),
    since: timeAt(given, 'since', at),
    until: timeAt(given, 'until', at),
    ...(alert !== undefined && { alert: alertAt(objectAt(alert, `${at}.alert`), `${at}.alert`) }),
    ...(reason !== undefined && { reason: textAt(given, 'reason', at) }),
  };
}

/** One of the three forms and nothing else: a member that is overlooked would restrict more, or less. */
function restrictedAt(of: JsonObject, at: string): Restricted {
  switch (Object.keys(of).sort().join(' ')) {
    case 'subject':
      return { subject: textAt(of, 'subject', at) };
    case 'server':
      return { server: textAt(of, 'server', at) };
    case 'server target':
      return { server: textAt(of, 'server', at), target: textAt(of, 'target', at) };
    default:
      throw new NotRestrictions(`${at} is no subject, no server, and no target of a server`);
  }
}

function alertAt(given: JsonObject, at: string): NonNullable<Restriction['alert']> {
  const rule = objectAt(given['rule'], `${at}.rule`);
  return {
    id: textAt(given, 'id', at),
    title: textAt(given, 'title', at),
    rule: { id: textAt(rule, 'id', `${at}.rule`), name: textAt(rule, 'name', `${at}.rule`) },
  };
}

function requestAt(given: JsonObject, at: string): ApprovalRequest {
  return { id: idAt(given, at), time: timeAt(given, 'time', at), ...callAt(given, at) };
}

function approvalAt(given: JsonObject, at: string): Approval {
  const { any } = given;
  if (typeof any !== 'boolean') throw new NotRestrictions(`${at}.any is not true or false`);
  return { id: idAt(given, at), any, until: timeAt(given, 'until', at), ...callAt(given, at) };
}

function callAt(given: JsonObject, at: string): ApprovableCall {
  const sha256 = textAt(given, 'sha256', at);
  if (!SHA256.test(sha256)) throw new NotRestrictions(`${at}.sha256 is no SHA-256`);
  return {
    subject: textAt(given, 'subject', at),
    server: textAt(given, 'server', at),
    method: textAt(given, 'method', at),
    ...(given['target'] !== undefined && { target: textAt(given, 'target', at) }),
    sha256,
  };
}

function listAt<T>(given: unknown, at: string, read: (item: JsonObject, at: string) => T): T[] {
  if (!Array.isArray(given)) throw new NotRestrictions(`${at} is no list`);
  return given.map((item: unknown, index) => {
    const place = `${at}[${String(index)}]`;
    return read(objectAt(item, place), place);
  });
}

function objectAt(given: unknown, at: string): JsonObject {
  if (!isJsonObject(given)) throw new NotRestrictions(`${at} is no object`);
  return given;
}

function textAt(given: JsonObject, member: string, at: string): string {
  const text = given[member];
  if (typeof text !== 'string') throw new NotRestrictions(`${at}.${member} is no text`);
  return text;
}

function idAt({ id }: JsonObject, at: string): string {
  if (!isShortId(id)) throw new NotRestrictions(`${at}.id is no id`);
  return id;
}

function timeAt(given: JsonObject, member: string, at: string): string {
  const time = textAt(given, member, at);
  if (!TIME.test(time) || Number.isNaN(Date.parse(time)))
    throw new NotRestrictions(`${at}.${member} is no time such as 2026-01-31T10:00:00.000Z`);
  return time;
}
