import { compileCasbin } from './casbin-compiler.ts';
import { compileIndex } from './index-compiler.ts';
import { type ModelSource, readModel } from './model.ts';
import type { Problem } from './problem.ts';
import type { Rbac } from './rbac.ts';
import type { PolicySource } from './rule-reader.ts';

export interface RbacSource {
  /** A casbin model of one's own. Default: the shipped one. */
  readonly model?: ModelSource | undefined;
  /** Rules and grants, as casbin CSV. Of several files all rules count, as if they were one. */
  readonly policy: PolicySource | readonly PolicySource[];
}

/** A policy, or every problem that keeps it from being one. Warnings come with either. */
export type CompiledRbac =
  | { readonly rbac: Rbac; readonly problems?: undefined; readonly warnings: readonly Problem[] }
  | {
      readonly rbac?: undefined;
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
    };

/** How long `compileRbacAsync` works between two turns of the event loop, in milliseconds. */
const SLICE_MS = 3;

/**
 * Compiles a policy at once. With 100,000 rules that takes some hundred milliseconds; see `compileRbacAsync`.
 */
export function compileRbac(source: RbacSource): CompiledRbac {
  const work = compile(source);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Compiles a policy in slices of about 3 ms, so that calls are answered meanwhile: for hot reload. */
export async function compileRbacAsync(source: RbacSource): Promise<CompiledRbac> {
  const work = compile(source);
  for (;;) {
    const start = performance.now();
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() - start < SLICE_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function* compile({ model: modelSource, policy: source }: RbacSource): Generator<void, CompiledRbac> {
  const policy = 'text' in source ? [source] : source;
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const model = readModel(modelSource);
  let rbac: Rbac | undefined;
  switch (model.kind) {
    case 'invalid':
      problems.push(...model.problems);
      break;
    case 'indexed':
      rbac = yield* compileIndex(policy, problems, warnings);
      break;
    case 'casbin':
      warnings.push(model.at);
      rbac = yield* compileCasbin(model.shape, policy, problems);
      break;
  }
  const place = new Map(policy.map(({ file }, index) => [file, index]));
  const inOrder = (a: Problem, b: Problem): number =>
    (place.get(a.file) ?? -1) - (place.get(b.file) ?? -1) || a.line - b.line || a.column - b.column;
  warnings.sort(inOrder);
  if (rbac !== undefined && problems.length === 0) return { rbac, warnings };
  return { problems: problems.sort(inOrder), warnings };
}
