import { audit, type PersonalOptions, type Recorder } from '@sallyport/audit/recording';
import type { Interceptor } from '@sallyport/core';
import { authorize } from '@sallyport/rbac';
import { ToolCatalogs, validate } from '@sallyport/schema';
import type { Policy } from './policy.ts';

/** What a pipeline is built from. */
export interface PipelineParts {
  readonly policy: Policy;
  readonly recorder: Recorder;
  /** How people are kept out of records. Without it, a policy that asks for that has no pipeline. */
  readonly personal?: PersonalOptions | undefined;
  /** Layers of the host's own. Default: none. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /**
   * Makes the redaction layer of a policy that has one. It is given what tools promise of their results. Without it, such a
   * policy has no pipeline.
   */
  readonly redaction?: ((schemaOf: (server: string, tool: string) => unknown) => Interceptor) | undefined;
  /** Keeps what is in quarantine from running. Without it, a policy with alerts has no pipeline. */
  readonly quarantine?: Interceptor | undefined;
}

interface LayerParts extends PipelineParts {
  readonly catalogs: ToolCatalogs;
}

interface LayerPlan {
  readonly name: string;
  readonly in: string;
  readonly out: string;
  /** Undefined where the policy asks for nothing of it. */
  build(parts: LayerParts): Interceptor | undefined;
}

/**
 * The order of the layers, outermost first; the one place that knows it.
 *
 * Rbac stands before schema, so that a denied tool and an unknown one are refused alike before anything of their schema
 * can be learned from an error. Neither changes the arguments: what is decided on is what executes. Redaction stands before
 * both, since it does change them, and on the way out after both, since they read the result as the server wrote it.
 */
export const LAYERS: readonly LayerPlan[] = [
  {
    name: 'audit',
    in: 'writes the attempt, durable before anything executes or is disclosed',
    out: 'writes the outcome, refusals and crashes included',
    build: ({ policy, recorder, personal }) => {
      if (policy.audit.personal !== undefined && personal === undefined)
        throw new TypeError('The policy keeps people out of records; pass `personal` to the pipeline.');
      return audit({
        recorder,
        policy: policy.digest,
        values: policy.audit.arguments,
        ...(personal !== undefined && { personal }),
        // In audit mode nothing is refused, and so everything may execute.
        alsoExecutes: ({ method, principal, server }) =>
          policy.mode === 'audit' ||
          policy.rbac.couldPermit({ principal, server, object: `method:${method}`, action: 'call' }),
      });
    },
  },
  {
    name: 'redaction',
    in: 'gives tools the values of tokens where the policy says so, and rewrites what is found in the arguments',
    out: 'rewrites what is found in the result, and hides secrets that were looked up',
    build: ({ policy, redaction, catalogs }) => {
      if (policy.redaction === undefined) return undefined;
      if (redaction === undefined)
        throw new TypeError('The policy redacts; pass `redaction` to the pipeline.');
      return redaction((server, tool) => catalogs.outputSchemaOf(server, tool));
    },
  },
  {
    name: 'rbac',
    in: 'decides whether this principal may do this, with these arguments',
    out: 'removes from lists what the principal may not use',
    build: ({ policy }) => authorize({ rbac: policy.rbac, mode: policy.mode }),
  },
  {
    // Behind rbac: whoever may not use a tool does not learn that it is in quarantine.
    name: 'quarantine',
    in: 'refuses whom, what and where an alert or an admin restricted for a time, or asks for an approval',
    out: 'does nothing',
    build: ({ policy, quarantine }) => {
      if (policy.alerts === undefined) return undefined;
      if (quarantine === undefined)
        throw new TypeError('The policy has alerts; pass `quarantine` to the pipeline.');
      return quarantine;
    },
  },
  {
    name: 'schema',
    in: "validates the arguments that will execute against the tool's inputSchema",
    out: "validates structuredContent against the tool's outputSchema",
    build: ({ policy, catalogs }) =>
      validate({
        catalogs,
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
  const catalogs = new ToolCatalogs();
  const [outermost, ...inner] = LAYERS.flatMap((layer) => layer.build({ ...parts, catalogs }) ?? []);
  if (outermost === undefined) throw new TypeError('A pipeline has layers.');
  // The host's own come before the decision, so that what they change is decided on, and after the record.
  return [outermost, ...(parts.interceptors ?? []), ...inner];
}
