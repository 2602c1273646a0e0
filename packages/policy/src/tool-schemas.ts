import { validate } from '@sallyport/schema';
import type { ToolSchemas } from './policy-file.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';

/** Every JSON Schema that the policy gives for a tool must compile. */
export function checkToolSchemas(layers: readonly Layer[]): Problem[] {
  const problems: Problem[] = [];
  for (const { source, file } of layers) {
    for (const [index, entry] of (file.schema?.tools ?? []).entries()) {
      for (const member of ['arguments', 'result'] as const) {
        if (entry[member] === undefined) continue;
        const message = whyUnusable({ tool: entry.tool, [member]: entry[member] });
        if (message === undefined) continue;
        const place = source.at(['schema', 'tools', index, member]);
        problems.push({ file: source.file, ...place, message, severity: 'error' });
      }
      if (entry.arguments === undefined && entry.result === undefined) {
        const message = `nothing is said about "${entry.tool}"; write "arguments", "result" or both`;
        const place = source.at(['schema', 'tools', index]);
        problems.push({ file: source.file, ...place, message, severity: 'error' });
      }
    }
  }
  return problems;
}

/** Undefined for a schema that can be used. */
function whyUnusable(entry: ToolSchemas): string | undefined {
  try {
    validate({ schemas: [entry] });
    return undefined;
  } catch (error) {
    const { cause, message } = error as Error;
    return `not a usable JSON Schema: ${cause instanceof Error ? cause.message : message}`;
  }
}
