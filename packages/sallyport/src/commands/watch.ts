import type { AlertFacts } from '@sallyport/audit';
import { auditExit } from '../audit/audit-exit.ts';
import { BadInput } from '../audit/bad-input.ts';
import { untilInterrupted } from '../audit/until-interrupted.ts';
import { openWatch } from '../watch/live/open-watch.ts';
import { watchLive } from '../watch/live/watch-live.ts';

export interface WatchCommandOptions {
  /** A journal, or a folder with some in it. */
  readonly folder: string;
  readonly policy?: string;
  readonly rules?: readonly string[];
  /** Default: as the policy says, or `.watch` in the folder. */
  readonly state?: string;
  readonly fromNow?: boolean;
  readonly once?: boolean;
  readonly failOn?: AlertFacts['severity'];
  readonly json?: boolean;
  readonly replay?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly chart?: string;
}

/**
 * Prints what is odd in audit journals as it happens, or with `replay` what would have alerted. Returns the exit code: 0, also
 * when it is interrupted; 1 when something at least as bad as `failOn` was raised; 2 when the options, a folder or a rule
 * cannot be used, 3 when part of a journal cannot be read, 141 when nobody reads what is written.
 */
export async function watch(options: WatchCommandOptions): Promise<number> {
  if (options.replay === true) {
    const { replay } = await import('../watch/replay/replay.ts');
    return auditExit(() => {
      refuse(
        options,
        ['state', 'fromNow', 'once', 'failOn'],
        '--replay reads what is there, and keeps no state',
      );
      return replay(options);
    });
  }
  return auditExit(async () => {
    refuse(options, ['since', 'until', 'chart'], 'they belong to --replay');
    if (options.failOn !== undefined && options.once !== true)
      throw new BadInput('--fail-on belongs to --once: a watch that goes on has no exit code for it');
    const { folder, policy, rules, state } = options;
    const opened = await openWatch({
      state,
      journals: folder,
      ...(policy !== undefined && { policy }),
      ...(rules !== undefined && { rules }),
    });
    let code = 0;
    try {
      await untilInterrupted(async (signal) => {
        code = await watchLive(opened, options, signal);
      });
    } finally {
      await opened.close();
    }
    return code;
  });
}

function refuse(
  options: WatchCommandOptions,
  members: readonly (keyof WatchCommandOptions)[],
  why: string,
): void {
  const given = members.filter((member) => options[member] !== undefined);
  const names = given.map(
    (member) => `--${member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
  if (names.length > 0) throw new BadInput(`leave out ${names.join(', ')}: ${why}`);
}
