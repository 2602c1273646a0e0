import type { RaisedAlert } from '@sallyport/anomaly';
import { visible, visibleJson } from '@sallyport/audit';
import { severityStyle } from '../../rules/severity-style.ts';
import { style } from '../../terminal.ts';
import { searchHint } from './search-hint.ts';

const WIDTH = 'critical'.length;

/**
 * An alert for people: when, how bad and what, in one line, and below it about whom, by which rule, where the records are, and
 * what to do.
 */
export function alertText({ alert, response }: RaisedAlert, folder: string): string {
  const { time, severity, title, rule, runbook } = alert;
  const paint = severityStyle(severity);
  const more: readonly (readonly [string, string])[] = [
    ['about', about(alert)],
    ['rule', `${visible(rule.id)} ${style.dim(visible(rule.name))}`],
    ['records', searchHint(alert, folder)],
    ['runbook', runbook === undefined ? '' : visible(runbook)],
    ['response', response === undefined ? '' : `${response.kind} for ${response.minutes} minutes`],
  ];
  return [
    `${style.dim(visible(time))}  ${paint(severity.padEnd(WIDTH))}  ${visible(title)}`,
    ...more
      .filter(([, text]) => text !== '')
      .map(([label, text]) => `  ${style.dim(label.padEnd(WIDTH))}  ${text}`),
  ].join('\n');
}

/** The same on one line, with what became of it. */
export function alertJson({ alert, journal, fate, reason, response }: RaisedAlert): string {
  return visibleJson(JSON.stringify({ ...alert, journal, fate, reason, response }));
}

function about({ subject, server, target }: RaisedAlert['alert']): string {
  const where = visible(target === undefined ? server : `${server}/${target}`);
  return subject === undefined ? where : `${style.bold(visible(subject))} on ${where}`;
}
