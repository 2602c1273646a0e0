import type { AlertFacts } from '@sallyport/audit';
import { ANONYMOUS } from '@sallyport/core';
import { patternTest } from '../tool-kinds.ts';
import type { Restricted } from './restriction.ts';
import { MOST_MINUTES } from './restrictions.ts';

/** Whom a response is about: the alert's subject, its tool (resource, prompt), or its server. */
export type ResponseScope = 'subject' | 'target' | 'server';

/** What is done about alerts that agree with `rule` and `severity`; about every one where neither is given. */
export interface ResponseEntry {
  /** Id of a detector or rule, or title of a rule, with `*` for any characters; case does not matter. */
  readonly rule?: string;
  /** At least this. */
  readonly severity?: AlertFacts['severity'];
  /** Its calls are refused. */
  readonly quarantine?: ResponseScope;
  /** Its calls need somebody's approval. */
  readonly approval?: ResponseScope;
  /** For how long: 1 to 10,080. Default: 60. */
  readonly minutes?: number;
  /**
   * Also the principal `anonymous`, where `subject` is restricted: all who did not say who they are, at once. Default: its
   * alerts are only told.
   */
  readonly anonymous?: true;
  /** Nothing but the alert; also what an entry means that says neither `quarantine` nor `approval`. */
  readonly alertOnly?: true;
}

export interface ResponsePlanOptions {
  /** The first that agrees decides. Default: none, and so only alerts. */
  readonly responses?: readonly ResponseEntry[];
  /**
   * What responses never restrict, and whose alerts they leave alone, with `*`: subjects as records name them, servers, and
   * `server/tool`. Default: nothing.
   */
  readonly never?: readonly string[];
}

/** What to do about one alert. `alert`: nothing else; `reason` says why where the plan asked for more. */
export type Response =
  | { readonly kind: 'alert'; readonly reason?: string }
  | { readonly kind: 'quarantine' | 'approval'; readonly of: Restricted; readonly minutes: number };

interface Planned {
  readonly agrees: (alert: AlertFacts) => boolean;
  /** Undefined: only alert. */
  readonly restricts: { readonly kind: 'quarantine' | 'approval'; readonly scope: ResponseScope } | undefined;
  readonly isForAnonymous: boolean;
  readonly minutes: number;
}

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
const SCOPES: ReadonlySet<unknown> = new Set(['subject', 'target', 'server']);
const MEMBERS = ['rule', 'severity', 'quarantine', 'approval', 'minutes', 'anonymous', 'alertOnly'];
const DEFAULT_MINUTES = 60;
/** What stands in records for what they hide: nobody can tell from it which call is meant. */
const HIDDEN = '(hmac-sha256 ';
/** What records say of somebody whose pseudonym could not be made. */
const NOBODY = 'subject:unknown';

/** What an admin wanted done about alerts, checked. */
export class ResponsePlan {
  readonly #entries: readonly Planned[];
  readonly #never: readonly ((text: string) => boolean)[];

  /** @throws TypeError that says what to write instead */
  constructor({ responses = [], never = [] }: ResponsePlanOptions = {}) {
    this.#entries = responses.map(planned);
    this.#never = never.map((pattern, at) => patternTest(pattern, `never[${String(at)}]`));
  }

  /** What the first entry that agrees asks for; undefined for only an alert. */
  entryFor(alert: AlertFacts): Planned | undefined {
    const entry = this.#entries.find(({ agrees }) => agrees(alert));
    return entry?.restricts === undefined ? undefined : entry;
  }

  isSpared(name: string): boolean {
    return this.#never.some((matches) => matches(name));
  }
}

/** Decides what is done about an alert. Pure: `imposing({ ...response, alert })` does it. */
export function responseFor(alert: AlertFacts, plan: ResponsePlan): Response {
  const entry = plan.entryFor(alert);
  if (entry?.restricts === undefined) return { kind: 'alert' };
  const { kind, scope } = entry.restricts;
  const of = restrictedBy(alert, scope);
  if (typeof of === 'string') return { kind: 'alert', reason: of };
  if ('subject' in of && of.subject === ANONYMOUS.subject && !entry.isForAnonymous)
    return {
      kind: 'alert',
      reason: 'The plan restricts the subject, and this one is everybody who did not say who they are.',
    };
  const { subject } = alert;
  const spared =
    (subject !== undefined && plan.isSpared(subject)) || namesOf(of).some((name) => plan.isSpared(name));
  if (spared) return { kind: 'alert', reason: 'The plan never restricts what the alert is about.' };
  return { kind, of, minutes: entry.minutes };
}

/** @returns why not, where the alert does not say which one is meant */
function restrictedBy({ subject, server, target }: AlertFacts, scope: ResponseScope): Restricted | string {
  const names = { subject, server, target };
  const name = names[scope];
  const isHidden = name?.includes(HIDDEN) === true || name === NOBODY;
  if (name === undefined || name === '' || server === '')
    return `The plan restricts the ${scope}, and the alert names none.`;
  if (isHidden) return `The plan restricts the ${scope}, and records hide which one it is.`;
  switch (scope) {
    case 'subject':
      return { subject: name };
    case 'server':
      return { server };
    case 'target':
      return { server, target: name };
  }
}

function namesOf(of: Restricted): readonly string[] {
  if ('subject' in of) return [of.subject];
  return 'target' in of ? [of.server, `${of.server}/${of.target}`] : [of.server];
}

function planned(entry: ResponseEntry, at: number): Planned {
  const where = `responses[${String(at)}]`;
  checkMembers(entry, where);
  const { rule, severity, quarantine, approval, anonymous, minutes = DEFAULT_MINUTES } = entry;
  const isRule = rule === undefined ? () => true : patternTest(rule, `${where}.rule`);
  const least = severity === undefined ? 0 : SEVERITIES.indexOf(severity);
  const scope = quarantine ?? approval;
  return {
    agrees: (alert) =>
      SEVERITIES.indexOf(alert.severity) >= least && (isRule(alert.rule.id) || isRule(alert.rule.name)),
    restricts:
      scope === undefined ? undefined : { kind: quarantine === undefined ? 'approval' : 'quarantine', scope },
    isForAnonymous: anonymous === true,
    minutes,
  };
}

function checkMembers(entry: ResponseEntry, where: string): void {
  if (typeof entry !== 'object' || entry === null)
    throw new TypeError(`${where} must be an object such as { rule: 'denials', quarantine: 'subject' }.`);
  const strange = Object.keys(entry).find((member) => !MEMBERS.includes(member));
  if (strange !== undefined)
    throw new TypeError(`${where} has no ${JSON.stringify(strange)}; write one of ${MEMBERS.join(', ')}.`);
  const { severity, quarantine, approval, minutes, anonymous, alertOnly } = entry;
  if (severity !== undefined && !SEVERITIES.includes(severity))
    throw new TypeError(`${where}.severity must be one of ${SEVERITIES.join(', ')}.`);
  if ([quarantine, approval, alertOnly].filter((one) => one !== undefined).length > 1)
    throw new TypeError(`${where} must say only one of quarantine, approval and alertOnly.`);
  for (const scope of [quarantine, approval])
    if (scope !== undefined && !SCOPES.has(scope))
      throw new TypeError(`${where} must say subject, target or server for what it restricts.`);
  if (anonymous !== undefined && ((anonymous as unknown) !== true || (quarantine ?? approval) !== 'subject'))
    throw new TypeError(
      `${where}.anonymous must be true, beside quarantine: subject or approval: subject, or be left out.`,
    );
  if (alertOnly !== undefined && (alertOnly as unknown) !== true)
    throw new TypeError(`${where}.alertOnly must be true, or be left out.`);
  if (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES))
    throw new TypeError(
      `${where}.minutes must be a whole number from 1 to ${MOST_MINUTES}, which is a week.`,
    );
}
