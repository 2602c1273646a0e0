import { matchNames, type NameMatcher } from './matcher.ts';
import { makeOperator, type Means, type Operator, type OperatorChoice } from './operators/make-operator.ts';
import { OPERATORS } from './operators/operator.ts';

/** What to do with findings. Of the rules that fit, the first one decides; where none fits, a finding stays. */
export interface RedactionRule extends OperatorChoice {
  /** `arguments`: what goes to the server; `results`: what comes from it, notifications and its questions included. */
  readonly direction: 'arguments' | 'results' | 'both';
  /** Names of entities, or `*` for all. */
  readonly entities: readonly string[] | '*';
  /** Only for principals with one of these roles. Default: all. */
  readonly roles?: readonly string[];
  /** Not for principals with one of these roles. Default: for all. */
  readonly exceptRoles?: readonly string[];
  /** Only for `tools/call` of these tools: names, or beginnings and `*`. Default: everything. */
  readonly tools?: readonly string[];
  /** Only for these servers: names, or beginnings and `*`. Default: all. */
  readonly servers?: readonly string[];
  /** What this rule does not speak of, so that a later one may; of each, everything that it says has to hold. Default: none. */
  readonly except?: readonly RuleException[];
}

export interface RuleException {
  /** For principals with one of these roles. Default: for all. */
  readonly roles?: readonly string[];
  /** In `tools/call` of these tools: names, or beginnings and `*`. Default: everywhere. */
  readonly tools?: readonly string[];
  /** On these servers: names, or beginnings and `*`. Default: all. */
  readonly servers?: readonly string[];
  /** These entities. Default: all. */
  readonly entities?: readonly string[];
}

export type Direction = 'arguments' | 'results';

/** The operators of one set of rules, by entity. */
export interface OperatorTable {
  /** Undefined where a finding of the entity stays. */
  operatorOf(entity: string): Operator | undefined;
}

/** Where a call goes, and who makes it. */
export interface Scope {
  readonly server: string;
  /** Of the principal, inherited ones included. */
  readonly roles: readonly string[];
}

interface CompiledRule {
  readonly direction: RedactionRule['direction'];
  readonly entities: ReadonlySet<string> | undefined;
  readonly roles: ReadonlySet<string> | undefined;
  readonly exceptRoles: ReadonlySet<string>;
  readonly tools: NameMatcher | undefined;
  readonly servers: NameMatcher | undefined;
  readonly except: readonly CompiledException[];
  readonly operator: Operator | undefined;
}

interface CompiledException {
  readonly roles: ReadonlySet<string> | undefined;
  readonly tools: NameMatcher | undefined;
  readonly servers: NameMatcher | undefined;
  readonly entities: ReadonlySet<string> | undefined;
}

/** A rule for one kind of call: what it speaks of there. */
interface RuleThere {
  readonly rule: CompiledRule;
  readonly without: readonly CompiledException[];
}

const KEYS: ReadonlySet<string> = new Set([
  'direction',
  'entities',
  'operator',
  'keepLast',
  'maxDays',
  'roles',
  'exceptRoles',
  'tools',
  'servers',
  'except',
]);
const EXCEPTION_KEYS: ReadonlySet<string> = new Set(['roles', 'tools', 'servers', 'entities']);
const DIRECTIONS: ReadonlySet<unknown> = new Set(['arguments', 'results', 'both']);
const ENTITY = /^[A-Z][A-Z0-9_]{0,63}$/;
/** More sets of rules than a policy has; what is over it is made again. */
const MOST_TABLES = 512;

/** The rules, compiled; for each set of rules that ever fitted a call, one table. */
export class RuleTable {
  readonly #rules: readonly CompiledRule[];
  readonly #tables = new Map<string, OperatorTable>();

  /** @throws TypeError for a rule that is not usable, with its index and what to write instead */
  constructor(rules: readonly RedactionRule[], means: Means) {
    this.#rules = rules.map((rule, index) => compile(rule, `rules[${index}]`, means));
  }

  /** The operators for a call; undefined where no rule fits, so that nothing needs to be looked at. */
  find({ server, roles }: Scope, direction: Direction, tool: string | undefined): OperatorTable | undefined {
    let key = '';
    for (let index = 0; index < this.#rules.length; index += 1) {
      const rule = this.#rules[index] as CompiledRule;
      if (rule.direction !== 'both' && rule.direction !== direction) continue;
      if (rule.servers !== undefined && !rule.servers(server)) continue;
      if (rule.tools !== undefined && !rule.tools(tool)) continue;
      if (rule.roles !== undefined && !hasOne(roles, rule.roles)) continue;
      if (rule.exceptRoles.size > 0 && hasOne(roles, rule.exceptRoles)) continue;
      key += `${index}`;
      for (let at = 0; at < rule.except.length; at += 1) {
        if (isExcepted(rule.except[at] as CompiledException, { server, roles }, tool)) key += `-${at}`;
      }
      key += ',';
    }
    return key === '' ? undefined : this.#table(key);
  }

  #table(key: string): OperatorTable | undefined {
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const rules = key
      .slice(0, -1)
      .split(',')
      .map((word): RuleThere => {
        const [index, ...excepted] = word.split('-').map(Number);
        const rule = this.#rules[index as number] as CompiledRule;
        return { rule, without: excepted.map((at) => rule.except[at] as CompiledException) };
      });
    const operators = new Map<string, Operator | undefined>();
    const table: OperatorTable = {
      operatorOf: (entity) => {
        if (operators.has(entity)) return operators.get(entity);
        const operator = rules.find((one) => speaksOf(one, entity))?.rule.operator;
        operators.set(entity, operator);
        return operator;
      },
    };
    if (this.#tables.size >= MOST_TABLES) this.#tables.clear();
    this.#tables.set(key, table);
    return table;
  }
}

function compile(rule: RedactionRule, at: string, means: Means): CompiledRule {
  for (const key of Object.keys(rule)) {
    if (!KEYS.has(key)) throw new TypeError(`${at} knows no "${key}"; write ${[...KEYS].join(', ')}.`);
  }
  const { direction, entities, operator, roles, exceptRoles, tools, servers, except = [] } = rule;
  if (!DIRECTIONS.has(direction))
    throw new TypeError(`${at}.direction has to be arguments, results or both.`);
  if (!OPERATORS.includes(operator)) {
    throw new TypeError(`${at}.operator has to be one of ${OPERATORS.join(', ')}.`);
  }
  if (entities !== '*') {
    if (!Array.isArray(entities) || entities.length === 0) {
      throw new TypeError(`${at}.entities has to be a list of names such as EMAIL, or "*" for all.`);
    }
    checkEntities(entities, at);
  }
  return {
    direction,
    entities: entities === '*' ? undefined : new Set(entities),
    roles: roles === undefined ? undefined : names(roles, `${at}.roles`),
    exceptRoles: exceptRoles === undefined ? new Set() : names(exceptRoles, `${at}.exceptRoles`),
    tools: tools === undefined ? undefined : matchNames(tools, `${at}.tools`),
    servers: servers === undefined ? undefined : matchNames(servers, `${at}.servers`),
    except: except.map((one, index) => compileException(one, `${at}.except[${index}]`)),
    operator: prefixed(at, () => makeOperator(rule, means)),
  };
}

function compileException(exception: RuleException, at: string): CompiledException {
  for (const key of Object.keys(exception)) {
    if (!EXCEPTION_KEYS.has(key)) {
      throw new TypeError(`${at} knows no "${key}"; write ${[...EXCEPTION_KEYS].join(', ')}.`);
    }
  }
  const { roles, tools, servers, entities } = exception;
  if (Object.keys(exception).length === 0) {
    throw new TypeError(`${at} excepts everything; leave the rule out, or say roles, tools or entities.`);
  }
  if (entities !== undefined) checkEntities(entities, at);
  return {
    roles: roles === undefined ? undefined : names(roles, `${at}.roles`),
    tools: tools === undefined ? undefined : matchNames(tools, `${at}.tools`),
    servers: servers === undefined ? undefined : matchNames(servers, `${at}.servers`),
    entities: entities === undefined ? undefined : names(entities, `${at}.entities`),
  };
}

function checkEntities(entities: readonly string[], at: string): void {
  for (const entity of entities) {
    if (!ENTITY.test(entity)) {
      throw new TypeError(`${at}.entities: a name is in capitals, digits and "_", such as EMAIL.`);
    }
  }
}

function isExcepted(
  { roles, tools, servers }: CompiledException,
  scope: Scope,
  tool: string | undefined,
): boolean {
  if (servers !== undefined && !servers(scope.server)) return false;
  if (tools !== undefined && !tools(tool)) return false;
  return roles === undefined || hasOne(scope.roles, roles);
}

function speaksOf({ rule: { entities }, without }: RuleThere, entity: string): boolean {
  if (entities !== undefined && !entities.has(entity)) return false;
  return !without.some((exception) => exception.entities === undefined || exception.entities.has(entity));
}

function names(list: readonly string[], what: string): ReadonlySet<string> {
  if (!Array.isArray(list) || list.length === 0)
    throw new TypeError(`${what} is empty; leave it out to mean all.`);
  return new Set(list);
}

function prefixed<T>(at: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`${at}: ${error.message}`) : error;
  }
}

function hasOne(roles: readonly string[], wanted: ReadonlySet<string>): boolean {
  for (const role of roles) if (wanted.has(role)) return true;
  return false;
}
