import { audit, type Recorder } from '@sallyport/audit';
import type { Interceptor } from '@sallyport/core';
import { authorize } from '@sallyport/rbac';
import { validate } from '@sallyport/schema';
import type { Policy } from './policy.ts';

/** What a pipeline is built from. */
export interface PipelineParts {
  readonly policy: Policy;
  readonly recorder: Recorder;
  /** Layers of the host's own. Default: none. */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

interface LayerPlan {
  readonly name: string;
  readonly in: string;
  readonly out: string;
  build(parts: PipelineParts): Interceptor;
}

/**
 * The order of the layers, outermost first; the one place that knows it.
 *
 * Rbac stands before schema, so that a denied tool and an unknown one are refused alike before anything of their schema
 * can be learned from an error. Neither changes the arguments: what is decided on is what executes.
 */
export const LAYERS: readonly LayerPlan[] = [
  {
    name: 'audit',
    in: 'writes the attempt, durable before anything executes or is disclosed',
    out: 'writes the outcome, refusals and crashes included',
    build: ({ policy, recorder }) =>
      audit({
        recorder,
        policy: policy.digest,
        values: policy.audit.arguments,
        // In audit mode nothing is refused, and so everything may execute.
        alsoExecutes: ({ method, principal, server }) =>
          policy.mode === 'audit' ||
          policy.rbac.couldPermit({ principal, server, object: `method:${method}`, action: 'call' }),
      }),
  },
  {
    name: 'rbac',
    in: 'decides whether this principal may do this, with these arguments',
    out: 'removes from lists what the principal may not use',
    build: ({ policy }) => authorize({ rbac: policy.rbac, mode: policy.mode }),
  },
  {
    name: 'schema',
    in: "validates the arguments that will execute against the tool's inputSchema",
    out: "validates structuredContent against the tool's outputSchema",
    build: ({ policy }) =>
      validate({
        arguments: policy.schema.arguments,
        results: policy.schema.results,
        unknownTools: policy.schema.unknownTools,
        schemas: policy.schema.tools,
        mode: policy.mode,
      }),
  },
];

/** Builds the interceptors of a policy, outermost first. */
export function pipeline(parts: PipelineParts): readonly Interceptor[] {
  const [outermost, ...inner] = LAYERS.map((layer) => layer.build(parts));
  if (outermost === undefined) throw new TypeError('A pipeline has layers.');
  // The host's own come before the decision, so that what they change is decided on, and after the record.
  return [outermost, ...(parts.interceptors ?? []), ...inner];
}
