/** Days of a week, and a time of each. */
export interface WeeklyWindow {
  /** The days on which it begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`. Default: all. */
  readonly days?: readonly Weekday[];
  /** `HH:MM`, from `00:00` to `23:59`. */
  readonly from: string;
  /** `HH:MM`, not included. At or before `from`: of the next day. */
  readonly to: string;
  /** A name of the IANA time zone database, such as `Europe/Vienna`. Default: `UTC`. */
  readonly zone?: string;
}

export type Weekday = (typeof DAYS)[number];

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * @param where what stands in front of messages, such as `suppress[0].weekly`
 * @returns whether a time, in milliseconds since the epoch, is in the window, by the clocks of its zone
 * @throws TypeError that says what to write instead
 */
export function weeklyTest(
  { days = DAYS, from, to, zone = 'UTC' }: WeeklyWindow,
  where: string,
): (time: number) => boolean {
  if (!Array.isArray(days) || days.length === 0 || days.some((day) => !DAYS.includes(day)))
    throw new TypeError(`${where}.days must be a list of ${DAYS.join(', ')}.`);
  const [start, end] = [minutesOf(from, `${where}.from`), minutesOf(to, `${where}.to`)];
  const clock = clockOf(zone, where);
  const begins = new Set<string>(days);
  return (time) => {
    const { day, minutes } = clock(time);
    const today = begins.has(DAYS[day] ?? '');
    if (start < end) return today && minutes >= start && minutes < end;
    const yesterday = begins.has(DAYS[(day + 6) % 7] ?? '');
    return (today && minutes >= start) || (yesterday && minutes < end);
  };
}

function minutesOf(time: unknown, where: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(time)) ?? [];
  if (hours === undefined) throw new TypeError(`${where} must be a time of day such as '22:30'.`);
  return Number(hours) * 60 + Number(minutes);
}

function clockOf(zone: string, where: string): (time: number) => { readonly day: number; minutes: number } {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch {
    throw new TypeError(`${where}.zone must be a time zone such as 'Europe/Vienna'.`);
  }
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const weekday = (parts.get('weekday') ?? '').toLowerCase();
    return {
      day: DAYS.findIndex((day) => day === weekday),
      minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  };
}
