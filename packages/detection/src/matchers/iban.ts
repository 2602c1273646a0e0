import { isAlnum, isAsciiLetter, isDigit } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';

/** Lengths by country, of the SWIFT IBAN registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 ' +
    'LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 ' +
    'RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The token begins with a country and two check digits; groups of four may be parted by a space or a dash. */
export function findIban(cursor: Cursor): boolean {
  const { codes, at, text } = cursor;
  if (!isAsciiLetter(codes[at] as number) || !isAsciiLetter(codes[at + 1] as number)) return false;
  if (!isDigit(codes[at + 2] as number) || !isDigit(codes[at + 3] as number)) return false;
  const size = LENGTHS.get(text.slice(at, at + 2).toUpperCase());
  if (size === undefined) return false;
  let to = at + 4;
  let count = 4;
  let digits = 0;
  while (count < size) {
    const code = codes[to] as number;
    if (isAlnum(code) && code < 0x80) {
      if (isDigit(code)) digits += 1;
      count += 1;
    } else if (!((code === 32 || code === 45) && isAlnum(codes[to + 1] as number))) return false;
    to += 1;
  }
  // Every country's account part holds digits; words behind two capitals and a number do not.
  if (digits < 4) return false;
  cursor.from = at;
  cursor.to = to;
  return true;
}
