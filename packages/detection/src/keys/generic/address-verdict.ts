import { VERDICT } from '../verdicts.ts';

/** A postal address, an e-mail address, one of the network, or one that is none of them (`0x7f...`, `bc1...`). */
export function addressVerdict(value: unknown): number {
  if (typeof value !== 'string') return VERDICT.text;
  if (value.includes('@')) return VERDICT.email;
  const ip = ipVerdict(value);
  if (ip !== VERDICT.text) return ip;
  if (value.length > 200 || !/\p{L}/u.test(value)) return VERDICT.text;
  return /[\s,]/.test(value) && /[\d,\n]/.test(value) ? VERDICT.street : VERDICT.text;
}

export function ipVerdict(value: unknown): number {
  if (typeof value !== 'string' || value.length > 200) return VERDICT.text;
  if (/^\s*\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/.test(value)) return VERDICT.ipv4;
  return /^\s*\[?[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}/i.test(value) ? VERDICT.ipv6 : VERDICT.text;
}
