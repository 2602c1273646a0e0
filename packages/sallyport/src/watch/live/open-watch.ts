import { join } from 'node:path';
import { Lookout, type LookoutServiceOptions, SigmaRules } from '@sallyport/anomaly';
import { loadPolicy, openPolicyWatch, readRuleFiles } from '@sallyport/policy';
import { BadInput } from '../../audit/bad-input.ts';
import { complain } from '../../complain.ts';
import { isExpectedOfPolicy } from '../../expected-error.ts';
import { readyMadePolicies } from '../../ready-made-policies.ts';
import { readyMadeRules } from '../../ready-made-rules.ts';
import { problemLine } from '../../rules/problem-line.ts';

export interface WatchSource {
  /** What says what to watch for, and what to do then. */
  readonly policy?: string;
  /** Without a policy: files and folders of Sigma rules. Default: those that ship. */
  readonly rules?: readonly string[];
  /**
   * Where state and history are kept. Default: as the policy says; without one, `.watch` in the folder of the journals, so that
   * it never takes the place of the gateways, which watch as their policy says.
   */
  readonly state: string | undefined;
  readonly journals: string;
}

/** What a watch is made of. */
export interface OpenedWatch {
  readonly service: Pick<LookoutServiceOptions, 'folder' | 'lookout' | 'put' | 'restrict' | 'onState'>;
  /** After the service was stopped. */
  close(): Promise<void>;
}

/** @throws BadInput for a policy or rules that cannot be used */
export async function openWatch({ policy, rules, state, journals }: WatchSource): Promise<OpenedWatch> {
  if (policy !== undefined) return openAsPolicy(policy, { rules, state });
  const documents = await documentsOf(rules);
  const { problems } = SigmaRules.compile(documents);
  for (const problem of problems) complain(problemLine(problem));
  return {
    service: {
      folder: state ?? join(journals, '.watch'),
      // Each time anew: rules remember what they saw.
      lookout: (tellSince) => new Lookout({ rules: SigmaRules.compile(documents).rules, tellSince }),
    },
    close: () => Promise.resolve(),
  };
}

async function openAsPolicy(
  file: string,
  { rules, state }: { readonly rules: WatchSource['rules'] | undefined; readonly state: string | undefined },
): Promise<OpenedWatch> {
  if (rules !== undefined)
    throw new BadInput('leave out --rules, or --policy: a policy names its rules under alerts');
  if (state !== undefined)
    throw new BadInput(
      'leave out --state: with a policy it is where alerts.folder says, for all its processes',
    );
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    return await openPolicyWatch(policy, { env: process.env, log: complain });
  } catch (error) {
    if (!isExpectedOfPolicy(error)) throw error;
    throw new BadInput((error as Error).message);
  }
}

async function documentsOf(
  paths: readonly string[] | undefined,
): Promise<Parameters<typeof SigmaRules.compile>[0]> {
  const ready = readyMadeRules();
  const { documents, problems, unread } = await readRuleFiles(paths ?? (ready === undefined ? [] : [ready]));
  for (const problem of problems) complain(problemLine(problem));
  if (unread.length > 0) throw new BadInput('the rules cannot all be read; nothing is watched');
  return documents;
}
