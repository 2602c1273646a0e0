export { authorize, type AuthorizeOptions } from './authorize.ts';
export { type CompiledRbac, compileRbac, compileRbacAsync, type RbacSource } from './compile.ts';
export type { ModelSource } from './model.ts';
export type { Problem } from './problem.ts';
export type { AccessRequest, Ask, Decision, ExplainedRule, Explanation, Rbac } from './rbac.ts';
export type { PolicySource } from './rule-reader.ts';
