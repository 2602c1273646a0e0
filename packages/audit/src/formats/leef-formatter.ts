import type { Severity } from './classification.ts';
import { type Formatter, type FormatterOptions, PRODUCT } from './formatter.ts';
import type { AlertMember, RecordMember } from './record-members.ts';
import type { Place } from './text-fields.ts';
import { textFormatter } from './text-formatter.ts';
import { escapedByNumber, INVISIBLE } from './visible-text.ts';

/** Where there is no predefined attribute, the member's own name with a capital instead of each point. */
const RECORD_PLACES: Readonly<Record<RecordMember, Place>> = {
  time: { key: 'devTime' },
  type: { key: 'cat' },
  event: { key: 'event' },
  status: { key: 'status' },
  refusal: { key: 'refusal' },
  'principal.subject': { key: 'usrName', limit: 255 },
  'principal.roles': { key: 'role' },
  'principal.client': { key: 'principalClient' },
  'principal.actor': { key: 'principalActor' },
  'principal.method': { key: 'principalMethod' },
  about: { key: 'about' },
  server: { key: 'server' },
  method: { key: 'method' },
  target: { key: 'resource' },
  'decision.rule': { key: 'decisionRule' },
  'decision.effect': { key: 'decisionEffect' },
  'decision.at': { key: 'decisionAt' },
  policy: { key: 'policy' },
  detail: { key: 'detail' },
  redacted: { key: 'redacted' },
  wouldRedact: { key: 'wouldRedact' },
  wouldRefuse: { key: 'wouldRefuse' },
  error: { key: 'error' },
  filtered: { key: 'filtered' },
  durationMs: { key: 'durationMs' },
  direction: { key: 'direction' },
  kind: { key: 'kind' },
  'arguments.sha256': { key: 'argumentsSha256' },
  'arguments.bytes': { key: 'argumentsBytes' },
  'executed.sha256': { key: 'executedSha256' },
  'executed.bytes': { key: 'executedBytes' },
  'result.sha256': { key: 'resultSha256' },
  'result.bytes': { key: 'resultBytes' },
  call: { key: 'call' },
  id: { key: 'recordId' },
  v: { key: 'recordVersion' },
};

const ALERT_PLACES: Readonly<Record<AlertMember, Place>> = {
  time: { key: 'devTime' },
  title: { key: 'msg' },
  subject: { key: 'usrName', limit: 255 },
  server: { key: 'server' },
  target: { key: 'resource' },
  'rule.id': { key: 'ruleId' },
  'rule.name': { key: 'ruleName' },
  method: { key: 'detection' },
  'measure.name': { key: 'measure' },
  'measure.observed': { key: 'observed' },
  'measure.baseline': { key: 'baseline' },
  records: { key: 'records' },
  runbook: { key: 'runbook' },
  id: { key: 'alertId' },
  quarantined: { key: 'quarantined' },
};

/** LEEF's 1 to 10. */
const SEVERITY: Readonly<Record<Severity, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 };

/**
 * The delimiter, which survives relays that rewrite tabs; at the end a backslash, which lenient parsers read as an escape
 * of the delimiter; in front a quotation mark, which they read up to the next one.
 */
const VALUE = new RegExp(String.raw`[\^${INVISIBLE}]|\\$|^["' ]| $`, 'gu');
const HEADER = new RegExp(String.raw`[\^|\\${INVISIBLE}]`, 'gu');

/** IBM's Log Event Extended Format 2.0, with `^` as delimiter. It has no escapes, so that all is by number. */
export function leefFormatter({ productVersion }: FormatterOptions): Formatter {
  return textFormatter({
    name: 'leef',
    version: '2.0',
    head: ({ code, title, severity, action }) => {
      const header = ['LEEF:2.0', PRODUCT, PRODUCT, productVersion, code].map((text) =>
        escaped(HEADER, text),
      );
      const said = `${title === undefined ? '' : `^msg=${title}`}${action === undefined ? '' : `^action=${action}`}`;
      return `${header.join('|')}|^|sev=${SEVERITY[severity]}${said}`;
    },
    grammar: { separator: '^', escape: (text) => escaped(VALUE, text) },
    record: RECORD_PLACES,
    alert: ALERT_PLACES,
  });
}

function escaped(unsafe: RegExp, text: string): string {
  return text.replace(unsafe, escapedByNumber);
}
