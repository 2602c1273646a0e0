import type { EventRecord, Journal, JournalEvent, ShipperEvent } from '@sallyport/audit';
import type { LogLevel } from '@sallyport/core';

/** What is said of something that happened to the trail itself. */
export interface Told {
  readonly event: EventRecord['event'];
  readonly detail: Readonly<Record<string, string | number>>;
  /** Undefined: only for the record. */
  readonly level: LogLevel | undefined;
  /** For the operational log. */
  readonly message: string;
  /** Only told: there is nothing that could record it. */
  readonly isUnrecorded?: boolean;
  /** May happen for every record that is shipped. */
  readonly often?: boolean;
}

export function toldOfJournal(event: JournalEvent): Told | undefined {
  switch (event.type) {
    case 'torn_tail':
      return {
        event: 'journal_repaired',
        level: 'warn',
        detail: { bytes: event.bytes },
        message: `a crash left ${event.bytes} bytes of a record in the audit journal; they were put aside`,
      };
    case 'stale_lock':
      return {
        event: 'journal_lock_replaced',
        level: 'warn',
        detail: {},
        message: 'the audit journal was locked by a process that is gone; its lock was replaced',
      };
    case 'broken':
      return {
        event: 'journal_failed',
        level: 'error',
        detail: {},
        message: `${event.error.message} Calls are refused until it can be.`,
        isUnrecorded: true,
      };
    case 'blocking':
      return {
        event: 'journal_failed',
        level: 'error',
        detail: { blockMs: event.ms },
        message: `${event.error.message} Calls wait up to ${event.ms} ms for it.`,
      };
    case 'dropping':
      return {
        event: 'journal_dropping',
        level: 'error',
        detail: {},
        message: `${event.error.message} The policy lets calls run unrecorded; they are counted.`,
      };
    case 'clock_stepped':
      return {
        event: 'clock_stepped',
        level: 'warn',
        detail: { ms: event.ms },
        message: `the clock was set by ${event.ms} ms`,
      };
    case 'recovered':
      return {
        event: 'journal_recovered',
        level: 'info',
        detail: { refused: event.refused, lost: event.lost },
        message: `the audit journal can be written again; ${event.refused} records were refused, ${event.lost} lost`,
      };
    case 'pruned':
      return {
        event: 'journal_pruned',
        level: 'info',
        detail: { first: event.first, segments: event.segments, bytes: event.bytes },
        message: `audit records before number ${event.first} were removed, as the policy says`,
      };
    case 'prune_failed':
      return {
        event: 'journal_prune_failed',
        level: 'error',
        detail: {},
        message: 'old audit records could not be removed',
      };
    case 'sign_failed':
      return {
        event: 'checkpoint_failed',
        level: 'error',
        detail: {},
        message: 'a checkpoint of the audit journal could not be signed',
      };
    case 'rotated':
    case 'push_failed':
      return undefined;
  }
}

/** What a journal says when it is opened: one event for each call that was cut off, and one line for all. */
export function* toldOfStart({
  adopted,
  unmatched,
  unmatchedMore,
}: Pick<Journal, 'adopted' | 'unmatched' | 'unmatchedMore'>): Generator<Told> {
  if (adopted > 0)
    yield {
      event: 'journal_adopted',
      level: 'warn',
      detail: { records: adopted },
      message: `the last ${adopted} records of the audit journal were not signed when it was opened; a crash leaves such, and so does whoever writes the folder`,
    };
  const count = unmatched.length + unmatchedMore;
  if (count === 0) return;
  const calls = count === 1 ? '1 call' : `${count} calls`;
  const message = `${calls} of an earlier process may have run, and have no outcome: sallyport audit search --event attempt_unmatched`;
  for (const [index, { call, method, server, time }] of unmatched.entries()) {
    const level = index === 0 ? 'warn' : undefined;
    yield { event: 'attempt_unmatched', detail: { call, method, on: server, since: time }, level, message };
  }
  if (unmatchedMore > 0) {
    const level = unmatched.length === 0 ? 'warn' : undefined;
    yield { event: 'attempt_unmatched', detail: { count: unmatchedMore }, level, message };
  }
}

export function toldOfSink(sink: string, event: ShipperEvent): Told | undefined {
  switch (event.type) {
    case 'breaker_opened':
      return {
        event: 'sink_failed',
        level: 'warn',
        detail: { sink, code: event.code },
        message: `audit sink ${sink} does not take records (${event.code}); they wait in the journal`,
      };
    case 'breaker_closed':
      return {
        event: 'sink_recovered',
        level: 'info',
        detail: { sink },
        message: `audit sink ${sink} takes records again`,
      };
    case 'dead_letter':
      return {
        event: 'sink_rejected',
        level: 'warn',
        detail: { sink, reason: event.reason },
        message: `audit sink ${sink} rejected a record (${event.reason}); it is in ${sink}.dead-letters`,
        often: true,
      };
    case 'dropped':
      return {
        event: 'sink_dropped',
        level: 'error',
        detail: { sink, why: event.why, first: event.first, last: event.last, records: event.records },
        message: `audit sink ${sink} does not get ${event.records} records (${event.why}); they are in the journal`,
        often: true,
      };
    case 'missing':
      return {
        event: 'sink_missed',
        level: 'error',
        detail: { sink, first: event.first, records: event.records },
        message: `audit sink ${sink} misses ${event.records} records that are gone from the journal`,
        often: true,
      };
    case 'unreadable':
      return {
        event: 'sink_unreadable',
        level: 'error',
        detail: { sink, first: event.first },
        message: `audit sink ${sink}: the journal cannot be read from record ${event.first} on; run sallyport audit verify`,
        often: true,
      };
    case 'disk_failed':
      return {
        event: 'sink_disk_failed',
        level: 'error',
        detail: { sink, what: event.what, code: event.code },
        message: `audit sink ${sink}: its ${event.what.replace('_', ' ')} cannot be read or written (${event.code})`,
        often: true,
      };
    case 'cursor_damaged':
      return {
        event: 'sink_cursor_damaged',
        level: 'warn',
        detail: { sink },
        message: `audit sink ${sink}: its cursor is damaged; every record is sent again`,
      };
    case 'send_failed':
    case 'reread':
      return undefined;
  }
}
