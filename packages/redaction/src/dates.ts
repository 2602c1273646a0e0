/** A date found in a text, which can be written again in the same way. Months count from 1. */
export interface ReadDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** The text with this date instead, in its own format, with the time of day as it was. */
  write(year: number, month: number, day: number): string;
}

interface Format {
  readonly pattern: RegExp;
  /** Which group is which, and, for a day above 12 in the place of the month, the other way round. */
  readonly order: 'ymd' | 'mdy' | 'dmy';
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

const DAY_MS = 86_400_000;
const NAME = '([A-Za-z]{3,9})';
/** What may follow a date and is kept: a time of day and its zone. Anything else could be anything. */
const TIME =
  '((?:[T ,]{1,3}\\d{1,2}(?::\\d{2}){0,2}(?:[.,]\\d{1,9})?(?: ?[AaPp]\\.?[Mm]\\.?)?(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}|[+-]\\d{2}:?\\d{2}))?)?)';
/** It would tell how far a date was moved, and so is not written again. */
const WEEKDAY = '(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\\.?, ?)?';

/** Groups: first, gap, second, gap, third, after. */
const FORMATS: readonly Format[] = [
  { pattern: new RegExp(`^(\\d{4})([-/.])(\\d{1,2})(\\2)(\\d{1,2})${TIME}$`), order: 'ymd' },
  { pattern: /^(\d{4})()(\d{2})()(\d{2})()$/, order: 'ymd' },
  { pattern: new RegExp(`^(\\d{1,2})([-/])(\\d{1,2})(\\2)(\\d{4}|\\d{2})${TIME}$`), order: 'mdy' },
  { pattern: new RegExp(`^(\\d{1,2})(\\.)(\\d{1,2})(\\.)(\\d{4}|\\d{2})${TIME}$`), order: 'dmy' },
  {
    pattern: new RegExp(`^${WEEKDAY}${NAME}(\\.? )(\\d{1,2})((?:st|nd|rd|th)?,? )(\\d{4})${TIME}$`, 'i'),
    order: 'mdy',
  },
  {
    pattern: new RegExp(
      `^${WEEKDAY}(\\d{1,2})((?:st|nd|rd|th)?[ -])${NAME}(\\.?,?[ -])(\\d{4})${TIME}$`,
      'i',
    ),
    order: 'dmy',
  },
];

/** The only or first date of a text that is a date and nothing else, but a time of day. */
export function readDate(text: string): ReadDate | undefined {
  for (const { pattern, order } of FORMATS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [, first = '', gap = '', second = '', gap2 = '', third = '', after = ''] = match;
    const fields = [first, second, third] as const;
    const date = fieldsOf(fields, order) ?? (order === 'mdy' ? fieldsOf(fields, 'dmy') : undefined);
    if (date === undefined) continue;
    const [y, m, d] = date.places;
    const write = (year: number, month: number, day: number): string => {
      const written: [string, string, string] = ['', '', ''];
      written[y] = fields[y].length === 2 ? pad(year % 100, 2) : pad(year, 4);
      written[m] = /^\d/.test(fields[m]) ? pad(month, fields[m].length) : monthLike(month, fields[m]);
      written[d] = pad(day, fields[d].length);
      return `${written[0]}${gap}${written[1]}${gap2}${written[2]}${after}`;
    };
    return { year: date.year, month: date.month, day: date.day, write };
  }
  return undefined;
}

/** The date that many days later, or earlier; within the years 1 to 9999. */
export function shiftDate(date: ReadDate, days: number): string {
  const shifted = new Date(0);
  shifted.setUTCFullYear(date.year, date.month - 1, date.day);
  const moved = new Date(shifted.getTime() + days * DAY_MS);
  const year = Math.min(9999, Math.max(1, moved.getUTCFullYear()));
  return date.write(year, moved.getUTCMonth() + 1, moved.getUTCDate());
}

/** The year in any text: four digits from 1800 to 2199 that stand alone. */
export function findYear(text: string): number | undefined {
  const match = /(?<!\d)(?:1[89]|2[01])\d{2}(?!\d)/.exec(text);
  return match === null ? undefined : Number(match[0]);
}

type Place = 0 | 1 | 2;

function fieldsOf(
  fields: readonly [string, string, string],
  order: Format['order'],
):
  | {
      readonly year: number;
      readonly month: number;
      readonly day: number;
      readonly places: readonly [Place, Place, Place];
    }
  | undefined {
  const places: readonly [Place, Place, Place] =
    order === 'ymd' ? [0, 1, 2] : order === 'mdy' ? [2, 0, 1] : [2, 1, 0];
  const [y, m, d] = places;
  const month = /^\d/.test(fields[m]) ? Number(fields[m]) : monthOf(fields[m]);
  const day = Number(fields[d]);
  const year = fields[y].length === 2 ? centuryOf(Number(fields[y])) : Number(fields[y]);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  return { year, month, day, places };
}

/** POSIX `strptime`: 69 to 99 are of the twentieth century. */
function centuryOf(year: number): number {
  return year >= 69 ? 1900 + year : 2000 + year;
}

function monthOf(name: string): number {
  const lower = name.toLowerCase();
  return MONTHS.findIndex((month) => month === lower || (lower.length <= 4 && month.startsWith(lower))) + 1;
}

function monthLike(month: number, like: string): string {
  const full = MONTHS[month - 1] ?? '';
  const short = MONTHS.every((name) => name !== like.toLowerCase()) || like.length === 3;
  const name = short ? full.slice(0, 3) : full;
  if (like === like.toUpperCase()) return name.toUpperCase();
  return like[0] === like[0]?.toUpperCase() ? `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}` : name;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
