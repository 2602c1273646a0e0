import { isAlnum, isDigit, isLetter, isUpper } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { valueAfter, wordEnd, wordStart } from './words.ts';
import { createWordList, type WordList } from './word-list.ts';

/** Suffixes of USPS Publication 28, appendix C1, written out and in the usual short forms. */
const isSuffix: WordList = createWordList(
  (
    'alley aly avenue ave av str boulevard blvd bridge brg bypass causeway cswy center ctr circle cir close court ct courts cove cv ' +
    'crescent cres crossing xing drive dr drives expressway expy extension freeway fwy gardens gdns gate glen green grove grv ' +
    'heights hts highway hwy hill hills hollow junction jct landing lane ln loop mall manor mews park parkway pkwy pass path pike ' +
    'pine place pl plaza plz point pt port quay ridge rdg road rd roads row route rte rue run shore spring springs spur square sq ' +
    'station sta street st streets terrace ter trace trail trl turnpike tpke valley view village vista walk way ways wharf'
  ).split(' '),
);
const isDirection: WordList = createWordList([
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
const isUnit: WordList = createWordList([
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

/**
 * A number, up to five capitalized words, and a suffix: `1600 Pennsylvania Avenue NW`, `1035-116TH AVE NE`, `221B Baker St.`.
 * Without capitals, one or two words, a suffix that is no other word, and the end of the clause: `123 main st, apt 4`.
 */
export function findStreet(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  let to = end;
  if (codes[to] === 45 && isDigit(codes[to + 1] as number)) to += 1;
  else {
    if (isLetter(codes[to] as number) && !isAlnum(codes[to + 1] as number)) to += 1;
    if (codes[to] !== 32) return false;
    to += 1;
  }
  const lead = codes[to] as number;
  if (!isUpper(lead) && !isDigit(lead)) {
    return findGermanStreet(cursor) || (end - at > 1 && findLowStreet(cursor, to));
  }
  let last = -1;
  for (let count = 0; count < MOST_WORDS; count++) {
    const word = to;
    const lead = codes[word] as number;
    if (!isUpper(lead) && !isDigit(lead)) break;
    to = wordEnd(codes, word);
    if (to === word) break;
    if (isDigit(lead) && !isOrdinal(codes, word, to)) break;
    if (count > 0 && to - word <= 10 && isSuffix(codes, word, to)) last = to;
    if (codes[to] === 46 && to - word <= 4) to += 1;
    if (codes[to] !== 32) break;
    to += 1;
  }
  if (last === -1) return false;
  cursor.from = withFlat(cursor);
  cursor.to = withUnit(
    cursor,
    withDirection(
      cursor,
      codes[last] === 46 && (codes[last + 1] === 32 || codes[last + 1] === 44) ? last + 1 : last,
    ),
  );
  return true;
}

const isPlainSuffix: WordList = createWordList(
  'street st avenue ave road rd boulevard blvd lane ln drive dr court ct terrace parkway pkwy highway hwy'.split(
    ' ',
  ),
);
const isNoStreet: WordList = createWordList(
  (
    'a an the of on in at to by for from per and or down up mile miles km lane way minute minutes min hour hours day days week ' +
    'weeks month months year years people cars men women patients more other new old test tests dirt main high mg ml units'
  ).split(' '),
);

const isMain: WordList = createWordList(['main', 'high']);

/** `main st`, `oak hill road`; `10 people on the street` and `4 lane road` are none. */
function findLowStreet(cursor: Cursor, start: number): boolean {
  const { codes } = cursor;
  let to = start;
  for (let count = 0; count < 3; count++) {
    const word = to;
    to = wordEnd(codes, word);
    if (to === word || !isLetter(codes[word] as number)) return false;
    if (count > 0 && isPlainSuffix(codes, word, to)) {
      const stop = codes[to] === 46 ? to + 1 : to;
      const next = codes[stop] as number;
      if (isAlnum(next) || (next === 32 && isAlnum(codes[stop + 1] as number) && withUnit(cursor, to) === to))
        return false;
      cursor.from = withFlat(cursor);
      cursor.to = withUnit(cursor, to);
      return true;
    }
    // `main` and `high` are names of streets where a suffix follows at once.
    const isName = count === 0 && isMain(codes, word, to);
    if ((isNoStreet(codes, word, to) && !isName) || codes[to] !== 32) return false;
    to += 1;
  }
  return false;
}

/** The flat before the number: `Flat 3, 12 Oak Road`. */
function withFlat({ codes, at, text }: Cursor): number {
  if (at < 5 || (codes[at - 1] !== 32 && codes[at - 1] !== 44)) return at;
  const before = text.slice(Math.max(0, at - 18), at);
  const flat =
    /(?:^|[^A-Za-z])((?:flat|apt|apartment|unit|suite|room)\.? #?[A-Za-z]?\d{0,4}[A-Za-z]?, ?)$/i.exec(
      before,
    );
  return flat === null ? at : at - (flat[1] as string).length;
}

function isOrdinal(codes: Uint16Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && isDigit(codes[at] as number)) at += 1;
  return to - at === 2 && isLetter(codes[at] as number);
}

function withDirection({ codes }: Cursor, to: number): number {
  if (codes[to] !== 32) return to;
  const end = wordEnd(codes, to + 1);
  return end - to <= 6 && isDirection(codes, to + 1, end) ? end : to;
}

function withUnit({ codes }: Cursor, to: number): number {
  let at = to;
  if (codes[at] === 44) at += 1;
  if (codes[at] !== 32) return to;
  at += 1;
  if (codes[at] !== 35) {
    const end = wordEnd(codes, at);
    if (end === at || !isUnit(codes, at, end)) return to;
    at = end;
    if (codes[at] === 46) at += 1;
    if (codes[at] !== 32) return to;
  }
  const value = at + 1;
  const end = wordEnd(codes, value);
  return end > value && end - value <= 6 ? end : to;
}

const GERMAN_SUFFIX = /(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|damm|ufer)$/i;

/** A word that ends in the German for street and the number behind it: `Hauptstraße 5`, `Berliner Straße 148`. */
export function findGermanStreet(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  if (at < 8 || codes[at - 1] !== 32) return false;
  // Most of what stands before a number ends otherwise.
  const last = codes[at - 2] as number;
  if (last !== 101 && last !== 46 && last !== 103 && last !== 122 && last !== 109 && last !== 114)
    return false;
  const stop = last === 46 ? at - 2 : at - 1;
  let from = wordStart(codes, stop);
  const word = text.slice(from, at - 1);
  if (!isUpper(codes[from] as number) || !GERMAN_SUFFIX.test(word)) return false;
  if (word.length < 8 && codes[from - 1] === 32) {
    const name = wordStart(codes, from - 1);
    if (name === from - 1 || !isUpper(codes[name] as number)) return false;
    from = name;
  }
  cursor.from = from;
  cursor.to = end;
  return true;
}

/** Words that lead a street in Spanish, French, Italian and Portuguese, with a name and a number after them. */
export const STREET_LEADS: readonly string[] = [
  'calle',
  'c/',
  'avda',
  'avd',
  'avenida',
  'avinguda',
  'carrer',
  'passeig',
  'pza',
  'rambla',
  'alameda',
  'camino',
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

const isParticle: WordList = createWordList([
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
  'km',
  'san',
]);

/** `Calle Miguel Benitez 90`, `c/ del Abedul 5-7, 2º dcha`. */
export function findStreetLead(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  let to = end;
  if (codes[to] === 46) to += 1;
  let capitals = 0;
  for (let count = 0; count < 9; count++) {
    while (codes[to] === 32 || codes[to] === 44) to += 1;
    if (to > end + 80) return false;
    const word = to;
    if (isDigit(codes[word] as number)) {
      if (capitals === 0) return false;
      return ended(cursor, at, word) || frenchStreet(cursor, at, word - 1, capitals);
    }
    // Without number: `s/n`.
    if (
      codes[word + 1] === 47 &&
      ((codes[word] as number) | 32) === 115 &&
      ((codes[word + 2] as number) | 32) === 110
    ) {
      if (capitals === 0 || isAlnum(codes[word + 3] as number)) return false;
      cursor.from = at;
      cursor.to = word + 3;
      return true;
    }
    to = wordEnd(codes, word);
    if (to === word) return frenchStreet(cursor, at, word, capitals);
    if (isUpper(codes[word] as number)) capitals += 1;
    else if (!isParticle(codes, word, to)) return frenchStreet(cursor, at, word, capitals);
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
  // Five digits are a postcode.
  if (to - number > 4 && codes[number + 4] !== 45 && isDigit(codes[number + 4] as number)) return false;
  cursor.from = from;
  cursor.to = withDoor(cursor.text, to);
  return true;
}

/** Floor and door as Spanish addresses have them: `, 2º dcha`, ` 3 B`, `, bajo`. */
function withDoor(text: string, at: number): number {
  const door =
    /^(?:, ?| )(?:\d{1,2}[ºª°]|\d{1,2}(?= ?-? ?[A-Z](?![A-Za-z0-9]))|bajo)(?: ?-? ?(?:izq(?:da)?|dcha|dch|[A-Z])(?![A-Za-z0-9]))?/.exec(
      text.slice(at, at + 20),
    );
  return door === null ? at : at + door[0].length;
}

/** The number before the lead: `12 rue de la Paix`, `5 bis, rue Mozart`. */
function frenchStreet(cursor: Cursor, at: number, stop: number, capitals: number): boolean {
  const { codes, text } = cursor;
  if (capitals === 0) return false;
  const before = /(?:^|[^\w.-])(\d{1,4}(?: ?(?:bis|ter))?,? )$/.exec(text.slice(Math.max(0, at - 14), at));
  if (before === null) return false;
  let to = stop;
  while (to > at && !isAlnum(codes[to - 1] as number)) to -= 1;
  // A particle at the end belongs to what follows.
  while (to > at && isParticle(codes, wordStart(codes, to), to)) to = wordStart(codes, to) - 1;
  cursor.from = at - (before[1] as string).length;
  cursor.to = to;
  return true;
}

/** `P.O. Box 101` */
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

const LONGEST_ADDRESS = 80;

/**
 * What stands behind a label such as `Address:`, up to the end of the line or of the clause, when it has words and a house
 * number: an address that no suffix tells.
 */
export function findLabelledStreet(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  const from = valueAfter(codes, end);
  const first = from === -1 ? 0 : (codes[from] as number);
  if (!isUpper(first) && !(isDigit(first) && first !== 48)) return false;
  let letters = 0;
  let digits = 0;
  let spaces = 0;
  let to = from;
  for (; to < from + LONGEST_ADDRESS; to++) {
    const code = codes[to] as number;
    if (
      code === 64 ||
      code === 95 ||
      code === 61 ||
      code === 40 ||
      (code === 58 && (codes[to + 1] as number) > 32)
    )
      return false;
    if (isDigit(code)) digits += 1;
    else if (isLetter(code)) letters += 1;
    else if (code === 32) spaces += 1;
    else if (code === 46 && (codes[to + 1] as number) <= 32 && to - from > 4) {
      if (digits > 0) break;
    } else if (code === 44) {
      if (digits > 0 && letters > 2) break;
    } else if (code < 32 || code === 59 || code === 124 || code === 34 || code === 60) break;
  }
  if (to === from + LONGEST_ADDRESS || letters < 3 || digits === 0 || digits > 6 || spaces === 0)
    return false;
  while (!isAlnum(codes[to - 1] as number)) to -= 1;
  cursor.from = from;
  cursor.to = withDoor(cursor.text, withUnit(cursor, to));
  return true;
}

/** A flat on a line of its own: `Apt. 441`, `Suite 988`. */
export function findFlat(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  let to = end;
  if (codes[to] === 46) to += 1;
  if (codes[to] !== 32 || !isUpper(codes[at] as number)) return false;
  to += 1;
  if (codes[to] === 35) to += 1;
  const number = to;
  while (to < number + 5 && isDigit(codes[to] as number)) to += 1;
  const size = to - number;
  if (isLetter(codes[to] as number)) to += 1;
  // `Office Suite 2019`
  const isYear =
    size === 4 &&
    ((codes[number] === 49 && codes[number + 1] === 57) ||
      (codes[number] === 50 && codes[number + 1] === 48));
  if (size === 0 || size > 4 || isYear || isAlnum(codes[to] as number)) return false;
  // `Office Suite 365` is a product: a suite stands at the beginning of a line or behind a mark.
  const isSuite = ((codes[at] as number) | 32) === 115;
  if (isSuite && (size < 3 || (codes[at - 1] === 32 && isLetter(codes[at - 2] as number)))) return false;
  cursor.from = at;
  cursor.to = to;
  return true;
}
