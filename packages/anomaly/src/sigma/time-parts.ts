import type { TimePart } from './modifiers.ts';

const DAY = 86_400_000;

/** A part of a time, in UTC. Weeks are those of ISO 8601. */
export function timePartOf(time: number, part: TimePart): number {
  const date = new Date(time);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week': {
      // The week belongs to the year in which its Thursday lies.
      const thursday = new Date(time + (4 - (date.getUTCDay() || 7)) * DAY);
      return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY / 7) + 1;
    }
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
  }
}
