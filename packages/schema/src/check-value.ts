import { isJsonObject, Refusal } from '@sallyport/core';

import type { CompiledSchema } from './compile-schema.ts';
import { VALUE_BOUNDS } from './limits.ts';
import { measure } from './measure.ts';
import { UnusableSchema } from './unusable.ts';
import type { Violation } from './violation.ts';

/** What a value is checked against. */
export interface Rules {
  /** The tool's own schema, why it cannot be used, or undefined where it has none or it is not asked for. */
  readonly own: CompiledSchema | UnusableSchema | undefined;
  readonly policy: readonly CompiledSchema[];
  /** Whether undeclared properties are refused. */
  readonly strict: boolean;
}

/** Why arguments are refused, or undefined. */
export function refuseArguments(given: unknown, rules: Rules): Refusal | undefined {
  if (rules.own === undefined && rules.policy.length === 0) return undefined;
  const unusable = unusableRefusal(rules, 'inputSchema');
  if (unusable !== undefined) return unusable;
  const violation = isJsonObject(given)
    ? findViolation(given, rules)
    : { pointer: '', rule: 'type', text: 'must be object' };
  return (
    violation && refusal('invalid_params', 'Invalid arguments for this tool', 'the arguments', violation)
  );
}

/** Why `structuredContent` is refused, or undefined. */
export function refuseResult(content: unknown, rules: Rules): Refusal | undefined {
  if (rules.own === undefined && rules.policy.length === 0) return undefined;
  const unusable = unusableRefusal(rules, 'outputSchema');
  if (unusable !== undefined) return unusable;
  const violation =
    content === undefined
      ? { pointer: '', rule: 'required', text: 'must be there, since the tool has a schema for it' }
      : findViolation(content, rules);
  return (
    violation && refusal('invalid_result', 'Invalid result of this tool', '"structuredContent"', violation)
  );
}

/** A schema that cannot be used stops its tool, unless the policy has one to use instead. */
export function unusableRefusal({ own, policy }: Rules, member: string): Refusal | undefined {
  if (!(own instanceof UnusableSchema) || policy.length > 0) return undefined;
  return new Refusal(
    'unavailable',
    `This tool cannot be checked: in its "${member}", ${own.message}. ` +
      'Correct the tool, or give it a schema in the policy.',
  );
}

function findViolation(value: unknown, { own, policy, strict }: Rules): Violation | undefined {
  const { size, problem } = measure(value, VALUE_BOUNDS);
  if (size === undefined) return outOfBounds(problem);
  const usable = own instanceof UnusableSchema ? undefined : own;
  for (const schema of usable === undefined ? policy : [usable, ...policy]) {
    const violation = schema.check(value, size);
    if (violation !== undefined) return violation;
  }
  if (!strict) return undefined;
  for (const schema of usable === undefined ? policy : [usable]) {
    const violation = schema.undeclared(value, size);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function outOfBounds(problem: 'too deep' | 'too large' | '__proto__'): Violation {
  return problem === '__proto__'
    ? { pointer: '', rule: 'names', text: 'must not have a property named "__proto__"' }
    : { pointer: '', rule: 'depth', text: `must not be nested more than ${VALUE_BOUNDS.depth} deep` };
}

function refusal(
  code: 'invalid_params' | 'invalid_result',
  what: string,
  whole: string,
  { pointer, rule, text }: Violation,
): Refusal {
  const subject = pointer === '' ? whole : pointer;
  return new Refusal(code, `${what}: ${subject} ${text} (rule "${rule}").`, { data: { pointer, rule } });
}
