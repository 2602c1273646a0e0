import { imposing, type LookoutServiceOptions, type RestrictionBook } from '@sallyport/anomaly';
import { AlertSinks, type AlertSinksParts } from './alert-sinks.ts';
import type { AlertsPlan } from './alerts-plan.ts';
import { compileAlerts } from './compile-alerts.ts';
import { formatProblem, type Problem } from './problem.ts';

export interface AlertsParts extends AlertSinksParts {
  /** Where restrictions are written. Default: responses are told with their alerts, and nothing is restricted. */
  readonly book?: RestrictionBook;
}

/** What `LookoutService` needs of a policy, and the sinks behind it. */
export interface OpenedAlerts {
  /** To be given to `LookoutService.open`, beside `journals` or `stream`, and `onAlert` for the record of each alert. */
  readonly service: Required<
    Pick<LookoutServiceOptions, 'folder' | 'lookout' | 'put' | 'onPlace' | 'onState'>
  > &
    Pick<LookoutServiceOptions, 'restrict'>;
  readonly sinks: AlertSinks;
  /** Of Sigma rules; one with an error is not in use. They are in the log. */
  readonly problems: readonly Problem[];
  /** After the service was stopped. What sinks did not take waits in their outboxes. */
  close(): Promise<void>;
}

/**
 * Compiles the rules of a policy, and makes what watches, decides and tells as it says. Nothing is sent before the service
 * watches.
 *
 * @throws TypeError for a plan that was not checked
 */
export async function openAlerts(plan: AlertsPlan, parts: AlertsParts): Promise<OpenedAlerts> {
  const { book } = parts;
  const { lookout, problems } = await compileAlerts(plan);
  tellProblems(problems, parts);
  const sinks = new AlertSinks(plan.sinks, plan.folder, parts);
  return {
    service: {
      folder: plan.folder,
      lookout,
      put: (notice) => sinks.put(notice),
      onPlace: (place) => sinks.place(place),
      onState: (state) => {
        // Of all processes with one folder only the one that watches sends: what a former one left, too.
        void (state === 'watching' ? sinks.begin() : sinks.end());
      },
      ...(book !== undefined && {
        restrict: (response, alert) => book.update(imposing({ ...response, alert })),
      }),
    },
    sinks,
    problems,
    close: () => sinks.end(),
  };
}

/** One event for all of them: a folder of rules may hold many that are for another program. */
function tellProblems(problems: readonly Problem[], { log, record }: AlertsParts): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : `, and ${errors.length - 1} more problems`;
  log({
    level: 'error',
    event: 'watch_failed',
    message: `rules that cannot be used are left out: ${formatProblem(first)}${more}; "sallyport policy lint" shows them all`,
    detail: { what: 'rules', problems: errors.length },
  });
  record('watch_failed', { what: 'rules', problems: errors.length });
}
