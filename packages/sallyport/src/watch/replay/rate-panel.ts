import type { Plot } from './plot.ts';
import type { ReplayReport } from './replay-report.ts';
import { coordinate, xmlText } from './svg-text.ts';
import { niceMost, shortNumber } from './numbers.ts';
import { inWords, type TimeGrid } from './time-axis.ts';

/** From the bottom up. */
const LAYERS = ['ok', 'error', 'refused'] as const;
const MEANS = { ok: 'answered', error: 'ended with an error', refused: 'refused' } as const;

/** Calls over time by how they ended, as stacked areas with steps. */
export function ratePanel(report: ReplayReport, grid: TimeGrid, plot: Plot): readonly string[] {
  const stacks = Array.from({ length: grid.count }, () => [0, 0, 0, 0]);
  for (const { from, counts } of report.calls.buckets(grid.step)) {
    const stack = stacks[Math.round((from - grid.from) / grid.step)];
    if (stack === undefined) continue;
    for (const [layer, name] of LAYERS.entries())
      stack[layer + 1] = (stack[layer] ?? 0) + (counts.get(name) ?? 0);
  }
  const most = niceMost(stacks.reduce((high, stack) => Math.max(high, stack[LAYERS.length] ?? 0), 0));
  const y = (count: number): number => plot.top + plot.height * (1 - count / most);
  const edge = (layer: number): readonly number[] => stacks.map((stack) => y(stack[layer] ?? 0));
  const x = (at: number): number => plot.left + (plot.width * at) / grid.count;
  return [
    ...[0, 0.5, 1].map((part) => {
      const at = coordinate(y(most * part));
      return `<path class="grid" d="M${plot.left} ${at}H${plot.left + plot.width}"/><text class="soft" x="${plot.left - 10}" y="${Number(at) + 4}" text-anchor="end">${shortNumber(most * part)}</text>`;
    }),
    `<text x="24" y="${plot.top + 12}">${xmlText(`calls per ${inWords(grid.step)}`)}</text>`,
    ...LAYERS.map(
      (name, layer) =>
        `<path class="${name}" d="${areaPath(edge(layer + 1), edge(layer), x)}"><title>calls that were ${MEANS[name]}</title></path>`,
    ),
  ];
}

/** A closed path: along the upper edge and back along the lower one, both in steps. */
function areaPath(upper: readonly number[], lower: readonly number[], x: (at: number) => number): string {
  const last = upper.length - 1;
  const forth = upper.map(
    (y, at) => (y === upper[at - 1] ? '' : `V${coordinate(y)}`) + horizontal(upper, at, x),
  );
  const back = lower.map((_, n) => {
    const at = last - n;
    const y = lower[at] ?? 0;
    const same = n > 0 && y === lower[at + 1];
    const stays = at > 0 && lower[at - 1] === y;
    return (same ? '' : `V${coordinate(y)}`) + (stays ? '' : `H${coordinate(x(at))}`);
  });
  return `M${coordinate(x(0))} ${coordinate(lower[0] ?? 0)}${forth.join('')}${back.join('')}Z`;
}

/** To the end of a step, and nothing where the next one is as high. */
function horizontal(edge: readonly number[], at: number, x: (at: number) => number): string {
  return edge[at + 1] === edge[at] ? '' : `H${coordinate(x(at + 1))}`;
}
