import { approving } from '@sallyport/anomaly';
import { complain } from '../complain.ts';
import type { FolderChoice } from '../quarantine/folder-of.ts';
import { callInWords, inSeconds } from '../quarantine/in-words.ts';
import { QUARANTINE_EXIT, quarantineExit } from '../quarantine/quarantine-exit.ts';
import { typedId } from '../quarantine/typed-id.ts';
import { print } from '../terminal.ts';

export interface QuarantineApproveOptions extends FolderChoice {
  readonly id: string;
  /** Each call of this subject to this tool, instead of this one once. */
  readonly any?: boolean;
  readonly minutes: number;
}

/** Approves a call that waits. Returns the exit code: 0; 1 when nothing of this id waits; or 2. */
export function quarantineApprove(options: QuarantineApproveOptions): Promise<number> {
  const { id: typed, any = false, minutes, ...choice } = options;
  return quarantineExit(choice, async (file) => {
    const id = typedId(typed);
    const { result: approval } = await file.update(approving(id, { minutes, any }));
    if (approval === undefined) {
      complain(`nothing waits as ${id}; it may have been approved or denied, or be over`);
      return QUARANTINE_EXIT.nothing;
    }
    const how = any ? 'with any arguments' : 'once, with the same arguments';
    print(`Approved ${id}: ${callInWords(approval)}, ${how}, until ${inSeconds(approval.until)}.`);
    print('Send the call again.');
    return QUARANTINE_EXIT.done;
  });
}
