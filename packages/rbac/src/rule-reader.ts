import { type Field, isBlank, readLine } from './csv.ts';
import type { Fault, Problem } from './problem.ts';
import { isSubject, Roles, SUBJECT_ADVICE } from './roles.ts';
import type { RuleEffect } from './object-pattern.ts';

export interface PolicySource {
  /** How problems and decisions name it: `rbac_policy.csv`. */
  readonly file: string;
  readonly text: string;
}

/** One line of a policy, and a way to complain about it. */
export interface Line {
  readonly source: PolicySource;
  readonly number: number;
  /** Where the line begins and ends in the policy's text. */
  readonly start: number;
  readonly end: number;
  /** What follows `p` or `g`. */
  readonly fields: readonly Field[];
  readonly blame: (field: Field | undefined, message: string, offset?: number) => void;
}

export interface RuleReaderOptions {
  readonly policy: readonly PolicySource[];
  readonly problems: Problem[];
  /** Fields of a `g` line; 0 where the model has no roles. */
  readonly grant: 0 | 2 | 3;
  /** Who has which role, by domain, `''` where there are none; filled in. */
  readonly domains: Map<string, Roles>;
  readonly rule: (line: Line) => void;
}

/** Between two looks at the clock, in lines: some 50 microseconds. */
const STRIDE = 32;

/**
 * Reads policy files line by line: grants itself, rules through `rule`. It never splits the whole text, which
 * for many megabytes takes longer than an event loop may be blocked; it yields instead, again and again.
 *
 * @returns the grants, in the order of the files
 */
export function* readRules(options: RuleReaderOptions): Generator<void, readonly Grant[]> {
  const granted: Grant[] = [];
  for (const source of options.policy) yield* readSource(source, options, granted);
  yield* findCycles(options, granted);
  return granted;
}

function* readSource(
  source: PolicySource,
  options: RuleReaderOptions,
  granted: Grant[],
): Generator<void, void> {
  const { file, text } = source;
  const { problems, domains } = options;
  let number = 0;
  for (let from = text.startsWith('\ufeff') ? 1 : 0; from < text.length;) {
    number += 1;
    if (number % STRIDE === 0) yield;
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const raw = text.slice(from, text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    const start = from;
    from = end + 1;
    if (isBlank(raw)) continue;
    const at = { file, line: number };
    const fields = readLine(raw);
    if ('message' in fields) {
      problems.push({ ...at, column: fields.offset + 1, message: fields.message });
      continue;
    }
    const line: Line = {
      source,
      number,
      start,
      end: start + raw.length,
      fields: fields.slice(1),
      blame: (field, message, offset = 0) => {
        problems.push({ ...at, column: (field?.offset ?? 0) + offset + 1, message });
      },
    };
    const type = fields[0]?.value;
    if (type === 'p') {
      options.rule(line);
    } else if (type === 'g' && options.grant !== 0) {
      const grant = readGrant(line, options.grant);
      if (grant === undefined) continue;
      let roles = domains.get(grant.domain);
      if (roles === undefined) domains.set(grant.domain, (roles = new Roles()));
      roles.grant(roles.idOf(grant.member), roles.idOf(grant.role));
      granted.push(grant);
    } else {
      line.blame(
        fields[0],
        `A line begins with p (a rule)${options.grant === 0 ? '' : ' or g (a grant of a role)'}.`,
      );
    }
  }
}

function* findCycles(
  { problems, domains, policy }: RuleReaderOptions,
  granted: readonly Grant[],
): Generator<void, void> {
  for (const [domain, roles] of domains) {
    for (const cycle of yield* roles.cycles()) {
      const names = cycle.map((id) => roles.nameOf(id));
      const [member, role] = names.slice(-2);
      const culprit = granted.find((g) => g.domain === domain && g.member === member && g.role === role);
      const message = `Roles go round in a circle: ${names.join(' -> ')}. Remove one of these grants.`;
      problems.push({
        file: culprit?.file ?? policy[0]?.file ?? '',
        line: culprit?.line ?? 1,
        column: 1,
        message,
      });
    }
  }
}

export interface Grant {
  readonly file: string;
  readonly line: number;
  readonly member: string;
  readonly role: string;
  readonly domain: string;
}

function readGrant(line: Line, count: 2 | 3): Grant | undefined {
  const [member, role, domain] = line.fields;
  if (member === undefined || role === undefined || line.fields.length !== count) {
    line.blame(line.fields[count], `Write g, user:<subject>, role:<name>${count === 3 ? ', <domain>' : ''}.`);
    return undefined;
  }
  if (!isSubject(member.value)) line.blame(member, SUBJECT_ADVICE);
  else if (hasWildcard(member.value)) line.blame(member, EXACT);
  else if (!/^role:./s.test(role.value)) line.blame(role, 'What is granted is a role; write role:<name>.');
  else if (hasWildcard(role.value)) line.blame(role, EXACT);
  else {
    const { source, number } = line;
    const { file } = source;
    return { file, line: number, member: member.value, role: role.value, domain: domain?.value ?? '' };
  }
  return undefined;
}

const EXACT =
  'Subjects are exact; * would be one character of the name. Give everybody a role where identities are configured, ' +
  'and name that role.';

/** A subject of a rule, checked; undefined where it was a problem. */
export function subjectOf(line: Line, field: Field): string | undefined {
  if (!isSubject(field.value)) line.blame(field, SUBJECT_ADVICE);
  else if (hasWildcard(field.value)) line.blame(field, EXACT);
  else return field.value;
  return undefined;
}

function hasWildcard(name: string): boolean {
  return name.includes('*');
}

/** The effect of a rule, `allow` where it says none; undefined where it was a problem. */
export function effectOf(line: Line, field: Field | undefined): RuleEffect | undefined {
  const value = field?.value ?? '';
  if (value === '' || value === 'allow') return 'allow';
  if (value === 'deny') return 'deny';
  line.blame(
    field,
    'An effect is allow or deny. A comment has a line to itself; a condition with a comma is quoted.',
  );
  return undefined;
}

export function isFault(value: object | undefined): value is Fault {
  return value !== undefined && 'message' in value;
}
