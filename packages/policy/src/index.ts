export { type Answer, decide, principalFrom, type Question } from './decide.ts';
export { LiveGuard, type LiveGuardOptions } from './live-guard.ts';
export { checkPolicy, type LoadOptions, loadPolicy } from './load-policy.ts';
export { LAYERS, pipeline, type PipelineParts } from './pipeline.ts';
export type { Origin, Policy } from './policy.ts';
export type { PolicyFile, ServerEntry, StdioIdentity, ToolSchemas } from './policy-file.ts';
export { runPolicyTests, type TestOutcome } from './run-policy-tests.ts';
export { formatProblem, PolicyError, type Problem } from './problem.ts';
