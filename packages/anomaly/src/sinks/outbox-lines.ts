import { isCount, isList, isNotice, isObject } from '../triage/is-notice.ts';
import type { NumberedNotice } from './alert-receiver.ts';

/** What the lines of an outbox say, in order. */
export interface OutboxContent {
  /** Notices that are not done, oldest first. */
  readonly notices: Map<string, NumberedNotice>;
  /** Ids of those that are, oldest first. */
  readonly done: Set<string>;
  /** The number of the next alert. */
  next: number;
  /** Lines that nobody can read. */
  damaged: number;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The first line of a file that is written anew: what is known of notices that are done. */
export function headLine(next: number, done: Iterable<string>): string {
  return JSON.stringify({ v: 1, next, done: [...done] });
}

export function noticeLine(notice: NumberedNotice): string {
  return JSON.stringify({ put: notice });
}

export function doneLine(ids: readonly string[]): string {
  return JSON.stringify({ done: ids });
}

export function readOutbox(lines: readonly string[]): OutboxContent {
  const content: OutboxContent = { notices: new Map(), done: new Set(), next: 1, damaged: 0 };
  for (const line of lines) if (!readLine(line, content)) content.damaged += 1;
  return content;
}

function readLine(line: string, content: OutboxContent): boolean {
  const { notices, done } = content;
  const value = parsed(line);
  if (!isObject(value)) return false;
  const { put, done: ids, next } = value;
  if (put !== undefined) {
    if (!isNumberedNotice(put)) return false;
    // A line that is written twice says nothing new.
    if (!done.has(put.id)) notices.set(put.id, put);
    content.next = Math.max(content.next, put.sequence + put.alerts.length);
    return true;
  }
  if (!isList(ids, isText) || !(next === undefined || isCount(next))) return false;
  for (const id of ids) {
    notices.delete(id);
    done.add(id);
  }
  content.next = Math.max(content.next, next ?? 1);
  return true;
}

function isNumberedNotice(value: unknown): value is NumberedNotice {
  return isNotice(value) && isCount((value as { readonly sequence?: unknown }).sequence);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
