const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole number in base 62 (digits, capitals, small letters), with zeros before it up to `size`. */
export function base62(value: number, size: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = (DIGITS[rest % 62] as string) + text;
  return text.padStart(size, '0');
}
