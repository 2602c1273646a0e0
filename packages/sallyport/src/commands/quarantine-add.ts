import { imposing, type Restricted } from '@sallyport/anomaly';
import { BadInput } from '../audit/bad-input.ts';
import type { FolderChoice } from '../quarantine/folder-of.ts';
import { inSeconds, restrictedInWords } from '../quarantine/in-words.ts';
import { QUARANTINE_EXIT, quarantineExit } from '../quarantine/quarantine-exit.ts';
import { print } from '../terminal.ts';

export interface QuarantineAddOptions extends FolderChoice {
  readonly subject?: string;
  /** `server/tool`; a resource or a prompt likewise. */
  readonly tool?: string;
  readonly server?: string;
  readonly minutes: number;
  /** Calls need approval, instead of being refused. */
  readonly approval?: boolean;
  readonly reason?: string;
}

const MOST_REASON = 500;

/** Restricts a principal, a tool or a server, or prolongs that. Returns the exit code: 0, or 2. */
export function quarantineAdd(options: QuarantineAddOptions): Promise<number> {
  const { subject, tool, server, minutes, approval = false, reason, ...choice } = options;
  return quarantineExit(choice, async (file) => {
    const of = restrictedOf({ subject, tool, server });
    if (reason !== undefined && reason.length > MOST_REASON)
      throw new BadInput(`--reason takes at most ${MOST_REASON} characters`);
    const kind = approval ? 'approval' : 'quarantine';
    const wish = { kind, of, minutes, ...(reason !== undefined && { reason }) } as const;
    const { restriction, change } = (await file.update(imposing(wish))).result;
    const { id, until } = restriction;
    const what = kind === 'approval' ? 'Calls need approval' : 'Calls are refused';
    const already =
      change === 'began' ? '' : change === 'prolonged' ? ' (prolonged)' : ' (as they were before)';
    print(`${what}${already}: ${restrictedInWords(of)}, until ${inSeconds(until)}.`);
    print(`"sallyport quarantine lift ${id}" ends it before.`);
    return QUARANTINE_EXIT.done;
  });
}

interface Named {
  readonly subject: string | undefined;
  readonly tool: string | undefined;
  readonly server: string | undefined;
}

function restrictedOf({ subject, tool, server }: Named): Restricted {
  const given = [subject, tool, server].filter((one) => one !== undefined);
  if (given.length !== 1 || given[0] === '')
    throw new BadInput('say what: --subject NAME, --tool SERVER/TOOL or --server NAME, and only one of them');
  if (subject !== undefined) return { subject };
  if (server !== undefined) return { server };
  const [, ofServer, target] = /^([^/]+)\/(.+)$/s.exec(tool ?? '') ?? [];
  if (ofServer === undefined || target === undefined)
    throw new BadInput('write --tool with its server: --tool SERVER/TOOL');
  return { server: ofServer, target };
}
