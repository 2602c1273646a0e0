import type { AlertFacts } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counted, niceMost, shortNumber, tidy } from '../src/watch/replay/numbers.ts';
import { PrincipalDays } from '../src/watch/replay/principal-days.ts';
import { replayJson } from '../src/watch/replay/replay-json.ts';
import { ReplayReport } from '../src/watch/replay/replay-report.ts';
import { replayText } from '../src/watch/replay/replay-text.ts';
import { svgChart } from '../src/watch/replay/svg-chart.ts';
import { terminalChart } from '../src/watch/replay/terminal-chart.ts';
import { terminalLook } from '../src/watch/replay/terminal-look.ts';
import { inWords, timeGrid, timeTicks } from '../src/watch/replay/time-axis.ts';
import { TimeCounts } from '../src/watch/replay/time-counts.ts';
import { wrapped } from '../src/watch/replay/wrapped.ts';
import { outcome, withoutColours } from './audit/journal-bench.ts';

const MONDAY = Date.parse('2026-03-02T00:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOSTILE = '"><script>alert(1)</script>&amp;\u001B[2J\uFFFF\uD800 ]]> \u202E';

function alertAt(time: number, over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    id: `alert-${time}`,
    time: new Date(time).toISOString(),
    server: 'clinic',
    title: '12 calls in a minute, where 3 are usual and more than 9 is odd.',
    severity: 'high',
    rule: { id: 'call-rate', name: 'Unusually many calls' },
    method: 'statistical',
    subject: 'ann',
    records: ['r1'],
    quarantined: false,
    ...over,
  };
}

function reportOf(calls: readonly number[], alerts: readonly AlertFacts[] = [], fate = 'told'): ReplayReport {
  const report = new ReplayReport();
  for (const time of calls) report.saw(outcome(`r${time}`, { time: new Date(time).toISOString() }), time);
  for (const alert of alerts) report.raised({ alert, fate, notices: [] });
  return report;
}

const everyHour = (days: number): number[] =>
  Array.from({ length: days * 24 }, (_, hour) => MONDAY + hour * HOUR);
const moment = fc.integer({ min: 0, max: Date.parse('2100-01-01') });

describe('counts by time', () => {
  const entries = fc.array(fc.tuple(moment, fc.constantFrom('ok', 'error')), { maxLength: 200 });

  test('lose nothing, and never grow over their limit', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 20, max: 60 }), (all, most) => {
        const counts = new TimeCounts({ most });
        for (const [time, name] of all) counts.add(time, name);
        const buckets = counts.buckets();
        const total = buckets.flatMap((bucket) => [...bucket.counts.values()]).reduce((a, b) => a + b, 0);
        expect(total).toBe(all.length);
        // Even in years, a century has more than the least limits here.
        if (counts.step < 364 * DAY)
          expect(buckets.reduce((sum, bucket) => sum + bucket.counts.size, 0)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('are the same, whether put together while counting or afterwards', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const few = new TimeCounts({ most: 10 });
        const many = new TimeCounts();
        for (const [time, name] of all) {
          few.add(time, name);
          many.add(time, name);
        }
        expect(few.buckets()).toEqual(many.buckets(few.step));
      }),
    );
  });
});

describe('an axis of time', () => {
  const spans = fc.tuple(moment, fc.integer({ min: 0, max: 20 * 365 * DAY }));

  test('has stretches that cover the whole range, no more than there is room for', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 10, max: 300 }), ([from, length], most) => {
        const { from: start, step, count } = timeGrid({ from, to: from + length }, most, 1000);
        expect(start).toBeLessThanOrEqual(from);
        expect(start + step * count).toBeGreaterThan(from + length);
        expect(count).toBeLessThanOrEqual(most + 1);
        expect(step % 1000).toBe(0);
      }),
    );
  });

  test('has marks within the range, in order, no more than there is room for, and none twice', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 20 }), ([from, length], most) => {
        const ticks = timeTicks({ from, to: from + length }, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const [n, { time, label }] of ticks.entries()) {
          expect(time).toBeGreaterThanOrEqual(from);
          expect(time).toBeLessThanOrEqual(from + length);
          expect(time).toBeGreaterThan(ticks[n - 1]?.time ?? -1);
          expect(label).toMatch(/^(\d\d:\d\d(:\d\d)?|[A-Z][a-z]{2} \d{1,2}|[A-Z][a-z]{2} \d{4}|\d{4})$/);
        }
      }),
    );
  });

  test.each([
    [2 * HOUR, 9, 'Mar 2 00:15 00:30 00:45 01:00 01:15 01:30 01:45 02:00'],
    [2 * DAY, 5, 'Mar 2 12:00 Mar 3 12:00 Mar 4'],
    [28 * DAY, 5, 'Mar 2 Mar 9 Mar 16 Mar 23 Mar 30'],
    [300 * DAY, 4, 'Apr 2026 Jul 2026 Oct 2026'],
    [3 * 365 * DAY, 4, '2027 2028 2029'],
  ])('marks %i ms as people would', (length, most, labels) => {
    const ticks = timeTicks({ from: MONDAY, to: MONDAY + length }, most);
    expect(ticks.map(({ label }) => label).join(' ')).toBe(labels);
  });

  test.each([
    [1000, 'second'],
    [15 * 60_000, '15 minutes'],
    [6 * HOUR, '6 hours'],
    [DAY, 'day'],
    [14 * DAY, '2 weeks'],
  ])('says %i ms in words', (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});

describe('numbers for people', () => {
  test('end an axis at one that is easy to read and not less', () => {
    expect([0, 1, 7, 9, 11, 130, 2600, 86_000].map(niceMost)).toEqual([1, 1, 8, 10, 15, 150, 3000, 100_000]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => niceMost(n) >= n && niceMost(n) <= 2 * n));
  });

  test('are short', () => {
    expect([0, 950, 1500, 2_000_000, 3e9].map(shortNumber)).toEqual(['0', '950', '1.5k', '2M', '3G']);
    expect([0.1234, 12.34, 521.3, 12_345].map(tidy)).toEqual(['0.12', '12', '521', '12,345']);
    expect(counted(1, 'alert') + counted(1204, 'alert')).toBe('1 alert1,204 alerts');
  });
});

test('principal-days count each principal once a day', () => {
  const days = new PrincipalDays();
  for (const [day, who] of [
    [0, 'ann'],
    [0, 'ann'],
    [0, 'bob'],
    [1, 'ann'],
    [0, 'ann'],
    [2, 'bob'],
  ] as const)
    days.add(day * DAY, who);
  expect(days.count).toBe(4);
});

describe('the text', () => {
  const look = { width: 80, unicode: true };
  const text = (report: ReplayReport, hasTriage = false): string =>
    withoutColours(replayText({ report, hasTriage }, look));

  test('says plainly that there is nothing, and from when to when nothing would have alerted', () => {
    expect(text(new ReplayReport())).toBe('Nothing to replay: there is no record.');
    const quiet = text(reportOf(everyHour(2)));
    expect(quiet).toContain(
      'Nothing would have alerted.\n48 records from 2026-03-02 00:00 to 2026-03-03 23:00',
    );
    expect(quiet).not.toContain('By rule');
  });

  test('has a row for each rule: how grave, how often, whom, first, last, and the first sentence', () => {
    const alerts = [
      alertAt(MONDAY + HOUR),
      alertAt(MONDAY + DAY, { subject: 'bob' }),
      alertAt(MONDAY + 2 * HOUR, {
        severity: 'low',
        rule: { id: 'x', name: 'A rule' },
        method: 'rule',
        title: 'A rule: a call was answered.',
      }),
    ];
    const shown = text(reportOf(everyHour(3), alerts));
    expect(shown).toMatch(/^3 alerts by 2 detectors and rules\n72 records/);
    expect(shown).toContain(
      '3 principal-days with calls\n1,000 alerts in 1,000 principal-days: 667 by detectors, 333 by rules',
    );
    expect(shown).toMatch(/high {6}Unusually many calls +2 {4}2 {2}03-02 01:00 {2}03-03 00:00\n/);
    expect(shown).toMatch(/ {12}call-rate, ann on clinic: 12 calls in a minute/);
    expect(shown).toMatch(/low {7}A rule +1 {4}1 /);
    expect(shown).toMatch(/2026-03-02 {5}24 {9}- {5}1 {7}- {4}1\n/);
  });

  test('says what grouping and suppression would have left', () => {
    const report = reportOf(everyHour(1), [alertAt(MONDAY), alertAt(MONDAY + 1)], 'repeated');
    report.notices = 1;
    expect(text(report, true)).toContain('1 notice would have been sent: of the alerts 2 repeated');
  });

  test('fits its terminal, whatever stands in names', () => {
    const names = fc.oneof(fc.string({ maxLength: 120 }), fc.constant(HOSTILE));
    fc.assert(
      fc.property(
        names,
        names,
        fc.integer({ min: 72, max: 200 }),
        fc.boolean(),
        (name, title, width, unicode) => {
          const report = reportOf(everyHour(40), [
            alertAt(MONDAY + DAY, { title, subject: name, rule: { id: 'x', name } }),
          ]);
          const shown = withoutColours(replayText({ report, hasTriage: false }, { width, unicode }));
          for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
          expect(shown).not.toContain('\u001B');
        },
      ),
    );
  });
});

describe('the chart in a terminal', () => {
  test('has columns as high as there are calls, and alerts under their time', () => {
    const calls = [0, 1, 1, 1, 1, 3, 3].map((hour, n) => MONDAY + hour * HOUR + n);
    const chart = terminalChart(reportOf(calls, [alertAt(MONDAY + 3 * HOUR)]), { width: 60, unicode: true });
    const lines = chart.map(withoutColours);
    expect(lines[0]).toBe('Calls per 5 minutes, and alerts under them (UTC)');
    expect(lines.at(-4)?.slice(0, 23)).toMatch(/^ {9}│█ {11}█/);
    expect(lines.at(-1)?.trimEnd()).toBe(`    high │${'·'.repeat(36)}●`);
  });

  test('is plain ASCII where there is no UTF-8', () => {
    const report = reportOf(everyHour(20), [alertAt(MONDAY), alertAt(MONDAY + 1), alertAt(MONDAY + DAY)]);
    const lines = terminalChart(report, { width: 80, unicode: false }).map(withoutColours);
    expect(lines.join('')).toMatch(/^[ -~]+$/);
    expect(lines.at(-1)).toMatch(/high \|2 +o$/);
  });

  test.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, false],
    [{}, false],
  ])('knows from %j what is shown', (env, unicode) => {
    expect(terminalLook({}, env)).toEqual({ width: 80, unicode });
  });

  test('is as wide as the terminal, within what can be read', () => {
    const widths = [undefined, 20, 100, 900].map(
      (columns) => terminalLook({ ...(columns && { columns }) }, {}).width,
    );
    expect(widths).toEqual([80, 72, 100, 200]);
    expect(terminalLook({}, { COLUMNS: '140' }).width).toBe(140);
  });
});

describe('the SVG', () => {
  test('is well-formed, whatever stands in names, and holds nothing that runs or is fetched', () => {
    const names = fc.oneof(fc.string(), fc.constant(HOSTILE));
    fc.assert(
      fc.property(names, names, names, (name, title, subject) => {
        const svg = svgChart(
          reportOf(everyHour(3), [alertAt(MONDAY, { title, subject, rule: { id: name, name } })]),
        );
        expect(unclosed(svg)).toEqual([]);
        expect(svg).not.toMatch(/<script|<image|<foreignObject|href=|url\(|@import/i);
        expect(svg).not.toMatch(/[^\n\P{Cc}]|[\uFFFE\uFFFF]/u);
      }),
    );
  });

  test('says in words what it shows', () => {
    const svg = svgChart(reportOf(everyHour(3), [alertAt(MONDAY + DAY)]));
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toMatch(/<title id="title">Calls and alerts from 2026-03-02 00:00 to 2026-03-04 23:00 UTC</);
    expect(svg).toMatch(/<desc id="desc">.*Unusually many calls, high: 1, from 2026-03-03 00:00/);
    expect(svg).toContain('<title>2026-03-03 00:00 UTC, ann on clinic: 12 calls in a minute');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  test('makes one mark of alerts that stand together, and keeps every lane in the drawing', () => {
    const alerts = Array.from({ length: 60 }, (_, n) =>
      alertAt(MONDAY + n, { rule: { id: `rule-${n % 50}`, name: `Rule ${n % 50}` } }),
    );
    const svg = svgChart(reportOf(everyHour(3), alerts));
    expect(svg).toContain('<title>2 times Rule 3, ');
    expect(svg).toContain('and 10 rules more');
    const height = Number(/viewBox="0 0 1100 (\d+)"/.exec(svg)?.[1]);
    for (const [, y] of svg.matchAll(/ y="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
  });

  test('is drawn of nothing, of one moment and of many years', () => {
    const spans = [[], [MONDAY], [0, MONDAY], [MONDAY, MONDAY + 1]];
    for (const calls of spans) {
      const svg = svgChart(reportOf(calls));
      expect(unclosed(svg)).toEqual([]);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).toContain('no alerts');
    }
  });
});

describe('the JSON', () => {
  test('has the counts of all, and the first alerts whole', () => {
    const alerts = Array.from({ length: 5010 }, (_, n) => alertAt(MONDAY + n));
    const json = replayJson({ report: reportOf(everyHour(2), alerts), hasTriage: false });
    expect(json).toMatchObject({
      records: 48,
      from: '2026-03-02T00:00:00.000Z',
      principalDays: 2,
      alerts: { total: 5010, per1000PrincipalDays: 2_505_000, bySeverity: { critical: 0, high: 5010 } },
      rules: [{ id: 'call-rate', alerts: 5010, principals: 1, severity: 'high' }],
      days: {
        stepMs: DAY,
        counts: [{ from: '2026-03-02T00:00:00.000Z', calls: 24, high: 5010 }, { calls: 24 }],
      },
      leftOut: 10,
    });
    expect(json).not.toHaveProperty('triage');
  });
});

test('a text is broken between words, and loses none', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/)),
      fc.integer({ min: 5, max: 40 }),
      (words, width) => {
        const lines = wrapped(words.join(' '), width);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      },
    ),
  );
});

/** Tags of a document that are not closed, or close another one; and what is no tag and no text. */
function unclosed(xml: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, close, name = '', self] of xml.matchAll(
    /<(\/?)([A-Za-z]*)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>|<|&(?!(?:amp|lt|gt|quot|#39);)/g,
  )) {
    if (tag === '<' || tag.startsWith('&')) wrong.push(tag);
    else if (close === '/') {
      if (open.pop() !== name) wrong.push(tag);
    } else if (self !== '/') open.push(name);
  }
  return [...open, ...wrong];
}
