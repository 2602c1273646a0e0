import type { RevealedSecrets } from '@sallyport/core';
import { errorFields } from './error-fields.ts';
import type { LogEntry, LogLevel } from '@sallyport/core';

/** An entry as it may be shown, in the order of its line. */
export interface LineFields {
  readonly level: LogLevel;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly name: 'sallyport';
  readonly server: string;
  readonly event: string;
  readonly [detail: string]: unknown;
  readonly msg: string;
}

/** One line, with its end. */
export type LineFormat = (fields: LineFields) => string;

export interface Showing {
  /** The name by which the policy knows the guarded server. */
  readonly server: string;
  readonly revealed: RevealedSecrets;
  /** Whether errors say where they came from. */
  readonly withStack: boolean;
}

/** What is shown of an entry: every text passes `RevealedSecrets.conceal`. */
export function lineFields(
  { level, event, message, detail, error }: LogEntry,
  time: Date,
  { server, revealed, withStack }: Showing,
): LineFields {
  const shown = <T>(value: T): T | string => (typeof value === 'string' ? revealed.conceal(value) : value);
  const all = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, shown(value)]));
  let about: object = {};
  if (error !== undefined) {
    const { stack, ...said } = errorFields(error);
    about = { error: all(withStack && stack !== undefined ? { ...said, stack } : said) };
  }
  return {
    level,
    time: time.toISOString(),
    name: 'sallyport',
    server: revealed.conceal(server),
    event,
    ...(detail !== undefined && all(detail)),
    ...about,
    msg: revealed.conceal(message),
  };
}

/** For a process that ends before its logger is there. */
export const bareLine: LineFormat = (fields) => `${JSON.stringify(fields)}\n`;
