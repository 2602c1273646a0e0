import { bucketStart } from './time-counts.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths of time that people count in. */
const NICE: readonly number[] = [
  ...[1, 5, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * HOUR),
  ...[1, 2, 4, 7, 14, 28, 56, 112, 364, 728, 3640].map((count) => count * DAY),
];
const MONTHS: readonly number[] = [1, 2, 3, 6, 12, 24, 60, 120, 1200];
const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** From so many days on, months are counted. */
const LONG: number = 90 * DAY;

export interface Tick {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly label: string;
}

/** The range of a chart: times in milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Stretches of time that cover a range. */
export interface TimeGrid {
  /** When the first one begins. */
  readonly from: number;
  /** Milliseconds. */
  readonly step: number;
  readonly count: number;
}

/**
 * The shortest nice stretches of which no more than `most` cover the range.
 *
 * @param unit what they have to be multiples of, in milliseconds
 */
export function timeGrid({ from, to }: TimeSpan, most: number, unit: number): TimeGrid {
  const countOf = (step: number): number =>
    Math.floor((bucketStart(to, step) - bucketStart(from, step)) / step) + 1;
  const step =
    NICE.find((one) => one >= unit && one % unit === 0 && countOf(one) <= most) ??
    Math.ceil((to - from + 1) / most / unit + 1) * unit;
  return { from: bucketStart(from, step), step, count: countOf(step) };
}

/** At most so many marks of an axis, at times that people would choose, in UTC. */
export function timeTicks({ from, to }: TimeSpan, most: number): readonly Tick[] {
  if (to - from > LONG) return monthTicks(from, to, most);
  const step = NICE.find((one) => Math.floor((to - from) / one) + 1 <= most) ?? DAY;
  const ticks: Tick[] = [];
  for (let time = bucketStart(from, step); time <= to; time += step)
    if (time >= from) ticks.push({ time, label: labelOf(time, step) });
  return ticks;
}

function monthTicks(from: number, to: number, most: number): readonly Tick[] {
  const monthOf = (time: number): number => {
    const date = new Date(time);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const [first, last] = [monthOf(from), monthOf(to)];
  const step = MONTHS.find((one) => (last - first) / one + 1 <= most) ?? 1200;
  const ticks: Tick[] = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1);
    const label =
      month % 12 === 0 ? String(month / 12) : `${NAMES[month % 12] ?? ''} ${Math.floor(month / 12)}`;
    if (time >= from && time <= to) ticks.push({ time, label: step < 12 ? label : label.slice(-4) });
  }
  return ticks;
}

function labelOf(time: number, step: number): string {
  const date = new Date(time);
  if (step >= DAY || time % DAY === 0) return `${NAMES[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}`;
  return date.toISOString().slice(11, step < MINUTE ? 19 : 16);
}

/** `15 minutes`: how people say a length of time that is a nice one. */
export function inWords(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [7 * DAY, 'week'],
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
    [SECOND, 'second'],
  ];
  const [length, word] = units.find(([one]) => ms >= one && ms % one === 0) ?? [SECOND, 'second'];
  const count = Math.round(ms / length);
  return count === 1 ? word : `${count} ${word}s`;
}

/** `2026-01-26 09:12`, in UTC. */
export function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
