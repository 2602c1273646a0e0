import { compileRedaction } from './compile-redaction.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import { listChoices, type RedactionPlan } from './redaction-plan.ts';
import type { RedactionSection } from './redaction-section.ts';
import type { Path } from './yaml-source.ts';

/** What else a policy says, that names in its redaction are compared with. */
export interface Around {
  /** Servers that the policy can start. */
  readonly servers: readonly string[];
  /** Roles that a rule or an identity names. */
  readonly roles: ReadonlySet<string>;
}

/** Roles, tools or servers of one entry, with the way to them. */
interface Scope {
  readonly path: Path;
  readonly roles: readonly string[];
  readonly tools: readonly string[];
}

/**
 * Names in a redaction section that would match nothing, so that an entry is off without anybody noticing: what cannot be
 * a name is an error, what nothing else in the policy knows a warning.
 */
export function redactionWarnings(
  layers: readonly Layer[],
  plan: RedactionPlan,
  around: Around,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { source, file } of layers) {
    for (const { path, roles, tools } of scopesOf(file.redaction ?? {})) {
      const say = (message: string | undefined, severity: Problem['severity']): void => {
        if (message !== undefined)
          problems.push({ file: source.file, ...source.at(path), message, severity });
      };
      for (const role of roles) {
        const wrong = whyNoRole(role);
        say(wrong, 'error');
        if (wrong === undefined) say(unknownRole(role, around.roles), 'warning');
      }
      for (const tool of tools) {
        const wrong = whyNoTool(tool);
        say(wrong, 'error');
        if (wrong === undefined) say(unknownServer(tool, around.servers), 'warning');
      }
    }
  }
  if (!problems.some(({ severity }) => severity === 'error')) problems.push(...unusedRules(layers, plan));
  return problems;
}

function scopesOf(section: RedactionSection): readonly Scope[] {
  const choices = (['results', 'arguments'] as const).flatMap((direction) =>
    listChoices(section, direction).flatMap(({ choice, path }): Scope[] => [
      {
        path,
        roles: [...(choice.roles ?? []), ...(choice.exceptRoles ?? [])],
        tools: choice.tools ?? [],
      },
      ...(choice.except ?? []).map(({ role, roles = [], tools = [] }, index) => ({
        path: [...path, 'except', index],
        roles: [...(role === undefined ? [] : [role]), ...roles],
        tools,
      })),
    ]),
  );
  const restores = (section.restore ?? []).map(({ tools, roles = [] }, index) => ({
    path: ['redaction', 'restore', index],
    roles,
    tools,
  }));
  return [...choices, ...restores];
}

function whyNoRole(role: string): string | undefined {
  return role.startsWith('role:')
    ? `roles stand here without "role:"; write ${role.slice('role:'.length)}`
    : undefined;
}

function whyNoTool(tool: string): string | undefined {
  if (/^(?:[^/]*\/)?tool:/.test(tool))
    return `tools stand here without "tool:"; write ${tool.replace('tool:', '')}`;
  if (tool.includes(':'))
    return `"${tool}" names no tool; write TOOL or SERVER/TOOL, such as ${tool.replace(':', '/')}`;
  return tool.includes('?')
    ? `"${tool}" has a "?", which stands for itself; write a name, or a beginning and *`
    : undefined;
}

function unknownRole(role: string, known: ReadonlySet<string>): string | undefined {
  if (known.size === 0 || known.has(role)) return undefined;
  const near = nearest(role, [...known]);
  return `no rule and no identity names the role "${role}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

function unknownServer(tool: string, known: readonly string[]): string | undefined {
  const slash = tool.indexOf('/');
  const server = tool.slice(0, slash);
  if (slash < 0 || server === '*' || known.length === 0 || known.includes(server)) return undefined;
  const near = nearest(server, known);
  return `servers has no "${server}"; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`}`;
}

/** A rule of the policy's own finds something, and no entry says what to do with it. */
function unusedRules(layers: readonly Layer[], plan: RedactionPlan): readonly Problem[] {
  const { rules } = compileRedaction(plan);
  const isUsed = (entity: string): boolean =>
    rules.some(({ entities }) => entities === '*' || entities.includes(entity));
  return layers.flatMap(({ source, file }) =>
    (file.redaction?.detection?.rules ?? []).flatMap(({ entity }, index): Problem[] => {
      if (isUsed(entity)) return [];
      const place = source.at(['redaction', 'detection', 'rules', index]);
      const message = `nothing is done with ${entity}; add { entities: [${entity}], operator: label } to results, or "operators: { ${entity}: label }" to an entry with a pack`;
      return [{ file: source.file, ...place, message, severity: 'warning' }];
    }),
  );
}
