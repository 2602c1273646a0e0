import { statSync } from 'node:fs';
import { loadPolicy } from '@sallyport/policy';
import { BadInput } from '../audit/bad-input.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';

/** Whose restrictions. */
export interface FolderChoice {
  /** Default: `sallyport.yaml`. */
  readonly policy?: string;
  /** The folder with `restrictions.json`, instead of a policy that names it. */
  readonly folder?: string;
}

/**
 * The folder of the restrictions. One that a policy names may not be there yet.
 *
 * @throws BadInput, PolicyError
 */
export async function folderOf({ policy: file, folder }: FolderChoice): Promise<string> {
  if (folder !== undefined) {
    if (file !== undefined) throw new BadInput('write --policy or --folder, not both');
    // In a folder that somebody mistyped nothing would ever be looked for.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new BadInput(
        `there is no folder ${folder}; write the one that "alerts: folder" of the policy names`,
      );
    return folder;
  }
  const path = file ?? 'sallyport.yaml';
  const policy = await loadPolicy(path, { readyMade: readyMadePolicies() });
  if (policy.alerts === undefined)
    throw new BadInput(`${path} has no section "alerts", and so no restrictions; write one, or --folder DIR`);
  return policy.alerts.folder;
}
