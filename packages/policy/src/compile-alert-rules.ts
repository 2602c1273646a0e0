import { type SigmaDocument, type SigmaProblem, SigmaRules } from '@sallyport/anomaly';
import type { AlertsPlan } from './alerts-plan.ts';
import { readRuleFiles } from './read-rule-files.ts';

export interface CompiledRules {
  readonly rules: SigmaRules;
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly SigmaProblem[];
}

/** Where pages are as they are shipped; what a rule writes before the name of its page. */
export const SHIPPED_RUNBOOKS = 'docs/runbooks/';

/** Reads and compiles the Sigma rules of a policy. Never throws; a rule with an error is left out. */
export async function compileAlertRules(plan: AlertsPlan): Promise<CompiledRules> {
  const { ruleFiles, readyMadeRules } = plan;
  const shipped = await readRuleFiles(readyMadeRules === undefined ? [] : [readyMadeRules]);
  const own = await readRuleFiles(ruleFiles);
  const documents = [...shipped.documents, ...own.documents];
  const { rules, problems } = compiled(documents, plan);
  return { rules, documents, problems: [...shipped.problems, ...own.problems, ...problems] };
}

/** The rules once more, as if they had not observed anything. */
export function compileAgain({ documents }: Pick<CompiledRules, 'documents'>, plan: AlertsPlan): SigmaRules {
  return compiled(documents, plan).rules;
}

function compiled(
  documents: readonly SigmaDocument[],
  { placeholders, runbooks }: AlertsPlan,
): ReturnType<typeof SigmaRules.compile> {
  if (runbooks === undefined) return SigmaRules.compile(documents, { placeholders });
  return SigmaRules.compile(documents.map(withoutFolder), { placeholders, runbookBase: runbooks });
}

/** The pages of the shipped rules have other places where a policy says so. */
function withoutFolder(document: SigmaDocument): SigmaDocument {
  const { value } = document;
  if (typeof value !== 'object' || value === null || !('runbook' in value)) return document;
  const { runbook } = value;
  if (typeof runbook !== 'string' || !runbook.startsWith(SHIPPED_RUNBOOKS)) return document;
  return { ...document, value: { ...value, runbook: runbook.slice(SHIPPED_RUNBOOKS.length) } };
}
