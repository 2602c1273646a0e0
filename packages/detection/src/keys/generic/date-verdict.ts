import { VERDICT } from '../verdicts.ts';

/** YYYYMMDD, with HHMM and SS or without, as HL7 v2 writes it (DTM, section 2A.3.22). */
const YEAR_FIRST =
  /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?$/;
/** MMDDYYYY; a number has lost its first zero. */
const MONTH_FIRST = /^(?:0?[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d\d$/;
/** Seconds from 1973 on, or milliseconds; fewer digits are as often an amount. */
const EPOCH = /^-?(?:[1-9]\d{8,9}|[1-9]\d{11,12})$/;

/** Days that no text rule finds, because nothing but the key tells them from a number. */
export function calendarVerdict(value: unknown): number {
  const text = digits(value);
  return YEAR_FIRST.test(text) || MONTH_FIRST.test(text) ? VERDICT.date : VERDICT.text;
}

/** The same under a key that says `date`, where seconds and milliseconds since 1970 are days as well. */
export function dateVerdict(value: unknown): number {
  return EPOCH.test(digits(value)) ? VERDICT.date : calendarVerdict(value);
}

/** `birth: 12` counts something, `birth: 1980` does not. */
export function birthVerdict(value: unknown): number {
  return typeof value === 'number' && Math.abs(value) < 1000 ? VERDICT.text : VERDICT.dob;
}

function digits(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= 16 ? value : '';
}
