import type { AlertFacts } from '@sallyport/audit';
import { boundedName, isBoundedName } from '../response/bounded-name.ts';

const MOST_TITLE = 2048;

/**
 * An alert that has the types that it says, and a bounded size: what a journal holds was written by others, and names in it
 * may be anything.
 */
export function boundedAlert(alert: AlertFacts): AlertFacts {
  const { server, title, subject, target, records } = alert;
  if (
    isBoundedName(server) &&
    title.length <= MOST_TITLE &&
    (subject === undefined || isBoundedName(subject)) &&
    (target === undefined || isBoundedName(target)) &&
    records.every(isBoundedName)
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

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' ? boundedName(value) : undefined;
}

function withName<K extends 'subject' | 'target'>(member: K, value: unknown): { [member in K]?: string } {
  const name = nameOf(value);
  return name === undefined ? {} : ({ [member]: name } as { [member in K]: string });
}
