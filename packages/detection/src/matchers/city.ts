import { isAlnum, isDigit, isLetter, isUpper } from '../code-units.ts';
import type { Cursor } from '../engine/cursor.ts';
import { valueAfter, wordEnd, wordStart } from './words.ts';
import { createWordList, type WordList } from './word-list.ts';

/** USPS Publication 28, appendix B: states, territories, armed forces. */
const STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD ' +
    'TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP'
  ).split(' '),
);

/** States by name, without those that are given names (`Georgia`, `Virginia`): `Smith, Virginia` is a person. */
export const STATE_NAMES: readonly string[] = (
  'alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|idaho|illinois|indiana|iowa|kansas|' +
  'kentucky|louisiana|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|' +
  'new hampshire|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|' +
  'south carolina|south dakota|tennessee|texas|utah|vermont|wisconsin|wyoming|washington'
).split('|');

/** Letters of states that few words begin with. */
export const STATE_CODES: readonly string[] =
  'tx ny nj nc tn mn ky ct az nv nm ks wv wy vt sd nh oh il fl'.split(' ');

/**
 * Large towns that are seldom anything else. They count after a preposition or before a state (`in Boston`, `Boston, MA`):
 * `Boston criteria` and `Glasgow Coma Scale` are no places.
 */
export const TOWNS: readonly string[] = (
  'chicago|houston|philadelphia|san antonio|san diego|dallas|san jose|columbus|indianapolis|san francisco|seattle|' +
  'denver|oklahoma city|nashville|boston|el paso|portland|las vegas|memphis|detroit|baltimore|milwaukee|albuquerque|tucson|' +
  'fresno|sacramento|kansas city|atlanta|omaha|raleigh|long beach|virginia beach|miami|oakland|minneapolis|' +
  'tulsa|bakersfield|wichita|tampa|cleveland|honolulu|anaheim|lexington|stockton|corpus christi|riverside|' +
  'newark|cincinnati|orlando|pittsburgh|greensboro|anchorage|durham|st louis|st paul|chula vista|buffalo|' +
  'reno|scottsdale|spokane|baton rouge|richmond|boise|des moines|tacoma|fayetteville|birmingham|rochester|salt lake city|' +
  'little rock|tallahassee|providence|springfield|knoxville|chattanooga|los angeles|brooklyn|manhattan|' +
  'london|manchester|liverpool|leeds|sheffield|bristol|glasgow|edinburgh|cardiff|belfast|nottingham|leicester|' +
  'madrid|barcelona|sevilla|valencia|zaragoza|malaga|bilbao|murcia|granada|alicante|cordoba|valladolid|vigo|gijon|vitoria|' +
  'a coruna|la coruna|cadiz|santander|toledo|salamanca|burgos|albacete|castellon|almeria|huelva|oviedo|' +
  'san sebastian|santiago de compostela|tarragona|lleida|girona|badajoz|caceres|jaen|logrono|lugo|ourense|guadalajara|' +
  'berlin|hamburg|munchen|munich|frankfurt|stuttgart|koln|cologne|dusseldorf|paris|lyon|marseille|toulouse|' +
  'toronto|vancouver|calgary|ottawa|sydney|melbourne|brisbane|dublin|mumbai|bangalore|delhi|chennai'
).split('|');

/** Prepositions and verbs that a town follows. */
const BEFORE_TOWN =
  /(?:(?:^|[^A-Za-z])(?:in|from|near|to|of|around|outside|outside of|visiting|at|via|city:|en|de|desde|aus|nach|à)|(?:\d[A-Za-z]?|street|st|avenue|ave|road|rd|blvd|lane|ln|drive|dr|court|ct|way|place|terrace|parkway|circle|trail|close|gardens|crescent|mews|grove|s\/n)\.?,|\d{5},?) $/i;
/** What makes of a town the name of a test, a firm or a school. */
const AFTER_TOWN =
  /^(?:'s|’s)? (?:[a-z]+ )?(?:criteria|triage|staging|naming|classification|scale|score|system|index|rule|test|protocol|marathon|times|post|university|college|style|agreement|coma)/i;

/** The town itself, where something says that it is one. */
export function findTown(cursor: Cursor): boolean {
  const { codes, at, end, text } = cursor;
  if (!isUpper(codes[at] as number)) return false;
  cursor.from = at;
  cursor.to = end;
  if (stateAfter(cursor, end)) return true;
  if (codes[end] === 32 && isUpper(codes[end + 1] as number)) return false;
  return (
    BEFORE_TOWN.test(text.slice(Math.max(0, at - 14), at)) && !AFTER_TOWN.test(text.slice(end, end + 40))
  );
}

/** `, TX`, ` TX 75201` */
function stateAfter({ codes, text }: Cursor, end: number): boolean {
  let at = end;
  if (codes[at] === 44) at += 1;
  if (codes[at] !== 32) return false;
  return STATES.has(text.slice(at + 1, at + 3)) && !isAlnum(codes[at + 3] as number);
}

/** Capitalized words before a state by name or by its letters: `Lake Stevens, Texas`, `Tulsa, OK`. */
export function findTownBeforeState(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (!isUpper(codes[at] as number)) return false;
  if (end - at === 2 && (!isUpper(codes[at + 1] as number) || codes[end] === 45)) return false;
  if (codes[at - 1] !== 32 || codes[at - 2] !== 44) return false;
  return townBefore(cursor, at - 2);
}

/** The same before a state and a ZIP code, where no comma has to stand: `Dallas TX 75201`. */
export function findTownBeforeZip(cursor: Cursor): boolean {
  const { codes, at } = cursor;
  if (!isStateBefore(cursor)) return false;
  let word = at - 4;
  while (word > 0 && word > at - 8 && (codes[word] === 32 || codes[word] === 44 || codes[word] === 10))
    word -= 1;
  return word < at - 4 && townBefore(cursor, word + 1);
}

/** Whether the letters of a state stand before the trigger. */
function isStateBefore({ codes, at, text }: Cursor): boolean {
  if (at < 6 || codes[at - 1] !== 32 || isAlnum(codes[at - 4] as number)) return false;
  return STATES.has(text.slice(at - 3, at - 1));
}

const isNoTown: WordList = createWordList(
  'in at from near of and or the county state street st road rd avenue ave drive dr lane ln blvd apt suite unit box way court ct'.split(
    ' ',
  ),
);

function townBefore(cursor: Cursor, end: number): boolean {
  const { codes } = cursor;
  let from = end;
  for (let count = 0; count < 3; count++) {
    const stop = count === 0 ? end : from - 1;
    if (count > 0 && codes[stop] !== 32) break;
    const start = wordStart(codes, stop);
    if (start === stop || !isUpper(codes[start] as number) || isDigit(codes[start] as number)) break;
    if (isNoTown(codes, start, stop)) break;
    from = start;
    if (start < 2) break;
  }
  if (from === end || end - from < 3) return false;
  // `CD8, IL`
  if (isDigit(codes[end - 1] as number)) return false;
  cursor.from = from;
  cursor.to = end;
  return true;
}

const isNoPlace: WordList = createWordList(
  (
    'the a an my his her their our your this that january february march april may june july august september october november ' +
    'december monday tuesday wednesday thursday friday saturday sunday america canada mexico england spain france germany ' +
    'italy india china japan australia europe asia africa texas california florida ohio usa uk us hospital clinic'
  ).split(' '),
);

/** Capitalized words behind `lives in`, `resident of` and the like. */
export function findTownOfResidence(cursor: Cursor): boolean {
  const { codes, end, text } = cursor;
  if (codes[end] !== 32) return false;
  const from = end + 1;
  if (!isUpper(codes[from] as number)) return false;
  let to = wordEnd(codes, from);
  if (to - from < 3 || isNoPlace(codes, from, to)) return false;
  if (STATE_NAMES.includes(text.slice(from, to).toLowerCase())) return false;
  for (let count = 0; count < 2 && codes[to] === 32 && isUpper(codes[to + 1] as number); count++) {
    const next = wordEnd(codes, to + 1);
    if (next - to < 4 && STATES.has(text.slice(to + 1, next))) break;
    to = next;
  }
  cursor.from = from;
  cursor.to = to;
  return isLetter(codes[to - 1] as number);
}

/** Five digits, or nine, after a word and the letters of a state: `Dallas TX 75201`. */
export function findZipAfterState(cursor: Cursor): boolean {
  const { codes, at, end } = cursor;
  if (!isStateBefore(cursor)) return false;
  let word = at - 4;
  while (word > 0 && word > at - 8 && (codes[word] === 32 || codes[word] === 44 || codes[word] === 10))
    word -= 1;
  if (word === at - 4 || !isLetter(codes[word] as number)) return false;
  let to = end;
  if (codes[to] === 45) {
    let tail = to + 1;
    while (tail < to + 6 && isDigit(codes[tail] as number)) tail += 1;
    if (tail !== to + 5) return false;
    to = tail;
  }
  cursor.from = at;
  cursor.to = to;
  return true;
}

/** Capitalized words after a label: `City: Lake Stevens`. */
export function findLabelledPlace(cursor: Cursor): boolean {
  const { codes, end } = cursor;
  const value = valueAfter(codes, end);
  if (value === -1 || !isUpper(codes[value] as number)) return false;
  let to = wordEnd(codes, value);
  for (let count = 0; count < 3 && codes[to] === 32 && isUpper(codes[to + 1] as number); count++)
    to = wordEnd(codes, to + 1);
  cursor.from = value;
  cursor.to = to;
  return to > value + 1;
}
