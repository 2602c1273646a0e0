import { VERDICT } from '../verdicts.ts';

type Container = Readonly<Record<string, unknown>>;

/** The number of an account or an encounter: short words (`fin`) are words of other languages as well. */
export function recordNumberVerdict(value: unknown): number {
  return /^[A-Z]{0,4}-?\d{5,20}$/i.test(short(value)) ? VERDICT['personal-id'] : VERDICT.text;
}

/** A secret of ISO 9564-1: 4 to 12 digits. A pin on a map and a postal index number are others. */
export function pinVerdict(container: Container, value: unknown): number {
  if (!/^\d{4,12}$/.test(short(value))) return VERDICT.text;
  for (const key in container) if (OTHER_PIN.test(key)) return VERDICT.text;
  return VERDICT['card-pin'];
}

const OTHER_PIN = /map|post(?:al|code)|zip|^lat|^l(?:on|ng)|city|gpio|address|district/i;

/** What ISO/IEC 7813 lets a magnetic stripe hold; the track of a record or of a satellite is named alike. */
export function trackVerdict(value: unknown): number {
  return typeof value === 'string' && value.length <= 400 && /^[%;]?[Bb]?\d{12,19}(?:\D|$)/.test(value)
    ? VERDICT['card-track']
    : VERDICT.text;
}

function short(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= 24 ? value : '';
}
