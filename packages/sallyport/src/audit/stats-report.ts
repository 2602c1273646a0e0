import { visible } from '@sallyport/audit';
import { style } from '../terminal.ts';
import type { AuditStats, Counted } from './audit-stats.ts';
import type { Latency } from './latency.ts';
import type { Tally } from './tally.ts';

const SHOWN = 10;

const TITLES: Readonly<Record<Counted, string>> = {
  records: 'Records by type',
  statuses: 'Calls by status',
  decisions: 'Calls by decision',
  tools: 'Calls by tool',
  principals: 'Calls by principal',
  rules: 'Calls by rule',
  codes: 'Refusals by code',
  events: 'Events',
  redacted: 'Redacted, by what it was found to be',
};

/** Counts for people: the most frequent of each kind. */
export function statsText(stats: AuditStats): string {
  const sections = (Object.keys(TITLES) as Counted[]).flatMap((what) => {
    const lines = tallyLines(stats.counts[what]);
    return lines.length === 0 ? [] : [[style.bold(TITLES[what]), ...lines]];
  });
  const latency = latencyLines(stats);
  if (latency.length > 0) sections.push([style.bold('How long calls of a tool took, in ms'), ...latency]);
  return [timelineLines(stats), ...sections].map((lines) => lines.join('\n')).join('\n\n');
}

/** The same with every name, as JSON: counts, times in RFC 3339 and durations in milliseconds. */
export function statsJson(stats: AuditStats): object {
  const counts = Object.entries(stats.counts).map(([what, tally]) => [
    what,
    {
      ...(tally.others > 0 && { others: tally.others }),
      names: tally.sorted(),
    },
  ]);
  const latency = byCalls(stats).map(([tool, own]) => ({ tool, calls: own.count, ...quantilesOf(own) }));
  const { timeline } = stats;
  return {
    ...(stats.from <= stats.to && { from: timeOf(stats.from), to: timeOf(stats.to) }),
    ...(Object.fromEntries(counts) as object),
    latencyMs: latency,
    timeline: {
      hours: timeline.hours,
      counts: timeline.bars().map(({ from, count }) => ({ from: timeOf(from), count })),
    },
  };
}

function timelineLines({ timeline, from, to }: AuditStats): readonly string[] {
  const chart = timeline.chart();
  if (chart === undefined) return ['No record.'];
  const { blocks, hours, most } = chart;
  return [
    style.bold(`Records per ${hours === 1 ? 'hour' : `${hours} hours`}, at most ${most}`),
    `  ${style.cyan(blocks)}`,
    style.dim(`  ${timeOf(from)} to ${timeOf(to)}`),
  ];
}

function tallyLines(tally: Tally): readonly string[] {
  const all = tally.sorted();
  const rows = all.slice(0, SHOWN).map(({ name, count }) => [String(count), visible(name)] as const);
  const width = Math.max(0, ...rows.map(([count]) => count.length));
  const lines = rows.map(([count, name]) => `  ${count.padStart(width)}  ${name}`);
  const rest = all.slice(SHOWN).reduce((sum, { count }) => sum + count, 0) + tally.others;
  if (rest > 0) lines.push(style.dim(`  ${String(rest).padStart(width)}  of others; --json shows more`));
  return lines;
}

function latencyLines(stats: AuditStats): readonly string[] {
  const rows = byCalls(stats)
    .slice(0, SHOWN)
    .map(([tool, own]) => {
      const { p50, p90, p99, max } = quantilesOf(own);
      return [...[p50, p90, p99, max].map(String), visible(tool)];
    });
  if (rows.length === 0) return [];
  const table = [['p50', 'p90', 'p99', 'max', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row, index) => {
    const line = `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`.trimEnd();
    return index === 0 ? style.dim(line) : line;
  });
}

function byCalls({ latencies }: AuditStats): readonly (readonly [string, Latency])[] {
  return [...latencies].toSorted(([, a], [, b]) => b.count - a.count);
}

function quantilesOf(latency: Latency): {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
} {
  const [p50 = 0, p90 = 0, p99 = 0] = [0.5, 0.9, 0.99].map((part) =>
    Math.min(latency.max, rounded(latency.quantile(part))),
  );
  return { p50, p90, p99, max: latency.max };
}

/** More digits than three would tell more than is known. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(3));
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}
