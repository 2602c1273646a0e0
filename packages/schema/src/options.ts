import { isJsonObject, type JsonObject, type Mode } from '@sallyport/core';

import { CompiledSchema } from './compile-schema.ts';
import type { ToolCatalogs } from './tool-catalogs.ts';
import { UnusableSchema } from './unusable.ts';

/** A schema that the policy adds for tools, whatever the server says of them. */
export interface ToolSchema {
  /** The exact name of a tool, or the beginning of names followed by `*`. */
  readonly tool: string;
  /** What arguments must satisfy besides the tool's own `inputSchema`. */
  readonly arguments?: JsonObject;
  /** What `structuredContent` must satisfy besides the tool's own `outputSchema`. */
  readonly result?: JsonObject;
}

export interface ValidateOptions {
  /**
   * `strict`: the tool's `inputSchema`, and no property that it does not declare, even where it would allow
   * them. `schema`: the `inputSchema` as it stands. `off`: only the policy's own schemas. Default: `strict`.
   */
  readonly arguments?: 'strict' | 'schema' | 'off';
  /**
   * `enforce` refuses results that break the tool's `outputSchema`, `audit` only records them, `off`: only
   * the policy's own schemas. Default: `enforce`.
   */
  readonly results?: 'enforce' | 'audit' | 'off';
  /** Schemas of the policy's own, applied in addition. Default: none. */
  readonly schemas?: readonly ToolSchema[];
  /** What becomes of a call to a tool that the server does not list. Default: `refuse`. */
  readonly unknownTools?: 'refuse' | 'pass';
  /** Default: `enforce`. */
  readonly mode?: Mode;
  /** Where the tools of servers are remembered, for hosts that ask it too. Default: one of its own. */
  readonly catalogs?: ToolCatalogs;
  /** Milliseconds of a monotonic clock, for catalogs of its own. Default: `performance.now`. */
  readonly now?: () => number;
}

/** The schemas of the policy for one tool. */
interface PolicySchemas {
  readonly arguments: readonly CompiledSchema[];
  readonly results: readonly CompiledSchema[];
}

interface CompiledToolSchema {
  readonly tool: string;
  readonly arguments: CompiledSchema | undefined;
  readonly result: CompiledSchema | undefined;
}

/** Finds the policy's schemas for a tool by its name. */
export type PolicyLookup = (tool: string) => PolicySchemas;

/** @throws TypeError naming the option and what to write */
export function checkChoices(options: ValidateOptions): void {
  choose('arguments', options.arguments, ['strict', 'schema', 'off']);
  choose('results', options.results, ['enforce', 'audit', 'off']);
  choose('unknownTools', options.unknownTools, ['refuse', 'pass']);
  choose('mode', options.mode, ['enforce', 'audit']);
}

/** @throws TypeError naming the entry, the place in its schema, and what is wrong there */
export function compilePolicySchemas(schemas: readonly ToolSchema[]): PolicyLookup {
  if (schemas.length === 0) return () => NO_SCHEMAS;
  const compiled = schemas.map(compileToolSchema);
  return (tool) => {
    const matching = compiled.filter((each) => matches(each.tool, tool));
    return {
      arguments: matching.flatMap((each) => each.arguments ?? []),
      results: matching.flatMap((each) => each.result ?? []),
    };
  };
}

const NO_SCHEMAS: PolicySchemas = { arguments: [], results: [] };

function choose(option: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return;
  throw new TypeError(
    `validate: "${option}" has to be ${choices.map((choice) => `"${choice}"`).join(' or ')}.`,
  );
}

function compileToolSchema(entry: ToolSchema, index: number): CompiledToolSchema {
  const where = `validate: schemas[${index}]`;
  const { tool } = entry;
  if (typeof tool !== 'string' || tool === '' || tool.slice(0, -1).includes('*')) {
    throw new TypeError(`${where}.tool has to be a tool name, or the beginning of names followed by "*".`);
  }
  if (entry.arguments === undefined && entry.result === undefined) {
    throw new TypeError(`${where} says nothing about "${tool}": write "arguments", "result" or both.`);
  }
  return {
    tool,
    arguments: compile(entry.arguments, `${where}.arguments`, true),
    result: compile(entry.result, `${where}.result`, false),
  };
}

function compile(schema: unknown, where: string, formats: boolean): CompiledSchema | undefined {
  if (schema === undefined) return undefined;
  if (!isJsonObject(schema)) throw new TypeError(`${where} has to be a JSON Schema object.`);
  try {
    return new CompiledSchema(schema, { formats });
  } catch (error) {
    if (!(error instanceof UnusableSchema)) throw error;
    throw new TypeError(`${where} is not usable: ${error.message}.`, { cause: error });
  }
}

function matches(pattern: string, tool: string): boolean {
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern;
}
