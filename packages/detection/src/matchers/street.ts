import { isAlnum, isDigit, isLetter, isUpper } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { wordEnd } from './words.ts';

/** Suffixes of USPS Publication 28, appendix C1, written out and in the usual short forms. */
const SUFFIXES: ReadonlySet<string> = new Set(
  (
    'alley aly avenue ave av boulevard blvd bridge brg bypass causeway cswy center ctr circle cir close court ct courts cove cv ' +
    'crescent cres crossing xing drive dr drives expressway expy extension freeway fwy gardens gdns gate glen green grove grv ' +
    'heights hts highway hwy hill hills hollow junction jct landing lane ln loop mall manor mews park parkway pkwy pass path pike ' +
    'pine place pl plaza plz point pt port quay ridge rdg road rd roads row route rte rue run shore spring springs spur square sq ' +
    'station sta street st streets terrace ter trace trail trl turnpike tpke valley view village vista walk way ways wharf'
  ).split(' '),
);
const DIRECTIONS: ReadonlySet<string> = new Set([
  'n',
  's',
  'e',
  'w',
  'ne',
  'nw',
  'se',
  'sw',
  'north',
  'south',
  'east',
  'west',
]);
const UNITS: ReadonlySet<string> = new Set([
  'apt',
  'apartment',
  'suite',
  'ste',
  'unit',
  'floor',
  'fl',
  'room',
  'rm',
  'bldg',
]);
const MOST_WORDS = 6;

/** A number, up to five capitalized words, and a suffix: `1600 Pennsylvania Avenue NW`, `1035-116TH AVE NE`, `221B Baker St.` */
export function findStreet(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  let to = end;
  if (codes[to] === 45 && isDigit(codes[to + 1] as number)) to += 1;
  else {
    if (isUpper(codes[to] as number) && !isAlnum(codes[to + 1] as number)) to += 1;
    if (codes[to] !== 32) return false;
    to += 1;
  }
  let last = -1;
  for (let count = 0; count < MOST_WORDS; count++) {
    const word = to;
    const lead = codes[word] as number;
    if (!isUpper(lead) && !isDigit(lead)) break;
    to = wordEnd(codes, word);
    if (to === word) break;
    if (isDigit(lead) && !isOrdinal(codes, word, to)) break;
    if (count > 0 && to - word <= 10 && SUFFIXES.has(text.slice(word, to).toLowerCase())) last = to;
    if (codes[to] === 46 && to - word <= 4) to += 1;
    if (codes[to] !== 32) break;
    to += 1;
  }
  if (last === -1) return false;
  cursor.from = at;
  cursor.to = withUnit(
    cursor,
    withDirection(cursor, codes[last] === 46 && codes[last + 1] === 32 ? last + 1 : last),
  );
  return true;
}

function isOrdinal(codes: Uint16Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && isDigit(codes[at] as number)) at += 1;
  return to - at === 2 && isLetter(codes[at] as number);
}

function withDirection({ codes, text }: Cursor, to: number): number {
  if (codes[to] !== 32) return to;
  const end = wordEnd(codes, to + 1);
  return end - to <= 6 && DIRECTIONS.has(text.slice(to + 1, end).toLowerCase()) ? end : to;
}

function withUnit({ codes, text }: Cursor, to: number): number {
  let at = to;
  if (codes[at] === 44) at += 1;
  if (codes[at] !== 32) return to;
  at += 1;
  if (codes[at] !== 35) {
    const end = wordEnd(codes, at);
    if (end === at || !UNITS.has(text.slice(at, end).toLowerCase())) return to;
    at = end;
    if (codes[at] === 46) at += 1;
    if (codes[at] !== 32) return to;
  }
  const value = at + 1;
  const end = wordEnd(codes, value);
  return end > value && end - value <= 6 ? end : to;
}

/** Words that lead a street in Spanish, French, Italian and Portuguese, with a name and a number after them. */
export const STREET_LEADS: readonly string[] = [
  'calle',
  'c/',
  'avda',
  'avenida',
  'plaza',
  'paseo',
  'ctra',
  'carretera',
  'rua',
  'rue',
  'ulica',
  'via',
  'travessera',
  'ronda',
];

const PARTICLES: ReadonlySet<string> = new Set([
  'de',
  'del',
  'la',
  'las',
  'los',
  'el',
  'do',
  'da',
  'dos',
  'des',
  'du',
  'y',
  'i',
  'n',
  'nº',
  'km',
  'san',
]);

/** `Calle Miguel Benitez 90`, `c/ del Abedul 5-7, 2º dcha`. */
export function findStreetLead(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  let to = end;
  if (codes[to] === 46) to += 1;
  let capitals = 0;
  for (let count = 0; count < 9; count++) {
    while (codes[to] === 32 || codes[to] === 44) to += 1;
    if (to > end + 80) return false;
    const word = to;
    if (isDigit(codes[word] as number)) {
      if (capitals === 0) return false;
      return ended(cursor, at, word);
    }
    to = wordEnd(codes, word);
    if (to === word) return false;
    if (isUpper(codes[word] as number)) capitals += 1;
    else if (!PARTICLES.has(text.slice(word, to).toLowerCase())) return false;
    if (codes[to] === 46) to += 1;
    if (codes[to] === 0xba || codes[to] === 0xb0) to += 1;
  }
  return false;
}

/** House number, and what follows it as far as it looks like floor and door. */
function ended(cursor: Cursor, from: number, number: number): boolean {
  const { codes } = cursor;
  let to = number;
  while (to < number + 5 && isDigit(codes[to] as number)) to += 1;
  if (isDigit(codes[to] as number)) return false;
  if (codes[to] === 45 && isDigit(codes[to + 1] as number)) {
    to += 1;
    const second = to;
    while (to < second + 4 && isDigit(codes[to] as number)) to += 1;
  } else if (isLetter(codes[to] as number) && !isAlnum(codes[to + 1] as number)) to += 1;
  cursor.from = from;
  cursor.to = to;
  return true;
}

/** `Koenigstrasse 51`: the word ends in the German for street, and a number follows. */
export function findBox(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  const before = text.slice(Math.max(0, at - 6), at).toLowerCase();
  const lead = /(?:p\.? ?o\.?|post office) ?$/.exec(before);
  if (lead === null || codes[end] !== 32) return false;
  let to = end + 1;
  while (to < end + 8 && isDigit(codes[to] as number)) to += 1;
  if (to === end + 1) return false;
  cursor.from = at - lead[0].length;
  cursor.to = to;
  return true;
}
