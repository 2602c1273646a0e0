import type { AlertFacts } from '@sallyport/audit';
import type { ReplayReport, RuleRow } from './replay-report.ts';
import type { Plot } from './plot.ts';
import { coordinate, xmlText } from './svg-text.ts';
import { minuteOf, timeGrid } from './time-axis.ts';

const LANE = 24;
const MOST_LANES = 40;
/** Marks that are nearer are one. */
const NEAR = 14;
const MOST_LABEL = 32;

/** The rules that have a lane: the gravest. */
export function laneRows(report: ReplayReport): readonly RuleRow[] {
  return report.sorted().slice(0, MOST_LANES);
}

/** What stands behind the lanes, so that the eye stays in one. */
export function laneBands(rows: readonly RuleRow[], { left, width, top }: Plot): readonly string[] {
  return rows.flatMap((_, at) =>
    at % 2 === 0
      ? [`<rect class="band" x="${left}" y="${top + at * LANE}" width="${width}" height="${LANE}"/>`]
      : [],
  );
}

/** A lane for each rule, with a mark where it alerted; what stands close together is one mark. */
export function alertLanes(report: ReplayReport, rows: readonly RuleRow[], plot: Plot): readonly string[] {
  if (rows.length === 0) return [`<text class="soft" x="${plot.left}" y="${plot.top + 10}">no alerts</text>`];
  const lanes = new Map(rows.map((row, at) => [row.id, { row, middle: plot.top + at * LANE + LANE / 2 }]));
  const known = byRule(report.alerts);
  const { step } = timeGrid(report, Math.floor(plot.width / NEAR), report.marks.step);
  const marks = report.marks.buckets(step).flatMap(({ from, counts }) =>
    [...counts].flatMap(([id, count]) => {
      const lane = lanes.get(id);
      if (lane === undefined) return [];
      const first =
        count > 1
          ? undefined
          : known.get(id)?.find(({ time }) => Date.parse(time) >= from && Date.parse(time) < from + step);
      const time = first === undefined ? from + step / 2 : Date.parse(first.time);
      const told = first === undefined ? countText(lane.row, count, from, step) : alertText(first);
      const shape = markShape(lane.row.severity, plot.x(time), lane.middle, count > 1 ? 8 : 5.5);
      return [`<g>${shape}<title>${xmlText(told)}</title></g>`];
    }),
  );
  return [...[...lanes.values()].map((lane) => labelOf(lane, plot)), ...marks, ...others(report, rows, plot)];
}

/** A form for each severity, since not everybody tells colours apart. */
export function markShape(severity: AlertFacts['severity'], x: number, y: number, size: number): string {
  const at = (dx: number, dy: number): string => `${coordinate(x + dx * size)} ${coordinate(y + dy * size)}`;
  const path = {
    critical: `M${at(0, -1.2)}L${at(1.2, 0)}L${at(0, 1.2)}L${at(-1.2, 0)}Z`,
    high: `M${at(0, -1.1)}L${at(1.1, 0.9)}L${at(-1.1, 0.9)}Z`,
    medium: `M${at(-1, 0)}A${size} ${size} 0 1 1 ${at(1, 0)}A${size} ${size} 0 1 1 ${at(-1, 0)}Z`,
    low: `M${at(-0.8, -0.8)}L${at(0.8, -0.8)}L${at(0.8, 0.8)}L${at(-0.8, 0.8)}Z`,
  }[severity];
  return `<path class="mark ${severity}" d="${path}"/>`;
}

function labelOf(
  { row, middle }: { readonly row: RuleRow; readonly middle: number },
  { left }: Plot,
): string {
  const label = row.name.length > MOST_LABEL ? `${row.name.slice(0, MOST_LABEL - 1)}…` : row.name;
  const told = xmlText(`${row.name}: ${row.alerts}`);
  return `<text x="${left - 10}" y="${middle + 4}" text-anchor="end">${xmlText(label)}<title>${told}</title></text>`;
}

function byRule(alerts: readonly AlertFacts[]): ReadonlyMap<string, readonly AlertFacts[]> {
  const known = new Map<string, AlertFacts[]>();
  for (const alert of alerts) {
    const before = known.get(alert.rule.id);
    if (before === undefined) known.set(alert.rule.id, [alert]);
    else before.push(alert);
  }
  return known;
}

function others(report: ReplayReport, rows: readonly RuleRow[], plot: Plot): readonly string[] {
  const left = report.rows.size - rows.length;
  if (left === 0) return [];
  return [`<text class="soft" x="24" y="${plot.top + plot.height + 20}">and ${left} rules more</text>`];
}

function alertText({ title, time, subject, server }: AlertFacts): string {
  return `${minuteOf(Date.parse(time))} UTC, ${subject === undefined ? server : `${subject} on ${server}`}: ${title}`;
}

function countText({ name }: RuleRow, count: number, from: number, step: number): string {
  return `${count} times ${name}, ${minuteOf(from)} to ${minuteOf(from + step)} UTC`;
}
