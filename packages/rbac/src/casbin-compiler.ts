import { loadCasbin } from './casbin.ts';
import { CasbinPolicy, type CasbinRule } from './casbin-policy.ts';
import { compileCondition, type Condition } from './condition/condition.ts';
import type { ModelShape } from './model.ts';
import { type ObjectPattern, parseObjectPattern } from './object-pattern.ts';
import type { Problem } from './problem.ts';
import type { Rbac } from './rbac.ts';
import { Roles } from './roles.ts';
import { effectOf, isFault, type Line, type PolicySource, readRules, subjectOf } from './rule-reader.ts';
import { type Glob, parseGlob } from './segment-glob.ts';

/**
 * Loads a policy into casbin, under a model of one's own. Rules are read by our reader, for their positions,
 * and checked as far as the model says what their fields are; the enforcer is built aside, whole, or not at
 * all.
 */
export function* compileCasbin(
  shape: ModelShape,
  policy: readonly PolicySource[],
  problems: Problem[],
): Generator<void, Rbac | undefined> {
  const rules = new CasbinRules(shape);
  const domains = new Map([['', new Roles()]]);
  const { grant } = shape;
  const grants = yield* readRules({ policy, problems, grant, domains, rule: (line) => rules.add(line) });
  if (problems.length > 0) return undefined;
  const { Enforcer } = loadCasbin();
  const enforcer = new Enforcer();
  try {
    // Async by signature only: without an adapter there is nothing it waits for.
    void enforcer.initWithModelAndAdapter(shape.model);
    const assertion = shape.model.model.get('p')?.get('p');
    if (assertion === undefined) throw new Error('The model has no rules.');
    assertion.policy = [...rules.places.keys()];
    enforcer.sortPolicies();
    const { objectGlobs, globs, conditions, places } = rules;
    const size = places.size + grants.length;
    return new CasbinPolicy({
      enforcer,
      size,
      request: shape.request,
      domains,
      places,
      objectGlobs,
      globs,
      conditions,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    problems.push({
      file: policy[0]?.file ?? '',
      line: 1,
      column: 1,
      message: `Casbin cannot load this policy: ${reason}.`,
    });
    return undefined;
  }
}

class CasbinRules {
  readonly places = new Map<CasbinRule, { readonly text: string; readonly at: string }>();
  readonly objectGlobs = new Map<string, ObjectPattern>();
  readonly globs = new Map<string, Glob>();
  readonly conditions = new Map<string, Condition | undefined>();
  readonly #shape: ModelShape;

  constructor(shape: ModelShape) {
    this.#shape = shape;
  }

  add(line: Line): void {
    const { policy, objectGlobs, globs, conditions } = this.#shape;
    const { fields } = line;
    const optional = policy.at(-1) === 'eft' ? (policy.at(-2) === 'cond' ? 2 : 1) : 0;
    if (fields.length > policy.length || fields.length < policy.length - optional) {
      line.blame(
        fields[policy.length],
        `This model's rules have other fields; write p, ${policy.join(', ')}.`,
      );
      return;
    }
    const at = (name: string): (typeof fields)[number] | undefined => fields[policy.indexOf(name)];
    const effect = policy.includes('eft') ? effectOf(line, at('eft')) : 'allow';
    const sub = at('sub');
    if (sub !== undefined) subjectOf(line, sub);
    for (const name of objectGlobs)
      this.#keep(line, at(name), this.objectGlobs, (text) => parseObjectPattern(text, effect ?? 'allow'));
    for (const name of globs) this.#keep(line, at(name), this.globs, parseGlob);
    for (const name of conditions) {
      const field = at(name);
      const condition = compileCondition(field?.value ?? '');
      if (isFault(condition)) line.blame(field, condition.message, condition.offset);
      else this.conditions.set(field?.value ?? '', condition);
    }
    const priority = at('priority');
    if (priority !== undefined && !/^\d+$/.test(priority.value)) {
      line.blame(priority, 'A priority is a whole number; the smallest is looked at first.');
    }
    const values = fields.map(({ value }) => value);
    const { source, number, start, end } = line;
    this.places.set(values, { text: source.text.slice(start, end).trim(), at: `${source.file}:${number}` });
  }

  #keep<T extends object>(
    line: Line,
    field: Line['fields'][number] | undefined,
    kept: Map<string, T>,
    parse: (text: string) => T | { readonly offset: number; readonly message: string },
  ): void {
    if (field === undefined) return;
    const parsed = parse(field.value);
    if (isFault(parsed)) line.blame(field, parsed.message, parsed.offset);
    else kept.set(field.value, parsed);
  }
}
