import {
  type DetectorOptions,
  ENTITIES,
  type EntityName,
  SECRET_ENTITIES,
  type UserRule,
} from '@sallyport/detection';
import {
  expandPack,
  findPack,
  mergePacks,
  PACKS,
  type RedactionRule,
  type RestoreRule,
  type RuleException,
} from '@sallyport/redaction';
import type { RedactionPlan } from './redaction-plan.ts';
import type { RedactionChoice, RedactionException, RestoreEntry } from './redaction-section.ts';

/** A plan as the redaction layer takes it. */
export interface CompiledRedaction {
  readonly rules: readonly RedactionRule[];
  readonly restoreFor: readonly RestoreRule[];
  /** Without what finds names in prose. */
  readonly detector: DetectorOptions;
  /** Names of persons have to be looked for in prose. */
  readonly findsNames: boolean;
  readonly needsVault: boolean;
  /** An operator needs a key of its own. */
  readonly needsKey: boolean;
}

/** A password that anybody could guess is one as well; a key or token that looks like a word is mostly something else. */
const SURE = 0.6;
const SECRET_THRESHOLDS: Readonly<Record<string, number>> = Object.fromEntries(
  SECRET_ENTITIES.map((entity) => [entity, SURE]),
);

const KEYED: ReadonlySet<string> = new Set(['hash', 'shift', 'surrogate']);

/** @throws TypeError for a choice that cannot work; `checkRedaction` says where it stands */
export function compileRedaction(plan: RedactionPlan): CompiledRedaction {
  const rules = plan.choices.flatMap(({ choice, direction }) => rulesOf(choice, direction));
  const isWanted = (entity: string): boolean =>
    rules.some(({ entities }) => entities === '*' || entities.includes(entity));
  return {
    rules,
    restoreFor: plan.restore.flatMap(restoreRulesOf),
    detector: detectorOptions(plan, rules),
    findsNames: plan.names && isWanted('PERSON'),
    needsVault: plan.restore.length > 0 || rules.some(({ operator }) => operator === 'token'),
    needsKey: rules.some(({ operator }) => KEYED.has(operator)),
  };
}

/**
 * Everything personal is looked for as soon as any of it is wanted, because kinds decide against each other: what is no
 * phone number for want of looking for one may pass for another number.
 */
function detectorOptions(plan: RedactionPlan, rules: readonly RedactionRule[]): DetectorOptions {
  const { detection } = plan;
  const named = new Set(
    rules.flatMap(({ entities }) => (entities === '*' ? [...ENTITIES, ...SECRET_ENTITIES] : entities)),
  );
  const own = [...detectorRules(plan)];
  const entities = new Set<string>([...ENTITIES, ...named, ...own.map(({ entity }) => entity)]);
  return {
    ...(detection as Omit<DetectorOptions, 'entities'>),
    entities: [...entities] as EntityName[],
    rules: own,
    thresholds: { ...SECRET_THRESHOLDS, ...detection.thresholds },
  };
}

/** The rules of the policy, and those that its packs bring. */
export function detectorRules({ choices, detection }: RedactionPlan): readonly UserRule[] {
  const packs = new Set(choices.flatMap(({ choice }) => choice.pack ?? []));
  const brought = [...packs].flatMap((name) => PACKS.get(name)?.detectorRules ?? []);
  return [...((detection.rules ?? []) as readonly UserRule[]), ...brought];
}

/** The rules of one entry, in the order in which they are asked. */
export function rulesOf(
  choice: RedactionChoice,
  direction: 'arguments' | 'results',
): readonly RedactionRule[] {
  const except = (choice.except ?? []).flatMap(exceptionsOf);
  const shared = {
    ...(choice.roles !== undefined && { roles: choice.roles }),
    ...(choice.exceptRoles !== undefined && { exceptRoles: choice.exceptRoles }),
    ...(except.length > 0 && { except }),
  };
  return plainRules(choice, direction).flatMap((rule) =>
    targetsOf(choice.tools).map((target) => ({ ...rule, ...shared, ...target })),
  );
}

function plainRules(choice: RedactionChoice, direction: 'arguments' | 'results'): readonly RedactionRule[] {
  const { pack, entities, operator, operators, keepLast, maxDays } = choice;
  const options = { ...(keepLast !== undefined && { keepLast }), ...(maxDays !== undefined && { maxDays }) };
  if (pack === undefined) {
    if (entities === undefined || operator === undefined) {
      throw new TypeError('says not what to do; write "pack", or "entities" and "operator"');
    }
    if (operators !== undefined) throw new TypeError('"operators" belongs to a pack; write "operator"');
    return [{ direction, entities, operator, ...options }];
  }
  if (entities !== undefined) {
    throw new TypeError('has a pack and entities; write two entries, the more special one first');
  }
  const merged = mergePacks([pack].flat().map((name) => findPack(name)));
  const single = Object.fromEntries(
    Object.entries(operators ?? {}).map(([entity, own]) => [
      entity,
      { operator: own, ...optionsOf(own, options) },
    ]),
  );
  return expandPack(merged, {
    direction,
    ...(operator !== undefined && { operator }),
    ...(operators !== undefined && { operators: single }),
  }).map((rule) => ({ ...rule, ...optionsOf(rule.operator, options) }));
}

/** Of what an entry says of its operators, what one of them takes. */
function optionsOf(
  operator: string,
  { keepLast, maxDays }: { readonly keepLast?: number; readonly maxDays?: number },
): { readonly keepLast?: number; readonly maxDays?: number } {
  return {
    ...(operator === 'mask' && keepLast !== undefined && { keepLast }),
    ...(operator === 'shift' && maxDays !== undefined && { maxDays }),
  };
}

interface Target {
  readonly tools?: readonly string[];
  readonly servers?: readonly string[];
}

const ANYWHERE: readonly Target[] = [{}];

/** `get_patient` is a tool of any server, `ehr/get_patient` of one; before a slash that is part of a name, `*` stands. */
function targetsOf(tools: readonly string[] | undefined): readonly Target[] {
  if (tools === undefined) return ANYWHERE;
  const plain = tools.filter((name) => !name.includes('/'));
  const targets: Target[] = plain.length === 0 ? [] : [{ tools: plain }];
  for (const name of tools) {
    const slash = name.indexOf('/');
    if (slash < 0) continue;
    const [server, tool] = [name.slice(0, slash), name.slice(slash + 1)];
    if (server === '' || tool === '') {
      throw new TypeError(`"${name}" names no tool; write TOOL or SERVER/TOOL`);
    }
    targets.push({ tools: [tool], ...(server !== '*' && { servers: [server] }) });
  }
  return targets;
}

function exceptionsOf({ role, roles, tools, entities }: RedactionException): readonly RuleException[] {
  const all = [...(role === undefined ? [] : [role]), ...(roles ?? [])];
  return targetsOf(tools).map((target) => ({
    ...target,
    ...(all.length > 0 && { roles: all }),
    ...(entities !== undefined && { entities }),
  }));
}

export function restoreRulesOf({ tools, roles, entities }: RestoreEntry): readonly RestoreRule[] {
  return targetsOf(tools).map(({ tools: named = [], servers }) => ({
    tools: named,
    ...(servers !== undefined && { servers }),
    ...(roles !== undefined && { roles }),
    ...(entities !== undefined && { entities }),
  }));
}
