import { Level, LEVEL_LENGTH } from '../baseline/level.ts';
import type { Detector, Oddity } from '../detector.ts';
import { DAY, HOUR } from '../durations.ts';
import { TRAITS } from '../traits.ts';
import { amount } from './in-words.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** Own: presence in 24 hours of weekdays and of weekend days; then the days of both that were counted. */
const SLOTS = 48;
const DAYS: number = SLOTS;
const LAST_DAY: number = DAYS + 2;
const LAST_HOUR: number = LAST_DAY + 1;
/** How odd the current hour is, how odd the hours before it were, which fade, and since when. */
const HERE: number = LAST_HOUR + 1;
const BEFORE: number = HERE + 1;
const BEFORE_AT: number = BEFORE + 1;
const ACTIVE_DAYS: number = BEFORE_AT + 1;
/** The hours of today, as bits: learned when the day is over, so that a night does not become usual while it lasts. */
const TODAY: number = ACTIVE_DAYS + 1;
const ODD_TODAY: number = 1 << 24;
/** Days with an hour that was odd, fading as the others do: who has them has a habit of it. */
const ODD_DAYS: number = TODAY + 1;
/** How many hours of a day there is activity. */
const HOURS: number = ODD_DAYS + 1;
const LENGTH: number = HOURS + LEVEL_LENGTH;

const HALF_LIFE: number = DAY;
/** Below this share of days an hour is unusual. */
const SELDOM = 0.05;
/** Counts of a habit fade, so that a new one is learned. */
const MEMORY_DAYS = 60;
/** An hour counts for its neighbours too, so that daylight saving and a long evening are not odd. */
const NEAR: readonly number[] = [0.08, 0.15, 0.3, 0.7, 1, 0.7, 0.3, 0.15, 0.08];
/** Of somebody who is there at odd hours on so many days, this share of them is this hour. */
const HABIT = 0.3;
const NO_WORKING_HOUR = 0.25;
const BORROWED = 0.35;
/** Some seven hours in which one is never there, within a day; a late evening or half a Saturday is less. */
const ODD = 32;
/** An administrative call at such an hour counts as this many hours. */
const ADMINISTRATIVE = 8.5;
const LEAST_DAYS = 10;
/** In the first days all hours are new, and none of them odd. */
const LEAST_HABIT = 3;
/** What all principals do at an hour counts as much as so many days of one. */
const PRIOR_WEIGHT = 0.1;

/** Activity at hours of the week at which this principal is not there, in UTC. */
export function unusualHour({ tolerance }: Tuning): Detector {
  const limit = ODD * tolerance;
  const hours = new Level({ windowMs: DAY, floor: 13, memory: 30, deviations: 2.2, margin: 1.5 }, tolerance);
  return {
    id: 'unusual-hour',
    name: 'Unusual hour of the week',
    severity: 'medium',
    concerns: TRAITS.call,
    lengths: { own: exactly(LENGTH), group: exactly(LENGTH) },
    observe(seen, { own, group }) {
      const hour = Math.floor(seen.time / HOUR);
      if (own[LAST_HOUR] !== hour) {
        enter(own, group, hour, seen.time);
        const most = hours.add(own, group, HOURS, seen.time, 1, seen);
        if (most > 0 && seen.settled)
          return aroundTheClock(hours.observed(own, HOURS), hours.usual(own, HOURS), most);
      }
      const here = own[HERE] ?? 0;
      if (here === 0 || !seen.settled || (own[ACTIVE_DAYS] ?? 0) < LEAST_DAYS) return undefined;
      const heavy = (seen.traits & TRAITS.administrative) !== 0 && (seen.traits & TRAITS.ok) !== 0;
      const observed = (own[BEFORE] ?? 0) + here * (heavy ? ADMINISTRATIVE : 1);
      if (observed <= limit) return undefined;
      const share = Math.exp(-here);
      const title = heavy
        ? `An administrative call in an hour of the week in which this principal is there on ${percent(share)} of days, where more than ${percent(SELDOM)} is usual.`
        : `Activity in hours of the week in which this principal is there on ${percent(share)} of days, for so long that it adds up to ${amount(observed)}, where more than ${amount(limit)} is odd.`;
      return { title, measure: { name: 'oddity of hours', observed, baseline: limit }, windowMs: DAY };
    },
  };
}

function aroundTheClock(observed: number, usual: number, most: number): Oddity {
  return {
    title: `Activity in ${amount(observed)} hours of a day, where ${amount(usual)} are usual and more than ${amount(most)} are odd.`,
    measure: { name: 'active hours in a day', observed, baseline: most },
    windowMs: DAY,
  };
}

/** The first call in an hour: how odd is it, given all days before. */
function enter(own: number[], group: number[], hour: number, time: number): void {
  const left = 2 ** (-Math.max(0, time - (own[BEFORE_AT] ?? 0)) / HALF_LIFE);
  own[BEFORE] = ((own[BEFORE] ?? 0) + (own[HERE] ?? 0)) * left;
  own[BEFORE_AT] = time;
  own[LAST_HOUR] = hour;
  const day = Math.floor(hour / 24);
  if (day > (own[LAST_DAY] ?? 0)) {
    learnDay(own, group);
    countDays(own, group, day);
  }
  const weekend = isWeekend(day) ? 1 : 0;
  const slot = weekend * 24 + (hour % 24);
  const mine = presence(own, slot);
  const days = own[DAYS + weekend] ?? 0;
  const everybodys = presence(group, slot) / Math.max(1, group[DAYS + weekend] ?? 0);
  const otherDays = own[DAYS + 1 - weekend] ?? 0;
  const atOthers = presence(own, (slot + 24) % SLOTS) / Math.max(1, otherDays);
  // Nights of weekdays say something of nights of weekends; working hours say nothing of Saturdays.
  const borrowed = atOthers < NO_WORKING_HOUR ? BORROWED * atOthers : 0;
  const share = borrowed + (mine + PRIOR_WEIGHT * Math.min(1, everybodys)) / (days + PRIOR_WEIGHT);
  const habit = HABIT * ((own[ODD_DAYS] ?? 0) / Math.max(1, (own[DAYS] ?? 0) + (own[DAYS + 1] ?? 0)));
  own[HERE] = share + habit < SELDOM ? -Math.log(Math.max(share + habit, 0.002)) : 0;
  if (share < SELDOM) own[TODAY] = (own[TODAY] ?? 0) | ODD_TODAY;
  own[TODAY] = (own[TODAY] ?? 0) | (1 << (hour % 24));
}

function learnDay(own: number[], group: number[]): void {
  const today = own[TODAY] ?? 0;
  const base = isWeekend(own[LAST_DAY] ?? 0) ? 24 : 0;
  for (let hour = 0; hour < 24; hour++) {
    if ((today & (1 << hour)) === 0) continue;
    own[base + hour] = (own[base + hour] ?? 0) + 1;
    group[base + hour] = (group[base + hour] ?? 0) + 1;
  }
  if ((today & ODD_TODAY) !== 0 && (own[DAYS] ?? 0) >= LEAST_HABIT) own[ODD_DAYS] = (own[ODD_DAYS] ?? 0) + 1;
  own[TODAY] = 0;
}

/** 1 January 1970 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}

/** Days that went by, with or without activity, and a slow fading of all counts. */
function countDays(own: number[], group: number[], day: number): void {
  const last = own[LAST_DAY] ?? 0;
  own[LAST_DAY] = day;
  own[ACTIVE_DAYS] = (own[ACTIVE_DAYS] ?? 0) + 1;
  const gone = last === 0 ? 1 : Math.min(day - last, MEMORY_DAYS);
  for (let back = gone - 1; back >= 0; back--) {
    const kind: number = DAYS + (isWeekend(day - back) ? 1 : 0);
    own[kind] = (own[kind] ?? 0) + 1;
    group[kind] = (group[kind] ?? 0) + 1;
  }
  const kept = 1 - Math.min(gone, MEMORY_DAYS) / (MEMORY_DAYS * 2);
  if ((own[DAYS] ?? 0) + (own[DAYS + 1] ?? 0) <= MEMORY_DAYS) return;
  for (let at = 0; at < LAST_DAY; at++) own[at] = (own[at] ?? 0) * kept;
  own[ODD_DAYS] = (own[ODD_DAYS] ?? 0) * kept;
}

function presence(state: readonly number[], slot: number): number {
  const base = slot < 24 ? 0 : 24;
  let sum = 0;
  for (let away = -4; away <= 4; away++)
    sum += (state[base + ((slot - base + away + 24) % 24)] ?? 0) * (NEAR[away + 4] ?? 0);
  return sum;
}

function percent(share: number): string {
  return `${amount(share * 100)} %`;
}
