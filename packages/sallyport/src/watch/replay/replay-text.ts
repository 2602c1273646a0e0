import { visible } from '@sallyport/audit';
import { severityStyle } from '../../rules/severity-style.ts';
import { style } from '../../terminal.ts';
import { type ReplayReport, type RuleRow, SEVERITIES } from './replay-report.ts';
import { terminalChart } from './terminal-chart.ts';
import type { TerminalLook } from './terminal-look.ts';
import { inWords, minuteOf } from './time-axis.ts';
import { counted, tidy } from './numbers.ts';
import { wrapped } from './wrapped.ts';

export interface ReplayResult {
  readonly report: ReplayReport;
  /** Whether a triage decided what would have been sent. */
  readonly hasTriage: boolean;
}

/** Days that are listed; of more, those with alerts, the newest. */
const MOST_DAYS = 31;
const INDENT = '  ';
const SEVERITY_WIDTH = 8;

/** What a replay tells, for people. */
export function replayText({ report, hasTriage }: ReplayResult, look: TerminalLook): string {
  if (report.records === 0) return nothing(report);
  const sections = [
    [...headline(report), ...triageLine(report, hasTriage)],
    terminalChart(report, look),
    ...(report.alertCount === 0 ? [] : [ruleTable(report, look), dayTable(report)]),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function nothing({ learned }: ReplayReport): string {
  return learned === 0
    ? 'Nothing to replay: there is no record.'
    : `Nothing to replay: there is no record in this time, and ${counted(learned, 'record')} before it.`;
}

function headline(report: ReplayReport): readonly string[] {
  const { alertCount, records, learned, from, to, rows, principalDays } = report;
  const told =
    alertCount === 0
      ? style.green('Nothing would have alerted.')
      : style.bold(
          `${counted(alertCount, 'alert')} by ${counted(rows.size, 'detector or rule', 'detectors and rules')}`,
        );
  return [
    told,
    `${counted(records, 'record')} from ${minuteOf(from)} to ${minuteOf(to)} UTC`,
    `${counted(principalDays, 'principal-day')} with calls`,
    ...(learned > 0 ? [`learned from ${counted(learned, 'record')} before`] : []),
    ...rateLine(report),
  ];
}

/** How many there are for how many people: what an analyst has to expect. */
function rateLine({ alertCount, rate, principalDays, rows }: ReplayReport): readonly string[] {
  if (alertCount === 0 || rate === undefined) return [];
  const learned = [...rows.values()]
    .filter(({ method }) => method === 'statistical')
    .reduce((sum, { alerts }) => sum + alerts, 0);
  const of = (alerts: number): string => tidy((alerts * 1000) / principalDays);
  return [
    `${tidy(rate)} alerts in 1,000 principal-days: ${of(learned)} by detectors, ${of(alertCount - learned)} by rules`,
  ];
}

function triageLine({ notices, fates, restricted }: ReplayReport, hasTriage: boolean): readonly string[] {
  if (!hasTriage) return [];
  const words = [...fates]
    .toSorted(([, a], [, b]) => b - a)
    .map(([fate, count]) => `${count} ${visible(fate)}`);
  const of = words.length === 0 ? '' : `: of the alerts ${words.join(', ')}`;
  const limits =
    restricted === 0 ? [] : [`${counted(restricted, 'alert')} would have restricted somebody or something`];
  return [`${counted(notices, 'notice')} would have been sent${of}`, ...limits];
}

function ruleTable(report: ReplayReport, { width, unicode }: TerminalLook): readonly string[] {
  const rows = report.sorted();
  const sameYear = minuteOf(report.from).slice(0, 4) === minuteOf(report.to).slice(0, 4);
  const when = (time: number): string => (sameYear ? minuteOf(time).slice(5) : minuteOf(time));
  const timeWidth = when(report.to).length;
  const fixed = INDENT.length + SEVERITY_WIDTH + 2 + 2 + 6 + 2 + 3 + 2 + timeWidth + 2 + timeWidth;
  const longest = rows.reduce((most, { name }) => Math.max(most, visible(name).length), 'rule'.length);
  const nameWidth = Math.max(10, Math.min(longest, width - fixed));
  const line = (row: readonly string[]): string => {
    const [severity = '', name = '', alerts = '', who = '', first = '', last = ''] = row;
    return [
      severity.padEnd(SEVERITY_WIDTH),
      shortened(name, nameWidth, unicode).padEnd(nameWidth),
      alerts.padStart(6),
      who.padStart(3),
      first.padEnd(timeWidth),
      last.padEnd(timeWidth),
    ].join('  ');
  };
  const head = line(['severity', 'rule', 'alerts', 'who', 'first', 'last']);
  return [
    style.bold('By rule') + style.dim(' (who: how many principals; below: the first one)'),
    style.dim(INDENT + head.trimEnd()),
    ...rows.flatMap((row) => {
      const cells = line([
        row.severity,
        visible(row.name),
        String(row.alerts),
        row.principals.size === 0 ? '-' : String(row.principals.size),
        when(row.first),
        when(row.last),
      ]);
      const painted = severityStyle(row.severity)(cells.slice(0, SEVERITY_WIDTH));
      return [
        `${INDENT}${painted}${cells.slice(SEVERITY_WIDTH)}`,
        ...wrapped(exampleOf(row), width - 12).map((text) => style.dim(`${' '.repeat(12)}${text}`)),
      ];
    }),
  ];
}

function exampleOf({ id, method, example }: RuleRow): string {
  const { subject, server, title } = example;
  const whose = subject === undefined ? server : `${subject} on ${server}`;
  return visible(`${method === 'statistical' ? `${id}, ` : ''}${whose}: ${title}`);
}

function dayTable({ days }: ReplayReport): readonly string[] {
  const all = days.buckets().map(({ from, counts }) => ({
    from,
    calls: counts.get('calls') ?? 0,
    alerts: SEVERITIES.map((severity) => counts.get(severity) ?? 0),
  }));
  const odd = all.filter(({ alerts }) => alerts.some((count) => count > 0));
  const shown = (all.length > MOST_DAYS ? odd : all).slice(-MOST_DAYS);
  const unit = inWords(days.step);
  const callWidth = shown.reduce((most, { calls }) => Math.max(most, String(calls).length), 'calls'.length);
  const left = odd.length - shown.filter((day) => odd.includes(day)).length;
  return [
    style.bold(`By ${unit}`) + style.dim(all.length > MOST_DAYS ? ' with alerts (UTC)' : ' (UTC)'),
    style.dim(`${INDENT}${unit.padEnd(10)}  ${'calls'.padStart(callWidth)}  ${SEVERITIES.join('  ')}`),
    ...shown.map(({ from, calls, alerts }) => {
      const cells = alerts.map((count, at) => {
        const severity = SEVERITIES[at] ?? 'low';
        const cell = (count === 0 ? '-' : String(count)).padStart(severity.length);
        return count === 0 ? style.dim(cell) : severityStyle(severity)(cell);
      });
      return `${INDENT}${minuteOf(from).slice(0, 10)}  ${String(calls).padStart(callWidth)}  ${cells.join('  ')}`;
    }),
    ...(left > 0
      ? [style.dim(`${INDENT}and ${counted(left, unit)} with alerts before; --json has them all`)]
      : []),
  ];
}

function shortened(text: string, width: number, unicode: boolean): string {
  if (text.length <= width) return text;
  const end = unicode ? '…' : '..';
  return `${text.slice(0, width - end.length)}${end}`;
}
