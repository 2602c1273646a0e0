import { markShape } from './alert-lanes.ts';
import { type ReplayReport, SEVERITIES } from './replay-report.ts';

/** What colours and shapes mean, in one line: only those that are there. */
export function legend(report: ReplayReport, { x, y }: { readonly x: number; readonly y: number }): string {
  const areas = ['ok', 'error', 'refused'].map((name) => ({
    label: name,
    sign: (at: number) => `<rect class="${name}" x="${at}" y="${y - 10}" width="12" height="12"/>`,
  }));
  const graves = new Set(report.sorted().map(({ severity }) => severity));
  const marks = SEVERITIES.filter((severity) => graves.has(severity)).map((severity) => ({
    label: `${severity} alert`,
    sign: (at: number) => markShape(severity, at + 6, y - 4, 6),
  }));
  let at = x;
  return [...areas, ...marks]
    .map(({ label, sign }) => {
      const entry = `${sign(at)}<text class="soft" x="${at + 18}" y="${y}">${label}</text>`;
      at += 36 + label.length * 6;
      return entry;
    })
    .join('\n');
}
