import { DAY, HOUR, MINUTE } from '../durations.ts';

/** A number as people read it: at most three digits that mean something. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return '0';
  const rounded = Math.abs(value) < 100 ? Number(value.toPrecision(2)) : Math.round(value);
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

export function bytes(value: number): string {
  if (value < 1024) return `${amount(value)} bytes`;
  if (value < 1024 ** 2) return `${amount(value / 1024)} KiB`;
  if (value < 1024 ** 3) return `${amount(value / 1024 ** 2)} MiB`;
  return `${amount(value / 1024 ** 3)} GiB`;
}

export function span(ms: number): string {
  if (ms < 1.5 * MINUTE) return 'a minute';
  if (ms === HOUR) return 'an hour';
  if (ms === DAY) return 'a day';
  if (ms < HOUR) return `${String(Math.round(ms / MINUTE))} minutes`;
  return `${String(Math.round(ms / HOUR))} hours`;
}
