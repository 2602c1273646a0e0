import type { Severity } from './classification.ts';
import { type Formatter, type FormatterOptions, PRODUCT } from './formatter.ts';
import type { AlertMember, RecordMember } from './record-members.ts';
import type { Place } from './text-fields.ts';
import { textFormatter } from './text-formatter.ts';
import { escapedByNumber, INVISIBLE } from './visible-text.ts';

/** The length of the dictionary's custom strings, cs1 to cs6. */
const LONG = 4000;

/** In this order. The last one is never empty, because liblognorm refuses a line that ends with `key=`. */
const RECORD_PLACES: Readonly<Record<RecordMember, Place>> = {
  time: { key: 'rt' },
  type: { key: 'cat' },
  event: { key: 'sallyportEvent' },
  status: { key: 'outcome' },
  refusal: { key: 'reason' },
  'principal.subject': { key: 'suser' },
  'principal.roles': { key: 'spriv' },
  'principal.client': { key: 'requestClientApplication' },
  'principal.actor': custom('cs1', 'actor'),
  'principal.method': { key: 'sallyportAuthMethod' },
  about: { key: 'sallyportAbout' },
  server: { key: 'destinationServiceName' },
  method: { key: 'requestMethod' },
  target: custom('cs2', 'target'),
  'decision.rule': custom('cs3', 'rule'),
  'decision.effect': { key: 'sallyportEffect' },
  'decision.at': { key: 'sallyportRuleAt' },
  policy: custom('cs4', 'policySha256'),
  detail: custom('cs5', 'detail'),
  redacted: custom('cs6', 'redacted'),
  wouldRedact: { key: 'sallyportWouldRedact', limit: LONG },
  wouldRefuse: { key: 'sallyportWouldRefuse', limit: LONG },
  error: custom('cn1', 'jsonRpcError'),
  filtered: custom('cn2', 'filtered'),
  durationMs: custom('cfp1', 'durationMs'),
  direction: { key: 'sallyportDirection' },
  kind: { key: 'sallyportKind' },
  'arguments.sha256': { key: 'sallyportArgumentsSha256' },
  'arguments.bytes': { key: 'sallyportArgumentsBytes' },
  'executed.sha256': { key: 'sallyportExecutedSha256' },
  'executed.bytes': { key: 'sallyportExecutedBytes' },
  'result.sha256': { key: 'sallyportResultSha256' },
  'result.bytes': { key: 'sallyportResultBytes' },
  call: { key: 'sallyportCall' },
  id: { key: 'externalId' },
  v: { key: 'sallyportRecordVersion' },
};

const ALERT_PLACES: Readonly<Record<AlertMember, Place>> = {
  time: { key: 'rt' },
  title: { key: 'msg' },
  subject: { key: 'suser' },
  server: { key: 'destinationServiceName' },
  target: custom('cs2', 'target'),
  'rule.id': custom('cs3', 'rule'),
  'rule.name': custom('cs4', 'ruleName'),
  method: { key: 'sallyportDetection' },
  'measure.name': custom('cs1', 'measure'),
  'measure.observed': custom('cfp1', 'observed'),
  'measure.baseline': custom('cfp2', 'baseline'),
  records: custom('cs5', 'records'),
  runbook: custom('cs6', 'runbook'),
  id: { key: 'externalId' },
  quarantined: { key: 'sallyportQuarantined' },
};

/** CEF's 0 to 10: 0-3 is low, 4-6 medium, 7-8 high, 9-10 very high. */
const SEVERITY: Readonly<Record<Severity, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 };

const VALUE = new RegExp(String.raw`[\\=${INVISIBLE}]|^ | $`, 'gu');
const HEADER = new RegExp(String.raw`[\\|${INVISIBLE}]`, 'gu');

/**
 * Common Event Format, version 0 (ArcSight CEF Implementation Standard). The extension starts with a space, because
 * liblognorm 2.0.6 skips its first character; other parsers skip the space.
 */
export function cefFormatter({ productVersion }: FormatterOptions): Formatter {
  return textFormatter({
    name: 'cef',
    version: '0',
    head: ({ code, title = 'Alert', severity, action }) => {
      const header = ['CEF:0', PRODUCT, PRODUCT, productVersion, code, title, String(SEVERITY[severity])];
      return `${header.map(cefHeader).join('|')}|${action === undefined ? '' : ` act=${action}`}`;
    },
    grammar: { separator: ' ', escape: cefValue },
    record: RECORD_PLACES,
    alert: ALERT_PLACES,
  });
}

/** Escapes as the standard's chapter on character encoding says; what it has no escape for is made visible. */
function cefValue(text: string): string {
  return text.replace(VALUE, (character) => {
    switch (character) {
      case '\\':
      case '=':
        return `\\${character}`;
      case '\n':
        return String.raw`\n`;
      case '\r':
        return String.raw`\r`;
      default:
        return escapedByNumber(character);
    }
  });
}

function cefHeader(text: string): string {
  return text.replace(HEADER, (character) =>
    character === '\\' || character === '|' ? `\\${character}` : escapedByNumber(character),
  );
}

function custom(key: string, label: string): Place {
  return { key, label, limit: LONG };
}
