import type { AlertFacts } from '@sallyport/audit';
import { onlyKnown } from '../checks.ts';
import { patternTest } from '../tool-kinds.ts';
import { type WeeklyWindow, weeklyTest } from './weekly-window.ts';

/** Alerts that are not told, for a time or always. What is given has to agree; `*` stands for any characters. */
export interface Suppression {
  /** Its id or its name. */
  readonly rule?: string;
  readonly server?: string;
  readonly subject?: string;
  readonly target?: string;
  /** RFC 3339. Default: since ever. */
  readonly from?: string;
  /** RFC 3339, not included. Default: for ever. */
  readonly until?: string;
  readonly weekly?: WeeklyWindow;
  /** Why; it stands in the record of each alert that is not told. */
  readonly reason: string;
}

/** The time of an alert is that at which it was raised. */
export type SuppressionTest = (alert: AlertFacts) => boolean;

const PATTERNS = ['rule', 'server', 'subject', 'target'] as const;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * @param where what stands in front of messages, such as `suppress[0]`
 * @throws TypeError that says what to write instead
 */
export function suppressionTest(suppression: Suppression, where: string): SuppressionTest {
  onlyKnown(suppression, [...PATTERNS, 'from', 'until', 'weekly', 'reason'], where);
  const { from, until, weekly, reason } = suppression;
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TypeError(`${where}.reason must say why these alerts are not told.`);
  if (Object.keys(suppression).length === 1)
    throw new TypeError(`${where} would suppress everything for ever: name a rule, a server or a time.`);
  const tests = PATTERNS.filter((member) => suppression[member] !== undefined).map((member) => {
    const test = patternTest(suppression[member], `${where}.${member}`);
    return (alert: AlertFacts) => textsOf(alert, member).some(test);
  });
  const [begin, end] = [timeOf(from, -Infinity, `${where}.from`), timeOf(until, Infinity, `${where}.until`)];
  if (begin >= end) throw new TypeError(`${where}.until must be after its from.`);
  const inWeek = weekly && weeklyTest(weekly, `${where}.weekly`);
  return (alert) => {
    const time = Date.parse(alert.time);
    // A time that cannot be read is in no window.
    const known = !Number.isNaN(time) || (from === undefined && until === undefined && weekly === undefined);
    const inside = !(time < begin) && !(time >= end);
    return known && inside && tests.every((agrees) => agrees(alert)) && inWeek?.(time) !== false;
  };
}

function textsOf(alert: AlertFacts, member: (typeof PATTERNS)[number]): readonly string[] {
  if (member === 'rule') return [alert.rule.id, alert.rule.name];
  const text = alert[member];
  return text === undefined ? [] : [text];
}

function timeOf(text: string | undefined, otherwise: number, where: string): number {
  if (text === undefined) return otherwise;
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new TypeError(`${where} must be a time with its zone, such as '2026-11-21T22:00:00Z'.`);
  return time;
}
