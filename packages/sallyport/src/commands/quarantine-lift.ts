import { lifting } from '@sallyport/anomaly';
import { BadInput } from '../audit/bad-input.ts';
import { complain } from '../complain.ts';
import type { FolderChoice } from '../quarantine/folder-of.ts';
import { restrictedInWords } from '../quarantine/in-words.ts';
import { QUARANTINE_EXIT, quarantineExit } from '../quarantine/quarantine-exit.ts';
import { typedId } from '../quarantine/typed-id.ts';
import { print } from '../terminal.ts';

export interface QuarantineLiftOptions extends FolderChoice {
  readonly ids: readonly string[];
  readonly all?: boolean;
}

/**
 * Ends restrictions before their time. Returns the exit code: 0; 1 when nothing has one of the ids, and those that there are
 * are lifted all the same; or 2.
 */
export function quarantineLift({ ids, all = false, ...choice }: QuarantineLiftOptions): Promise<number> {
  return quarantineExit(choice, async (file) => {
    if (all === ids.length > 0) throw new BadInput('say which: ID..., or --all');
    const wanted = new Set(ids.map(typedId));
    const { result: lifted } = await file.update(lifting(all ? 'all' : wanted));
    for (const { id, of } of lifted) {
      wanted.delete(id);
      print(`Lifted ${id}: ${restrictedInWords(of)}.`);
    }
    if (all && lifted.length === 0) print('Nothing is restricted.');
    for (const id of wanted) complain(`nothing is restricted as ${id}; it may be over`);
    return wanted.size > 0 ? QUARANTINE_EXIT.nothing : QUARANTINE_EXIT.done;
  });
}
