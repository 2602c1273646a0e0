import { readDate, shiftDate } from '../dates.ts';
import type { Keyed } from './keyed.ts';
import { label } from './label.ts';
import type { Owner, Rewriting } from './operator.ts';

const DAY_SECONDS = 86_400;
/** Numbers below are years or days, above are seconds and, from 1e11, milliseconds since 1970. */
const SECONDS_FROM = 100_000_000;
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * Moves dates by a number of days that is the same for everything about one person, so that the time between two events
 * stays true. What is not a date gets its label.
 *
 * @param maxDays how far at most, forth or back; the distance is never zero
 */
export function shift(keyed: Keyed, maxDays: number): Rewriting {
  const daysOf = (owner: Owner): number => {
    const who = owner.about === undefined ? `subject:${owner.subject}` : `about:${owner.about}`;
    const number = keyed.digest('shift', owner.tenant, who).readUIntBE(0, 6);
    const distance = 1 + (number % maxDays);
    return Math.floor(number / maxDays) % 2 === 0 ? distance : -distance;
  };
  return {
    text: (value, entity, owner) => {
      const date = readDate(value);
      return date === undefined ? label.text(value, entity, owner) : shiftDate(date, daysOf(owner));
    },
    number: (value, entity, owner) => {
      const date = readDate(String(value));
      if (date !== undefined) return Number(shiftDate(date, daysOf(owner)));
      if (value >= MILLISECONDS_FROM) return value + daysOf(owner) * DAY_SECONDS * 1000;
      return value >= SECONDS_FROM ? value + daysOf(owner) * DAY_SECONDS : label.number(value, entity, owner);
    },
    keepsShape: false,
    cheap: false,
  };
}
