import type { AlertFacts } from '@sallyport/audit';
import type { NumberedNotice } from '../../src/sinks/alert-receiver.ts';
import type { Notice } from '../../src/triage/notice.ts';
import { alert } from '../triage/some-alerts.ts';

/** A notice with alerts `n-0`, `n-1` ... */
export function notice(n: number | string, over: Partial<Notice> = {}, count = 1): Notice {
  const alerts = Array.from({ length: count }, (_, index) => numbered(`${String(n)}-${String(index)}`));
  const [first = numbered(`${String(n)}-0`), ...rest] = alerts;
  return {
    id: first.id,
    group: 'a1b2c3d4'.repeat(4),
    alerts: [first, ...rest],
    repeated: 0,
    ...over,
  };
}

export function notices(from: number, to: number): Notice[] {
  return Array.from({ length: to - from }, (_, n) => notice(from + n));
}

/** A notice of one alert. */
export function of(one: AlertFacts, over: Partial<Notice> = {}): Notice {
  return { ...notice(0), id: one.id, alerts: [one], ...over };
}

export function sent(one: Notice, sequence = 1): NumberedNotice {
  return { ...one, sequence };
}

/** Names and titles that try to be something else. */
const HOSTILE: readonly string[] = [
  '<!channel> <!here|here> <@U012AB3CD> <#C123|general> <https://evil.example|click>',
  '@channel @all @here @alice',
  '*bold* _italic_ ~gone~ `code` ```\nblock\n``` [click](https://evil.example) ![x](http://x.example/y.png)',
  'https://evil.example www.evil.example &lt; &amp; "quotes" \\ \'',
  'line\r\nfeed\u0000\u0007\u202Eright-to-left\u2028\ud800lone',
  '', // nothing
  'x'.repeat(5000),
  '<&>'.repeat(2000),
  '😀'.repeat(1000),
  ']}{"text":"forged"}',
];

export function hostileAlerts(): AlertFacts[] {
  return HOSTILE.map((text, n) =>
    alert(n, {
      id: `hostile-${String(n)}`,
      title: text,
      subject: text,
      target: text,
      server: text,
      rule: { id: text, name: text },
      runbook: text,
      measure: { name: text, observed: 1, baseline: 0 },
      records: [text, text],
    }),
  );
}

function numbered(id: string): AlertFacts {
  return alert(0, { id, target: id, time: new Date().toISOString(), measure: MEASURE, runbook: RUNBOOK });
}

const MEASURE = { name: 'calls per minute', observed: 412, baseline: 30 };
const RUNBOOK = 'https://docs.example/runbooks/call-rate.md';
