import { ANONYMOUS } from '@sallyport/core';
import { compileCondition, type Condition, type Facts } from './condition/condition.ts';
import { type Field, readLine } from './csv.ts';
import { IndexedPolicy } from './indexed-policy.ts';
import { OBJECT_ACTIONS, type ObjectPattern, parseObjectPattern, type RuleEffect } from './object-pattern.ts';
import { markOf } from './principal-memo.ts';
import type { Problem } from './problem.ts';
import type { Rbac } from './rbac.ts';
import { Roles, type SubjectId } from './roles.ts';
import { Rule } from './rule.ts';
import { RuleIndex } from './rule-index.ts';
import {
  effectOf,
  type Grant,
  isFault,
  type Line,
  type PolicySource,
  readRules,
  subjectOf,
} from './rule-reader.ts';
import { type Glob, parseGlob } from './segment-glob.ts';
import { targetOf } from './target.ts';

const FORM = 'p, <subject>, <server>, <object>, <action>, "<condition>", allow|deny';

/** Compiles a policy under the shipped model. Yields every few lines. */
export function* compileIndex(
  policy: readonly PolicySource[],
  problems: Problem[],
  warnings: Problem[],
): Generator<void, Rbac> {
  const roles = new Roles();
  const compiler = new IndexCompiler(roles, warnings);
  const domains = new Map([['', roles]]);
  const grants = yield* readRules({
    policy,
    problems,
    grant: 2,
    domains,
    rule: (line) => compiler.add(line),
  });
  return yield* compiler.finish(policy, grants);
}

const NO_FACTS: Facts = { args: undefined, principal: ANONYMOUS };

/** What a line says, checked. */
interface Parts {
  readonly subject: string;
  readonly server: Glob;
  readonly action: Glob;
  readonly effect: RuleEffect;
  readonly object: ObjectPattern;
  readonly condition: Condition | undefined;
}

class IndexCompiler {
  readonly #roles: Roles;
  readonly #warnings: Problem[];
  readonly #rules: Rule[] = [];
  readonly #allow = new RuleIndex();
  readonly #deny = new RuleIndex();
  /** Whom some rule denies something whatever the arguments. */
  readonly #denied = new Set<SubjectId>();
  // Rules repeat themselves: servers, actions and conditions are compiled once for each text.
  readonly #names = new Map<string, Glob>();
  readonly #conditions = new Map<string, Condition | undefined>();

  constructor(roles: Roles, warnings: Problem[]) {
    this.#roles = roles;
    this.#warnings = warnings;
  }

  add(line: Line): void {
    const [sub, srv, obj, act, cond, eft, extra] = line.fields;
    if (sub === undefined || srv === undefined || obj === undefined || act === undefined) {
      line.blame(undefined, `A field is missing; write ${FORM}.`);
      return;
    }
    if (extra !== undefined) {
      line.blame(
        extra,
        `A field too many; write ${FORM}. A condition with a comma is written in double quotes.`,
      );
      return;
    }
    const subject = subjectOf(line, sub);
    const server = this.#name(line, srv);
    const action = this.#name(line, act);
    const effect = effectOf(line, eft);
    const condition = this.#condition(line, cond);
    const object = parseObjectPattern(obj.value, effect ?? 'allow');
    if (isFault(object)) {
      line.blame(obj, object.message, object.offset);
      return;
    }
    if (subject === undefined || server === undefined || action === undefined || effect === undefined) return;
    if (condition === 'invalid') return;
    this.#warnOf(line, object, obj, action, act);
    this.#insert(line, { subject, server, action, effect, object, condition });
  }

  /** Everything is read: says what is left to say, and hands the policy over. */
  *finish(policy: readonly PolicySource[], grants: readonly Grant[]): Generator<void, Rbac> {
    if (this.#rules.length === 0) {
      const message =
        'There are no rules, so everything is denied; write p, role:<name>, *, tool:<name>, call.';
      for (const { file } of policy) this.#warn({ file, line: 1 }, 1, message);
    }
    yield* this.#findShadowed();
    yield* this.#findEmptyRoles(grants);
    return new IndexedPolicy({
      size: this.#rules.length + grants.length,
      roles: this.#roles,
      rules: this.#rules,
      allow: this.#allow,
      deny: this.#deny,
    });
  }

  #insert(line: Line, parts: Parts): void {
    const { effect, condition, object, server, action } = parts;
    const subject = this.#roles.idOf(parts.subject);
    const { source, number, start, end } = line;
    const order = this.#rules.length;
    const rule = new Rule({ order, source, line: number, start, end, effect, subject, condition });
    this.#rules.push(rule);
    if (effect === 'deny' && condition === undefined) this.#denied.add(subject);
    const index = effect === 'allow' ? this.#allow : this.#deny;
    const instead = index.add(rule, { server, action, object });
    if (instead === undefined) return;
    this.#warn(
      rule,
      1,
      `This rule never decides, because ${lineOf(instead, rule.file)} says the same; remove it.`,
    );
  }

  /** Allow rules without wildcards to which a deny rule leaves nothing. */
  *#findShadowed(): Generator<void, void> {
    if (this.#denied.size === 0) return;
    for (let i = 0; i < this.#rules.length; i += 1) {
      if (i % 32 === 0) yield;
      const rule = this.#rules[i];
      if (rule === undefined || rule.effect === 'deny' || !this.#denied.has(rule.subject)) continue;
      const deny = this.#denialOf(rule);
      if (deny === undefined) continue;
      this.#warn(
        rule,
        1,
        `This rule never permits, because ${lineOf(deny, rule.file)} denies the same; remove one.`,
      );
    }
  }

  #denialOf({ text, subject }: Rule): Rule | undefined {
    const fields = readLine(text);
    if (isFault(fields)) return undefined;
    const [, , server = '', object = '', action = ''] = fields.map(({ value }) => value);
    if (/[*\\]/.test(server + object + action)) return undefined;
    const identity = { ids: [subject], set: new Set([subject]), marks: markOf(subject) };
    const target = targetOf(object);
    return this.#deny.denying({
      identity,
      server,
      action,
      target,
      question: 'unconditional',
      facts: NO_FACTS,
    });
  }

  *#findEmptyRoles(grants: readonly Grant[]): Generator<void, void> {
    const named = new Set<SubjectId>();
    for (let i = 0; i < this.#rules.length; i += 1) {
      if (i % 512 === 0) yield;
      const rule = this.#rules[i];
      if (rule !== undefined) named.add(rule.subject);
    }
    for (let i = 0; i < grants.length; i += 1) {
      if (i % 512 === 0) yield;
      const role = this.#roles.find(grants[i]?.role ?? '');
      if (role === undefined || named.has(role) || this.#roles.parentsOf(role).length > 0) continue;
      const grant = grants[i];
      if (grant !== undefined)
        this.#warn(grant, 1, 'No rule names the role that is granted here; check how it is spelt.');
    }
  }

  #name(line: Line, field: Field): Glob | undefined {
    const known = this.#names.get(field.value);
    if (known !== undefined) return known;
    const glob = parseGlob(field.value);
    if (isFault(glob)) {
      line.blame(field, glob.message, glob.offset);
      return undefined;
    }
    this.#names.set(field.value, glob);
    return glob;
  }

  #condition(line: Line, field: Field | undefined): Condition | undefined | 'invalid' {
    if (field === undefined || field.value === '') return undefined;
    const { value } = field;
    if (this.#conditions.has(value)) return this.#conditions.get(value);
    const condition = compileCondition(value);
    if (isFault(condition)) {
      const swapped = value === 'allow' || value === 'deny';
      const message = swapped
        ? `The condition comes before the effect; write ", , ${value}".`
        : condition.message;
      line.blame(field, message, condition.offset);
      return 'invalid';
    }
    this.#conditions.set(value, condition);
    return condition;
  }

  #warnOf(line: Line, object: ObjectPattern, obj: Field, action: Glob, act: Field): void {
    if (object.kind === 'everything') return;
    const actions = OBJECT_ACTIONS[object.of] ?? [];
    if (action.exact !== undefined && !actions.includes(action.exact)) {
      const expected = actions.join(', ');
      this.#warn(
        placeOf(line),
        act.offset + 1,
        `This rule never decides: ${object.of}: is asked for ${expected}.`,
      );
    }
    const [scheme, slashes, host] = object.glob.segments;
    if (object.of !== 'resource' || scheme?.kind !== 'literal' || host?.kind !== 'wild') return;
    if (!scheme.text.endsWith(':') || slashes?.kind !== 'literal' || slashes.text !== '') return;
    if (host.chunks.at(-1) === '') {
      this.#warn(
        placeOf(line),
        obj.offset + 1,
        'A host that ends with * is also the beginning of hosts of others; write the whole host and a slash.',
      );
    }
  }

  #warn({ file, line }: Place, column: number, message: string): void {
    this.#warnings.push({ file, line, column, message });
  }
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function placeOf({ source, number }: Line): Place {
  return { file: source.file, line: number };
}

function lineOf(place: Place, here: string): string {
  return place.file === here ? `line ${place.line}` : `${place.file}:${place.line}`;
}
