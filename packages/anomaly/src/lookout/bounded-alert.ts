import type { AlertFacts } from '@sallyport/audit';

/** Names in records are as long as their senders like. */
const MOST_NAME = 4096;
const MOST_TITLE = 2048;

/**
 * An alert that has the types that it says, and a bounded size: what a journal holds was written by others, and names in it
 * may be anything.
 */
export function boundedAlert(alert: AlertFacts): AlertFacts {
  const { server, title, subject, target, records } = alert;
  if (
    isName(server) &&
    title.length <= MOST_TITLE &&
    (subject === undefined || isName(subject)) &&
    (target === undefined || isName(target)) &&
    records.every(isName)
  )
    return alert;
  const { subject: _subject, target: _target, ...rest } = alert;
  return {
    ...rest,
    server: nameOf(server) ?? '',
    title: title.slice(0, MOST_TITLE),
    ...withName('subject', subject),
    ...withName('target', target),
    records: (records as readonly unknown[]).flatMap((id) => nameOf(id) ?? []),
  };
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MOST_NAME;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MOST_NAME) : undefined;
}

function withName<K extends 'subject' | 'target'>(member: K, value: unknown): { [member in K]?: string } {
  const name = nameOf(value);
  return name === undefined ? {} : ({ [member]: name } as { [member in K]: string });
}
