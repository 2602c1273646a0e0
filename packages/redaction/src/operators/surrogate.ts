import { readDate } from '../dates.ts';
import type { Keyed } from './keyed.ts';
import type { Owner, Rewriting } from './operator.ts';

/** What a surrogate is made of: endless numbers from 0 to 255. */
type Bytes = Generator<number, unknown>;

const LONGEST_EXACT = 15;
const LETTERS = 26;
/** ISO/IEC 7812-1: the shortest number of a card. */
const SHORTEST_CARD = 12;

/**
 * A value of the same shape that means nobody: digits for digits, letters for letters, the same always for the same value
 * within a tenant. Addresses and numbers are of the ranges that are reserved for examples.
 *
 * @param keyed without it every letter is an x and every digit a 0: for shapes where nothing may be told at all
 */
export function surrogate(keyed: Keyed | undefined): Rewriting {
  const bytesOf = (value: string, entity: string, owner: Owner): Bytes =>
    keyed === undefined ? zeros() : keyed.bytes('surrogate', owner.tenant, entity, value);
  const text = (value: string, entity: string, owner: Owner): string => {
    // Another one, in the rare case that chance gave the value itself.
    for (let salt = 0; salt < 8; salt += 1) {
      const fake = fakeOf(value, entity, bytesOf(salt === 0 ? value : `${value}\0${salt}`, entity, owner));
      if (fake !== value) return fake;
    }
    return `[${entity}]`;
  };
  return {
    text,
    number: (value, entity, owner) => {
      const whole = String(Math.abs(Math.trunc(value)));
      if (!/^\d+$/.test(whole) || whole.length > LONGEST_EXACT + 1) return 0;
      const bytes = bytesOf(String(value), entity, owner);
      // The first digit is not 0, so that there are as many.
      const first = 1 + (take(bytes) % 9);
      let digits = String(first);
      while (digits.length < Math.min(whole.length, LONGEST_EXACT)) digits += String(take(bytes) % 10);
      const fake = Number(digits) * (value < 0 ? -1 : 1);
      return fake === value ? 0 : fake;
    },
    keepsShape: true,
    cheap: keyed === undefined,
  };
}

function fakeOf(value: string, entity: string, bytes: Bytes): string {
  switch (entity) {
    case 'EMAIL':
      // RFC 2606: example.org is nobody's.
      return `${like(value.slice(0, Math.max(1, value.lastIndexOf('@'))), bytes).replaceAll(/[^\w.+-]/g, 'x')}@example.org`;
    case 'URL':
      return `https://example.org/${base36(bytes, 12)}`;
    case 'IPV4':
      // RFC 5737, TEST-NET-2.
      return `198.51.100.${1 + (take(bytes) % 254)}`;
    case 'IPV6':
      // RFC 3849.
      return `2001:db8::${(1 + take(bytes)).toString(16)}:${(1 + take(bytes)).toString(16)}`;
    case 'MAC': {
      // RFC 7042, section 2.1.2: for documentation.
      const gap = value.includes('-') ? '-' : ':';
      return ['00', '00', '5e', '00', '53', take(bytes).toString(16).padStart(2, '0')].join(gap);
    }
    case 'SSN':
      // Area numbers from 900 are never given to anybody, group numbers below 50 to no taxpayer either.
      return withDigits(like(value, bytes), (digits) => `9${digits.slice(1, 3)}1${digits.slice(4)}`);
    case 'CREDIT_CARD':
      // The first digit says which brand it is, and is what a reader of cards looks at first; of a security code, or of
      // the last digits alone, it would be a good part.
      return withDigits(like(value, bytes), (digits) =>
        digits.length < SHORTEST_CARD ? digits : withLuhn(`${/\d/.exec(value)?.[0] ?? ''}${digits.slice(1)}`),
      );
    case 'DATE':
    case 'DOB': {
      const date = readDate(value);
      if (date === undefined) return like(value, bytes);
      const year = date.year - 5 + (take(bytes) % 10);
      return date.write(year, 1 + (take(bytes) % 12), 1 + (take(bytes) % 28));
    }
    default:
      return like(value, bytes);
  }
}

/** Letters for letters and digits for digits; every other character below U+0080 stays. */
function like(value: string, bytes: Bytes): string {
  let fake = '';
  for (const character of value) {
    if (character >= '0' && character <= '9') fake += String(take(bytes) % 10);
    else if (character >= 'a' && character <= 'z') fake += letter(bytes, 0x61);
    else if (character >= 'A' && character <= 'Z') fake += letter(bytes, 0x41);
    else if (character < '\u0080') fake += character;
    else fake += character === character.toLowerCase() ? letter(bytes, 0x61) : letter(bytes, 0x41);
  }
  return fake;
}

function letter(bytes: Bytes, first: number): string {
  const byte = take(bytes);
  // 23 is x: what a surrogate without a key is made of.
  return String.fromCharCode(first + ((byte + 23) % LETTERS));
}

function base36(bytes: Bytes, length: number): string {
  let text = '';
  while (text.length < length) text += (take(bytes) % 36).toString(36);
  return text;
}

/** The digits of a text replaced together, in place. */
function withDigits(text: string, change: (digits: string) => string): string {
  const digits = change(text.replaceAll(/\D/g, ''));
  let at = 0;
  return text.replaceAll(/\d/g, () => digits[at++] ?? '0');
}

/** The last digit makes the sum of ISO/IEC 7812-1, annex B, right. */
function withLuhn(digits: string): string {
  const body = digits.slice(0, -1);
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) {
    const digit = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function take(bytes: Bytes): number {
  return bytes.next().value as number;
}

function* zeros(): Bytes {
  for (;;) yield 0;
}
