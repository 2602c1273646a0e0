import type { AlertFacts } from '@sallyport/audit';
import { severityStyle } from '../../rules/severity-style.ts';
import { style } from '../../terminal.ts';
import { type ReplayReport, SEVERITIES } from './replay-report.ts';
import type { TerminalLook } from './terminal-look.ts';
import { niceMost, shortNumber } from './numbers.ts';
import { inWords, type TimeGrid, timeGrid, timeTicks } from './time-axis.ts';

const HEIGHT = 8;
/** For numbers and severities at the left. */
const GUTTER = 9;
/** `Jan 26` with a space or two; of months and seconds, `Jan 2026` and `10:15:30`. */
const TICK_WIDTH = 8;
const WIDE_TICK_WIDTH = 11;

const MINUTE = 60_000;
const QUARTER = 90 * 86_400_000;

interface Signs {
  /** From low to full. */
  readonly blocks: string;
  readonly wall: string;
  readonly corner: string;
  readonly floor: string;
  readonly tick: string;
  readonly one: string;
  readonly none: string;
}
const UNICODE: Signs = {
  blocks: '▁▂▃▄▅▆▇█',
  wall: '│',
  corner: '└',
  floor: '─',
  tick: '┬',
  one: '●',
  none: '·',
};
const ASCII: Signs = { blocks: '.:#', wall: '|', corner: '+', floor: '-', tick: '+', one: 'o', none: ' ' };

/** Calls over time as columns, and under them the alerts of each severity: a dot for one, a number for several. */
export function terminalChart(report: ReplayReport, { width, unicode }: TerminalLook): readonly string[] {
  const signs = unicode ? UNICODE : ASCII;
  const grid = timeGrid(report, width - GUTTER - 2, Math.max(report.calls.step, report.marks.step));
  const calls = callsIn(report, grid);
  const most = niceMost(calls.reduce((high, count) => Math.max(high, count), 0));
  return [
    style.bold(`Calls per ${inWords(grid.step)}`) + style.dim(', and alerts under them (UTC)'),
    ...columnLines(calls, most, signs),
    ...axisLines(grid, signs),
    ...alertLines(report, grid, signs),
  ];
}

function callsIn(report: ReplayReport, grid: TimeGrid): readonly number[] {
  const calls = Array.from({ length: grid.count }, () => 0);
  for (const { from, counts } of report.calls.buckets(grid.step)) {
    const at = placeIn(grid, from);
    for (const count of counts.values()) calls[at] = (calls[at] ?? 0) + count;
  }
  return calls;
}

function columnLines(calls: readonly number[], most: number, { blocks, wall }: Signs): readonly string[] {
  return Array.from({ length: HEIGHT }, (_, row) => {
    const below = HEIGHT - 1 - row;
    const cells = calls.map((count) => {
      const full = (count / most) * HEIGHT - below;
      if (full <= 0) return ' ';
      // What was counted shows, however little it is.
      return blocks[Math.max(0, Math.min(blocks.length, Math.round(full * blocks.length)) - 1)] ?? ' ';
    });
    const label = row === 0 ? most : row === HEIGHT / 2 ? most / 2 : undefined;
    const shown = label === undefined ? '' : shortNumber(label);
    return `${style.dim(`${shown.padStart(GUTTER - 1)} ${wall}`)}${style.cyan(cells.join('').trimEnd())}`;
  });
}

function axisLines(grid: TimeGrid, { corner, floor, tick }: Signs): readonly string[] {
  const to = grid.from + grid.step * grid.count - 1;
  const isUsual = grid.step >= MINUTE && to - grid.from < QUARTER;
  const width = isUsual ? TICK_WIDTH : WIDE_TICK_WIDTH;
  const line = Array.from({ length: grid.count }, () => floor);
  const labels = Array.from({ length: grid.count + width }, () => ' ');
  for (const { time, label } of timeTicks({ from: grid.from, to }, Math.max(1, grid.count / width))) {
    const at = placeIn(grid, time);
    line[at] = tick;
    for (let n = 0; n < label.length; n += 1) labels[at + n] = label.charAt(n);
  }
  return [
    style.dim(`${'0'.padStart(GUTTER - 1)} ${corner}${line.join('')}`),
    style.dim(`${' '.repeat(GUTTER + 1)}${labels.join('').trimEnd()}`),
  ];
}

function alertLines(report: ReplayReport, grid: TimeGrid, signs: Signs): readonly string[] {
  const bySeverity = new Map<AlertFacts['severity'], number[]>();
  for (const { from, counts } of report.marks.buckets(grid.step))
    for (const [rule, count] of counts) {
      const severity = report.rows.get(rule)?.severity ?? 'low';
      let cells = bySeverity.get(severity);
      if (cells === undefined)
        bySeverity.set(severity, (cells = Array.from({ length: grid.count }, () => 0)));
      const at = placeIn(grid, from);
      cells[at] = (cells[at] ?? 0) + count;
    }
  return SEVERITIES.flatMap((severity) => {
    const cells = bySeverity.get(severity);
    if (cells === undefined) return [];
    const paint = severityStyle(severity);
    // Together, so that colours are not more than the signs.
    const shown = cells
      .map((count) => markOf(count, signs))
      .join('')
      .trimEnd();
    const painted = shown.replaceAll(/[^ ·]+/g, (marks) => paint(marks)).replaceAll('·', style.dim('·'));
    return [`${paint(severity.padStart(GUTTER - 1))} ${style.dim(signs.wall)}${painted}`];
  });
}

function markOf(count: number, { one, none }: Signs): string {
  if (count === 0) return none;
  return count === 1 ? one : count < 10 ? String(count) : '+';
}

function placeIn({ from, step, count }: TimeGrid, time: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((time - from) / step)));
}
