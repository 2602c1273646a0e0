import { denying } from '@sallyport/anomaly';
import { complain } from '../complain.ts';
import type { FolderChoice } from '../quarantine/folder-of.ts';
import { callInWords } from '../quarantine/in-words.ts';
import { QUARANTINE_EXIT, quarantineExit } from '../quarantine/quarantine-exit.ts';
import { typedId } from '../quarantine/typed-id.ts';
import { print } from '../terminal.ts';

export interface QuarantineDenyOptions extends FolderChoice {
  readonly id: string;
}

/**
 * Takes away a request for approval, or an approval that is not over. Returns the exit code: 0; 1 when there is nothing of this
 * id; or 2.
 */
export function quarantineDeny({ id: typed, ...choice }: QuarantineDenyOptions): Promise<number> {
  return quarantineExit(choice, async (file) => {
    const id = typedId(typed);
    const { result: denied } = await file.update(denying(id));
    if (denied === undefined) {
      complain(`nothing waits as ${id}, and nothing was approved as it; it may be over`);
      return QUARANTINE_EXIT.nothing;
    }
    print(`Denied ${id}: ${callInWords(denied)}.`);
    return QUARANTINE_EXIT.done;
  });
}
