import { ALERT_SEVERITY } from './alert-facts.ts';
import { type Action, classify, type Severity } from './classification.ts';
import type { Formatter } from './formatter.ts';
import { onceFor } from './once-for.ts';
import { ALERT_MEMBERS, type AlertMember, RECORD_MEMBERS, type RecordMember } from './record-members.ts';
import { type Place, textFields, type TextGrammar } from './text-fields.ts';

/** What the constant beginning of a line tells. */
interface TextHead {
  readonly code: string;
  /** Absent for an alert, whose title is a field. */
  readonly title?: string;
  readonly severity: Severity;
  readonly action?: Action | 'alerted' | 'quarantined';
}

interface TextFormat {
  readonly name: 'cef' | 'leef';
  readonly version: string;
  readonly head: (head: TextHead) => string;
  readonly grammar: TextGrammar;
  /** Where the members of a record stand, in this order. */
  readonly record: Readonly<Record<RecordMember, Place>>;
  /** Where the members of an alert stand, in this order. */
  readonly alert: Readonly<Record<AlertMember, Place>>;
}

/** A formatter of lines with a header and keys with values. */
export function textFormatter({ name, version, head, grammar, record, alert }: TextFormat): Formatter {
  const headOf = onceFor(head);
  const ofRecord = textFields(RECORD_MEMBERS, record, grammar);
  const ofAlert = textFields(ALERT_MEMBERS, alert, grammar);
  return {
    name,
    version,
    json: false,
    record: (from) => headOf(classify(from)) + ofRecord(from),
    alert: (from) => {
      const action = from.quarantined ? 'quarantined' : 'alerted';
      return head({ code: 'alert', severity: ALERT_SEVERITY[from.severity], action }) + ofAlert(from);
    },
  };
}
