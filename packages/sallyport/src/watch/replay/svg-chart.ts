import { alertLanes, laneBands, laneRows } from './alert-lanes.ts';
import { ratePanel } from './rate-panel.ts';
import { counted, tidy } from './numbers.ts';
import type { Plot } from './plot.ts';
import type { ReplayReport } from './replay-report.ts';
import { legend } from './svg-legend.ts';
import { SVG_STYLE } from './svg-style.ts';
import { coordinate, xmlText } from './svg-text.ts';
import { minuteOf, type TimeSpan, timeGrid, timeTicks } from './time-axis.ts';

const WIDTH = 1100;
const LEFT = 230;
const RIGHT = 30;
const TOP = 100;
const RATES = 220;
const GAP = 40;
const LANE = 24;
const BOTTOM = 40;
/** One column of the rates. */
const COLUMN = 3;

/**
 * Calls and alerts over time as one SVG (SVG 2) that needs nothing else: no scripts, fonts or other files. Its colours follow
 * those of the reader; title and description say in words what it shows, and each mark what it is.
 */
export function svgChart(report: ReplayReport): string {
  const range: TimeSpan =
    report.records === 0 ? { from: 0, to: 0 } : { from: report.from, to: Math.max(report.to, report.from) };
  const width = WIDTH - LEFT - RIGHT;
  const grid = timeGrid(range, Math.floor(width / COLUMN), report.calls.step);
  const span = { from: grid.from, to: grid.from + grid.step * grid.count };
  const x = (time: number): number => LEFT + ((time - span.from) / (span.to - span.from)) * width;
  const rows = laneRows(report);
  const rates: Plot = { left: LEFT, width, top: TOP, height: RATES, x };
  const lanes: Plot = { ...rates, top: TOP + RATES + GAP, height: rows.length * LANE };
  const height = lanes.top + lanes.height + BOTTOM;
  const title = `Calls and alerts from ${minuteOf(range.from)} to ${minuteOf(range.to)} UTC`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${xmlText(title)}</title>`,
    `<desc id="desc">${xmlText(described(report))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="var(--paper)"/>`,
    `<text class="head" x="24" y="36">${xmlText(title)}</text>`,
    `<text class="soft" x="24" y="58">${xmlText(summary(report))}</text>`,
    legend(report, { x: LEFT, y: 82 }),
    ...laneBands(rows, lanes),
    ...timeAxis(span, rates, lanes),
    ...ratePanel(report, grid, rates),
    ...alertLanes(report, rows, lanes),
    '</svg>\n',
  ].join('\n');
}

function timeAxis(span: TimeSpan, rates: Plot, lanes: Plot): readonly string[] {
  const bottom = lanes.top + lanes.height;
  return timeTicks(span, 10).flatMap(({ time, label }) => {
    const x = coordinate(rates.x(time));
    const text = (y: number): string =>
      `<text class="soft" x="${x}" y="${y}" text-anchor="middle">${xmlText(label)}</text>`;
    return [
      `<path class="grid" d="M${x} ${rates.top}V${rates.top + rates.height + 5}"/>`,
      text(rates.top + rates.height + 20),
      ...(lanes.height === 0
        ? []
        : [`<path class="grid" d="M${x} ${lanes.top}V${bottom + 5}"/>`, text(bottom + 20)]),
    ];
  });
}

function summary({ records, alertCount, rows, principalDays, rate }: ReplayReport): string {
  const often = rate === undefined ? '' : `, ${tidy(rate)} in 1,000 principal-days`;
  const by =
    alertCount === 0 ? '' : ` by ${counted(rows.size, 'detector or rule', 'detectors and rules')}${often}`;
  return `${counted(records, 'record')}, ${counted(principalDays, 'principal-day')} with calls, ${counted(alertCount, 'alert')}${by}.`;
}

function described(report: ReplayReport): string {
  const rules = report
    .sorted()
    .slice(0, 40)
    .map(
      ({ name, severity, alerts, first, last }) =>
        `${name}, ${severity}: ${alerts}, from ${minuteOf(first)} to ${minuteOf(last)}`,
    );
  const told = rules.length === 0 ? 'No alerts.' : `Alerts: ${rules.join('; ')}.`;
  return `Above, calls over time, stacked: answered, ended with an error, refused. Below, a lane for each rule with a mark for its alerts. ${summary(report)} ${told}`;
}
