import {
  type FeedProblem,
  LookoutService,
  type LookoutServiceState,
  type LookoutTrouble,
  type RaisedAlert,
} from '@sallyport/anomaly';
import { type AlertFacts, findJournals, visible } from '@sallyport/audit';
import { AUDIT_EXIT } from '../../audit/audit-exit.ts';
import { LineWriter } from '../../audit/line-writer.ts';
import { unreadableFolder } from '../../audit/open-journals.ts';
import { ProblemLog } from '../../audit/problem-log.ts';
import { complain } from '../../complain.ts';
import { standardOutput } from '../../redact/output.ts';
import { alertJson, alertText } from './alert-text.ts';
import type { OpenedWatch } from './open-watch.ts';
import { StatusLine } from './status-line.ts';
import { troubleText } from './trouble-text.ts';

export interface WatchLiveOptions {
  /** A journal, or a folder with some in it. */
  readonly folder: string;
  readonly fromNow?: boolean;
  readonly once?: boolean;
  readonly failOn?: AlertFacts['severity'];
  readonly json?: boolean;
}

const SEVERITIES: readonly AlertFacts['severity'][] = ['low', 'medium', 'high', 'critical'];
/** What somebody is to hear of; the rest is in the history, and in JSON. */
const HEARD: ReadonlySet<string> = new Set(['told', 'held', 'failed']);
const UNWANTED: ReadonlySet<string> = new Set(['suppressed', 'below']);

/**
 * Watches journals and prints alerts until the signal aborts, or once.
 *
 * @returns the exit code
 * @throws BadInput for a folder that is not there, and an error of the system when nobody reads the output any more
 */
export async function watchLive(
  { service }: OpenedWatch,
  options: WatchLiveOptions,
  signal: AbortSignal,
): Promise<number> {
  const live = new Live(options);
  return live.run(service, signal);
}

class Live {
  readonly #options: WatchLiveOptions;
  readonly #writer = new LineWriter(standardOutput());
  readonly #status = new StatusLine(process.stderr);
  readonly #problems = new ProblemLog((line) => this.#complain(line));
  readonly #end = new AbortController();
  #unwritten: unknown;
  #state: LookoutServiceState = 'starting';
  #hasWatched = false;
  #hasFailed = false;
  #isIncomplete = false;
  /** Of the worst alert; -1: there was none. */
  #worst = -1;

  constructor(options: WatchLiveOptions) {
    this.#options = options;
  }

  async run(given: OpenedWatch['service'], signal: AbortSignal): Promise<number> {
    const { folder, once = false, fromNow = false } = this.#options;
    const journals = await findJournals(folder).catch((error: unknown) => {
      throw unreadableFolder(folder, error);
    });
    if (journals.length === 0 && !once)
      complain(`there is no audit journal in ${visible(folder)} yet; waiting for one`);
    const end = (): void => this.#end.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const service = await LookoutService.open({
      ...given,
      journals: folder,
      once,
      fromNow,
      onAlert: (raised) => this.#tell(raised),
      onTrouble: (trouble) => this.#trouble(trouble),
      onState: (state) => {
        given.onState?.(state);
        this.#turnTo(state);
      },
    });
    this.#status.begin(() => service.status);
    await Promise.race([service.ended, aborted(this.#end.signal)]);
    await service.stop();
    this.#status.end();
    signal.removeEventListener('abort', end);
    if (this.#unwritten !== undefined) throw this.#unwritten;
    return this.#exit();
  }

  async #tell(raised: RaisedAlert): Promise<void> {
    const { json = false, folder } = this.#options;
    const { alert, fate } = raised;
    if (!UNWANTED.has(fate)) this.#worst = Math.max(this.#worst, SEVERITIES.indexOf(alert.severity));
    if (!json && !HEARD.has(fate)) return;
    this.#status.clear();
    try {
      await this.#writer.write(json ? alertJson(raised) : alertText(raised, folder));
      await this.#writer.flush();
    } catch (error) {
      // Nobody reads any more. The alert is raised again by the next one that watches.
      this.#unwritten ??= error;
      this.#end.abort();
      throw error;
    }
  }

  #trouble(trouble: LookoutTrouble): void {
    if (trouble.type === 'unread') this.#problem(trouble.problem);
    else if (this.#unwritten === undefined) {
      // What is final was decided, and did not fail.
      if (trouble.type === 'failed' || (trouble.type === 'refused' && trouble.isFinal !== true))
        this.#hasFailed = true;
      this.#complain(troubleText(trouble));
    }
  }

  #problem(problem: FeedProblem): void {
    if (problem.why !== 'closed') this.#problems.add(problem);
    else {
      this.#isIncomplete = true;
      this.#complain(
        `${visible(problem.journal)} cannot be read (${problem.code}), and is left out until it can`,
      );
    }
  }

  #turnTo(state: LookoutServiceState): void {
    const { once = false } = this.#options;
    if (state === 'standby') this.#complain('another process watches with this state; standing by');
    if (state === 'watching') {
      if (this.#state === 'standby') this.#complain('the other process is gone; watching');
      this.#hasWatched = true;
    }
    if (state === 'stopped' && once && !this.#hasWatched && !this.#hasFailed)
      this.#complain('another process watches with this state; stop it, or name another folder with --state');
    this.#state = state;
  }

  #exit(): number {
    const { once = false, failOn } = this.#options;
    if (once && (this.#hasFailed || !this.#hasWatched)) return AUDIT_EXIT.unusable;
    if (once && failOn !== undefined && this.#worst >= SEVERITIES.indexOf(failOn)) return 1;
    return this.#problems.isEmpty && !this.#isIncomplete ? AUDIT_EXIT.ok : AUDIT_EXIT.incomplete;
  }

  #complain(line: string): void {
    this.#status.clear();
    complain(line);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
