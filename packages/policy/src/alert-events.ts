import type { LookoutTrouble, RaisedAlert, RestrictionChange } from '@sallyport/anomaly';
import { isPseudonym } from '@sallyport/audit/recording';
import type { Told } from './trail-events.ts';

/** What is said of an alert. Who it is about stands in its records, by their ids; names that records have are not repeated. */
export function toldOfAlert({ alert, fate, reason, response }: RaisedAlert): Told {
  const { id, rule, severity, server, title, subject, target } = alert;
  const about = { ...(subject !== undefined && { subject }), ...(target !== undefined && { target }) };
  const isTold = fate === 'told' || fate === 'held';
  return {
    event: fate === 'suppressed' ? 'alert_suppressed' : 'alert_raised',
    level: isTold ? 'warn' : undefined,
    detail: {
      alert: id,
      rule: rule.id,
      name: rule.name,
      severity,
      on: server,
      fate,
      ...about,
      ...(reason !== undefined && { reason }),
      ...(response !== undefined && { response: response.kind }),
    },
    message: `${severity} alert on ${server}, ${rule.name}: ${title}`,
  };
}

const WORDS: Readonly<Record<RestrictionChange['change'], string>> = {
  began: 'began',
  prolonged: 'goes on for longer',
  shortened: 'ends sooner',
  lifted: 'was lifted',
  ended: 'is over',
};

/** @param namesSubjects whether records of this policy show people by their names */
export function toldOfRestriction(
  { change, restriction }: RestrictionChange,
  { namesSubjects }: { readonly namesSubjects: boolean },
): Told {
  const { id, kind, of, until, alert } = restriction;
  const isShown = !('subject' in of) || namesSubjects || isPseudonym(of.subject);
  return {
    event: EVENTS[change],
    level: change === 'ended' ? 'info' : 'warn',
    detail: {
      restriction: id,
      kind,
      until,
      ...(isShown && of),
      ...(change === 'shortened' && { change }),
      ...(alert !== undefined && { alert: alert.id, rule: alert.rule.id }),
    },
    message: `${kind} ${id} ${WORDS[change]}${change === 'ended' || change === 'lifted' ? '' : `, until ${until}`}`,
  };
}

const EVENTS: Readonly<Record<RestrictionChange['change'], Told['event']>> = {
  began: 'restriction_began',
  prolonged: 'restriction_prolonged',
  shortened: 'restriction_prolonged',
  lifted: 'restriction_lifted',
  ended: 'restriction_ended',
};

export function toldOfTrouble(trouble: LookoutTrouble): Told {
  switch (trouble.type) {
    case 'unread': {
      const { problem } = trouble;
      return {
        event: 'watch_failed',
        level: 'error',
        detail: { what: 'records', journal: problem.journal, why: problem.why },
        message: `the watch misses records of the journal ${problem.journal} (${problem.why}); run sallyport audit verify`,
        often: true,
      };
    }
    case 'failed':
      return {
        event: 'watch_failed',
        level: 'error',
        detail: { what: trouble.what, code: trouble.code },
        message: `the watch cannot read or write its ${trouble.what} (${trouble.code}), and tries again`,
        often: true,
      };
    case 'state_damaged':
      return {
        event: 'watch_failed',
        level: 'error',
        detail: { what: 'state_damaged' },
        message: `what the watch had learned cannot be read: ${trouble.why}; it learns from the journals again, and the file is kept as ${trouble.file}`,
      };
    case 'refused':
      if (trouble.isFinal === true) return toldOfNoRestriction(trouble.code);
      return {
        event: 'watch_failed',
        level: 'error',
        detail: { what: trouble.what, code: trouble.code },
        message: `the watch cannot hand on a ${trouble.what} (${trouble.code}), and tries again`,
        often: true,
      };
    case 'lock_lost':
      return {
        event: 'watch_failed',
        level: 'warn',
        detail: { what: 'lock_lost' },
        message: 'somebody removed the lock of the watch; whichever process takes it next goes on',
        often: true,
      };
  }
}

/** Records that came faster than they could be looked at. */
export function toldOfDropped(records: number): Told {
  return {
    event: 'watch_failed',
    level: 'error',
    detail: { what: 'records', why: 'dropped', records },
    message: `the watch did not look at ${records} records, which came faster than it could; a journal lets it catch up`,
  };
}

/** What became of restrictions could not be noted. */
export function toldOfTeller(code: string): Told {
  return {
    event: 'watch_failed',
    level: 'error',
    detail: { what: 'restrictions', code },
    message: `what was told of restrictions cannot be read or noted (${code}); some of it may be recorded twice`,
    often: true,
  };
}

/** An alert that should have restricted something, and only tells. */
function toldOfNoRestriction(code: string): Told {
  const why =
    code === 'full'
      ? 'there is no room for another restriction; lift some with "sallyport quarantine lift"'
      : 'a rule wanted to restrict more than it may in an hour; its alerts are told, and restrict nothing';
  return {
    event: 'watch_failed',
    level: 'error',
    detail: { what: 'restriction', code },
    message: why,
    often: true,
  };
}
