import { visibleJson } from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../../audit/audit-exit.ts';
import { readMatching } from '../../audit/read-matching.ts';
import { recordQuery } from '../../audit/record-query.ts';
import { outputTo } from '../../redact/output.ts';
import { print } from '../../terminal.ts';
import { replayJson } from './replay-json.ts';
import { chosenLookout, type LookoutChoice } from './replay-lookout.ts';
import { replayRecords } from './replay-records.ts';
import { replayText } from './replay-text.ts';
import { svgChart } from './svg-chart.ts';
import { terminalLook } from './terminal-look.ts';

export interface ReplayOptions extends LookoutChoice {
  /** A journal, or a folder with some in it. */
  readonly folder: string;
  /** As `parseMoment` takes it. What is before is learned from, and not reported. */
  readonly since?: string;
  readonly until?: string;
  /** Where an SVG is written to; one that is there is replaced. */
  readonly chart?: string;
  readonly json?: boolean;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Has all records of a folder observed in the order of time, and prints what would have alerted. Returns the exit code: 0; 2
 * when the options, the folder, the policy or a rule cannot be used, 3 when part of a journal cannot be read.
 */
export function replay(options: ReplayOptions): Promise<number> {
  return auditExit(() => play(options));
}

async function play(options: ReplayOptions): Promise<number> {
  const { folder, since, until, chart, json = false, now = Date.now } = options;
  const limits = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  const { range } = recordQuery(limits, now());
  const { lookout, hasTriage } = await chosenLookout(options, range.since ?? 0);
  // From the beginning: what came before the range is learned from.
  const { lines, problems } = await readMatching(folder, until === undefined ? {} : { until }, false);
  const told = { report: await replayRecords(lines, lookout, range.since), hasTriage };
  if (chart !== undefined) {
    const output = await outputTo(chart, 0o600);
    await output.write(svgChart(told.report));
    await output.finish();
  }
  if (json) print(visibleJson(JSON.stringify(replayJson(told))));
  else print(replayText(told, terminalLook(process.stdout, process.env)));
  if (chart !== undefined && !json) print(`\nThe chart is in ${chart}.`);
  return problems.isEmpty ? AUDIT_EXIT.ok : AUDIT_EXIT.incomplete;
}
