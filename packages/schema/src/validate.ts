import {
  type Call,
  type Interceptor,
  isJsonObject,
  isModern,
  type JsonObject,
  type Next,
  Refusal,
  type Result,
} from '@sallyport/core';

import type { Catalog } from './catalog.ts';
import { refuseArguments, refuseResult, type Rules, unusableRefusal } from './check-value.ts';
import { checkChoices, compilePolicySchemas, type PolicyLookup, type ValidateOptions } from './options.ts';
import { ToolCatalogs } from './tool-catalogs.ts';
import type { ToolDefinition } from './tool-definition.ts';

/**
 * Checks the arguments of tools against their `inputSchema`, and what they answer against their
 * `outputSchema`.
 *
 * @throws TypeError when an option, or a schema of the policy, is not usable
 */
export function validate(options: ValidateOptions = {}): Interceptor {
  return new Validation(options);
}

class Validation implements Interceptor {
  readonly name = 'schema';
  readonly #arguments: 'strict' | 'schema' | 'off';
  readonly #results: 'enforce' | 'audit' | 'off';
  readonly #audit: boolean;
  readonly #passUnknown: boolean;
  readonly #policy: PolicyLookup;
  readonly #catalogs: ToolCatalogs;

  constructor(options: ValidateOptions) {
    checkChoices(options);
    this.#arguments = options.arguments ?? 'strict';
    this.#results = options.results ?? 'enforce';
    this.#audit = options.mode === 'audit';
    this.#passUnknown = options.unknownTools === 'pass';
    this.#policy = compilePolicySchemas(options.schemas ?? []);
    this.#catalogs = options.catalogs ?? new ToolCatalogs(options.now);
  }

  intercept(call: Call, next: Next): Promise<Result> {
    switch (call.method) {
      case 'tools/call':
        return call.direction === 'inbound' ? this.#call(call, next) : next(call);
      case 'tools/list':
        return call.direction === 'inbound' ? this.#list(call, next) : next(call);
      case 'notifications/tools/list_changed':
        if (call.direction === 'outbound') this.#catalog(call).invalidate();
        return next(call);
      default:
        return next(call);
    }
  }

  async #list(call: Call, next: Next): Promise<Result> {
    const catalog = this.#catalog(call);
    const { epoch } = catalog;
    const answer = await next(call);
    if (answer.error === undefined) catalog.learn(answer.result['tools'], epoch);
    return answer;
  }

  /** Does not wait when the tool is known: see `Interceptor`. */
  #call(call: Call, next: Next): Promise<Result> {
    const { name } = call.params;
    if (typeof name !== 'string') {
      this.#refuse(call, new Refusal('invalid_params', 'A tool call has to name a tool: "name" is missing.'));
      return next(call);
    }
    if (this.#arguments === 'off' && this.#results === 'off') return this.#check(call, name, undefined, next);
    const tool = this.#catalog(call).find(call, name);
    return tool instanceof Promise
      ? tool.then(
          (found) => this.#checkKnown(call, name, found, next),
          (refusal: unknown) => {
            this.#refuse(call, Refusal.from(refusal));
            return this.#check(call, name, undefined, next);
          },
        )
      : this.#checkKnown(call, name, tool, next);
  }

  #checkKnown(call: Call, name: string, tool: ToolDefinition | undefined, next: Next): Promise<Result> {
    // The same words as for a tool that rbac denies: names cannot be probed.
    if (tool === undefined && !this.#passUnknown) this.#refuse(call, Refusal.notPermitted());
    return this.#check(call, name, tool, next);
  }

  #check(call: Call, name: string, tool: ToolDefinition | undefined, next: Next): Promise<Result> {
    const policy = this.#policy(name);
    const own = this.#arguments === 'off' ? undefined : tool?.arguments.get();
    const input: Rules = {
      own,
      policy: policy.arguments,
      strict: this.#arguments === 'strict' && own !== undefined,
    };
    const output: Rules = {
      own: this.#results === 'off' ? undefined : tool?.result.get(),
      policy: policy.results,
      strict: false,
    };
    this.#refuse(call, refuseArguments(call.params['arguments'] ?? {}, input));
    if (output.own === undefined && output.policy.length === 0) return next(call);
    const auditResults = this.#results === 'audit';
    // What could not be checked afterwards does not run.
    this.#refuse(call, unusableRefusal(output, 'outputSchema'), auditResults);
    return next(call).then((answer) => {
      const result = answer.error === undefined ? answer.result : undefined;
      if (result === undefined || !isFinal(call, result)) return answer;
      this.#refuse(call, refuseResult(result['structuredContent'], output), auditResults);
      return answer;
    });
  }

  /** @throws the refusal, or in audit mode only records it */
  #refuse(call: Call, refusal: Refusal | undefined, audit = false): void {
    if (refusal === undefined) return;
    if (!this.#audit && !audit) throw refusal;
    const { code, message } = refusal;
    call.trail.add({ layer: this.name, kind: 'would_refuse', code, message });
  }

  #catalog({ server }: Call): Catalog {
    return this.#catalogs.of(server);
  }
}

/**
 * Whether a result is what the `outputSchema` describes: no failure, no question back (2026-07-28), no task that goes on.
 */
function isFinal(call: Call, result: JsonObject): boolean {
  // What comes with structured content is read as a result, whatever it says of itself.
  if (result['structuredContent'] !== undefined) return true;
  if (result['isError'] === true) return false;
  if (result['resultType'] === 'input_required' && isModern(call.params)) return false;
  return !(isJsonObject(call.params['task']) && isJsonObject(result['task']));
}
