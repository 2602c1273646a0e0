import { basename, dirname } from 'node:path';
import type { AlertsSection } from './alerts-section.ts';
import type { MergedAlerts } from './alerts-plan.ts';
import type { AuditPlan } from './audit-plan.ts';
import { isChat, isIn, type Odd, oddInSink } from './check-sink.ts';
import { oddAllowance, oddKinds, oddNever, oddResponse, oddSuppression } from './odd-in-alerts.ts';
import { isPageOrPath } from './page-or-path.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import { isPlainAddress } from './secret-references.ts';

/** What `alerts` is checked together with. */
export interface AlertsAround {
  readonly audit: AuditPlan;
  /** Milliseconds since the epoch: for periods that are over. */
  readonly now: number;
}

/**
 * What the members of `alerts` have to do with each other, and with `audit`. Opens nothing, and loads no detector and no
 * rule: what those say, `check-alert-rules.ts` tells.
 */
export function checkAlerts(
  layers: readonly Layer[],
  plan: MergedAlerts,
  around: AlertsAround,
): readonly Problem[] {
  const written = layers.filter(({ file }) => file.alerts !== undefined);
  const servers = layers.flatMap(({ file }) => Object.keys(file.servers ?? {}));
  return written.flatMap(({ source, file: { alerts = {} } }, index) => {
    const whole = index === 0 ? oddAsWhole(written, plan, around.audit) : [];
    return [...whole, ...oddInSection(alerts, plan, { ...around, servers })].map(
      ({ at, message, severity = 'error' }) => {
        return { file: source.file, ...source.at(['alerts', ...at]), message, severity };
      },
    );
  });
}

/** Told once, at the section of the nearest file that has one. */
function oddAsWhole(written: readonly Layer[], plan: MergedAlerts, { journal }: AuditPlan): readonly Odd[] {
  const odd: Odd[] = [];
  if (journal === undefined) {
    odd.push(
      written.some(({ file }) => file.alerts?.folder !== undefined)
        ? {
            at: ['folder'],
            message:
              'without a journal each process watches its own calls alone, and what it did not look at before it was killed is not looked at; add "journal: ./audit" under audit',
            severity: 'warning',
          }
        : {
            at: [],
            message:
              'what is learned needs a place; add "journal: ./audit" under audit, in whose folder it is then, or "folder: ./alerts" here',
          },
    );
  }
  if (plan.sinks.size === 0)
    odd.push({
      at: [],
      message:
        'nobody is told: alerts stand in the trail alone, and in what "sallyport watch" shows; add "sinks: { oncall: { type: alertmanager, url: https://... } }"',
      severity: 'warning',
    });
  return odd;
}

function oddInSection(
  section: AlertsSection,
  plan: MergedAlerts,
  { audit, now, servers }: AlertsAround & { readonly servers: readonly string[] },
): readonly Odd[] {
  const { folder, runbooks, allow = [], suppress = [], responses = [], never = [], sinks = {} } = section;
  const odd: Odd[] = [];
  if (
    folder !== undefined &&
    audit.journal !== undefined &&
    isAmongJournals(plan.folder, audit.journal.folder)
  )
    odd.push({
      at: ['folder'],
      message: 'there journals are; write another path, or leave it out: then it is .alerts beside them',
    });
  if (runbooks !== undefined && !isPageOrPath(runbooks))
    odd.push({
      at: ['runbooks'],
      message: 'is neither a path nor an address of pages; write https://wiki.example/runbooks/',
    });
  else if (runbooks !== undefined && !runbooks.endsWith('/') && !runbooks.endsWith('='))
    odd.push({
      at: ['runbooks'],
      message: 'names of pages are put right behind it; end it with a slash: https://wiki.example/runbooks/',
      severity: 'warning',
    });
  return [
    ...odd,
    ...oddKinds(section),
    ...allow.flatMap((entry, index) => oddAllowance(entry).map(below('allow', index))),
    ...suppress.flatMap((entry, index) => oddSuppression(entry, now).map(below('suppress', index))),
    ...responses.flatMap((entry, index) => oddResponse(entry).map(below('responses', index))),
    ...never.flatMap((pattern, index) => oddNever(pattern, servers).map(below('never', index))),
    ...(audit.personal === undefined ? [] : namesOfPeople(section)),
    ...Object.entries(sinks).flatMap(([name, entry]) => [
      ...oddInSink(entry).map(below('sinks', name)),
      ...oddAlertSink(name, section, plan, audit),
    ]),
  ];
}

/** Records that hide people are all that is looked at, so that their names are never found. */
function namesOfPeople({ allow = [], suppress = [], never = [] }: AlertsSection): readonly Odd[] {
  const named = [
    ...allow.map(({ subject }, index) => ({ at: ['allow', index, 'subject'], subject })),
    ...suppress.map(({ subject }, index) => ({ at: ['suppress', index, 'subject'], subject })),
    // With a slash it is a tool.
    ...never.map((name, index) => ({ at: ['never', index], subject: name.includes('/') ? undefined : name })),
  ];
  return named
    .filter(({ subject }) => subject !== undefined && !/^(?:subject:|\*)/.test(subject))
    .map(({ at }) => ({
      at,
      message:
        'records show people under pseudonyms (audit.personal), and alerts know no others; write the pseudonym, as "sallyport audit search" shows it: subject:...',
      severity: 'warning',
    }));
}

function below(...before: readonly (string | number)[]): (odd: Odd) => Odd {
  return (odd) => ({ ...odd, at: [...before, ...odd.at] });
}

/** The folder of the journal holds one folder for each server; no name of a server begins with a dot there. */
function isAmongJournals(folder: string, journals: string): boolean {
  if (folder === journals) return true;
  let place = folder;
  while (isIn(place, journals)) {
    if (dirname(place) === journals) return !basename(place).startsWith('.');
    place = dirname(place);
  }
  return false;
}

function oddAlertSink(
  name: string,
  { sinks = {} }: AlertsSection,
  plan: MergedAlerts,
  { journal }: AuditPlan,
): readonly Odd[] {
  const odd: Odd[] = [];
  const { type, url } = sinks[name] ?? { type: 'stderr' };
  if (isChat(type) && url !== undefined && isPlainAddress(url))
    odd.push({
      at: ['sinks', name, 'url'],
      message:
        'whoever knows this address can post there, so it is a secret; take another one, and write a reference to it: env:SLACK_URL',
    });
  const { resolveMinutes } = sinks[name] ?? {};
  if (type === 'alertmanager' && resolveMinutes !== undefined && resolveMinutes < plan.repeatMinutes)
    odd.push({
      at: ['sinks', name, 'resolveMinutes'],
      message: `what goes on is told again after ${plan.repeatMinutes} minutes (repeatMinutes), and would be over before; write at least that`,
      severity: 'warning',
    });
  const { file } = plan.sinks.get(name) ?? {};
  if (
    file !== undefined &&
    [journal?.folder, plan.folder].some((folder) => folder !== undefined && isIn(file, folder))
  )
    odd.push({
      at: ['sinks', name, 'file'],
      message:
        'alerts do not belong into the folder of the journal, or into that of their state; write another path',
    });
  return odd;
}
