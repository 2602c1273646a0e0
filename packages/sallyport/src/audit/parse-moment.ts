import { BadInput } from './bad-input.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** RFC 3339, section 5.6. */
const TIME =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/;

/**
 * A moment as people write it: RFC 3339, a date in UTC, or how long ago it is, such as `2h`.
 *
 * @param option its name, for the message
 * @param now milliseconds since the epoch
 * @param edge which end of a date is meant
 * @returns milliseconds since the epoch
 * @throws BadInput
 */
export function parseMoment(
  text: string,
  { option, now, edge }: { readonly option: string; readonly now: number; readonly edge: 'start' | 'end' },
): number {
  const [, count = '', unit = ''] = /^([0-9]{1,9})([smhdw])$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (length !== undefined) return now - Number(count) * length;
  if (DATE.test(text) && isDay(text)) {
    const start = Date.parse(`${text}T00:00:00Z`);
    return edge === 'start' ? start : start + 86_399_999;
  }
  const [, day = ''] = TIME.exec(text) ?? [];
  // No clock here has a leap second.
  const moment =
    day !== '' && isDay(day) ? Date.parse(text.toUpperCase().replace(/:60(?=[.Z+-])/, ':59')) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new BadInput(
    `${option} takes a time such as 2026-01-31T10:00:00Z, a date such as 2026-01-31, or how long ago: 30m, 2h, 3d, 1w`,
  );
}

/** No 30th of February, which `Date` takes for the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
