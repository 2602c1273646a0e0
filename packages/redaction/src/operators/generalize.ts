import { findYear, readDate } from '../dates.ts';
import { label } from './label.ts';
import type { Rewriting } from './operator.ts';

/**
 * ZIP prefixes of areas with at most 20,000 people, which become 000: 45 CFR 164.514(b)(2)(i)(B). The union of what was
 * published for the census of 2000 (HHS, "Guidance Regarding Methods for De-identification", 2012: 036 059 063 102 203
 * 556 692 790 821 823 830 831 878 879 884 890 893) and of 2010 (036 059 102 202 203 204 205 369 556 692 753 772 821 823
 * 878 879 884 893).
 */
const SPARSE_ZIP_PREFIXES: ReadonlySet<string> = new Set(
  '036 059 063 102 202 203 204 205 369 556 692 753 772 790 821 823 830 831 878 879 884 890 893'.split(' '),
);

/** Ages from here on are one group, and so are the years of birth that tell of them: 45 CFR 164.514(b)(2)(i)(C). */
const OLDEST = 90;

/** Nine digits are the most that a ZIP code has. */
const TEN_DIGITS = 1e9;
/** A ZIP code has five, or nine with what follows it; the first of them may be a zero, which a number has not. */
const SIX_DIGITS = 1e5;
/** A year of two digits that is further away was one of the century before: 3/15/36. Nobody is born in the future. */
const MOST_YEARS_AHEAD = 5;
const CENTURY = 100;
const MOST_DEGREES = 180;
const DEGREES = /(?<![\d.])-?\d{1,3}[.,]\d+(?![\d.])/g;
const ONLY_MARKS = /^(?:[\s,;:/()°+]|\b(?:[NSEWO]|geo|point|lat|latitude|lng|lon|long|longitude)\b){0,64}$/i;

/**
 * Says less: a date its year, a ZIP code its first three digits, an age of 90 or more `90+`, coordinates whole degrees.
 * What cannot be said with less gets its label.
 *
 * @param clock milliseconds since 1970
 */
export function generalize(clock: () => number): Rewriting {
  // A date that nothing calls one of birth may be one, and tells of an age as well.
  const general = (year: number): { readonly year: number; readonly isOld: boolean } => {
    const latest = new Date(clock()).getUTCFullYear() - OLDEST;
    return year <= latest ? { year: latest, isOld: true } : { year, isOld: false };
  };
  const yearOf = (value: string, entity: string): number | undefined => {
    const year = readDate(value)?.year ?? findYear(value);
    if (year === undefined) return undefined;
    const ahead = year - new Date(clock()).getUTCFullYear();
    const isWritten = value.includes(String(year));
    const isPast = entity === 'DOB' ? ahead > 0 : ahead > MOST_YEARS_AHEAD && !isWritten;
    return isPast && ahead < CENTURY ? year - CENTURY : year;
  };
  return {
    text: (value, entity, owner) => {
      switch (entity) {
        case 'DATE':
        case 'DOB': {
          const found = yearOf(value, entity);
          if (found === undefined) return label.text(value, entity, owner);
          const { year, isOld } = general(found);
          return isOld ? `${year} or earlier` : String(year);
        }
        case 'ZIP': {
          const digits = /\d{5}/.exec(value)?.[0];
          return digits === undefined ? label.text(value, entity, owner) : prefixOf(digits);
        }
        case 'AGE_OVER_89':
          return isYounger(value) ? value : '90+';
        case 'GEO':
          return coarsePlace(value) ?? label.text(value, entity, owner);
        default:
          return label.text(value, entity, owner);
      }
    },
    number: (value, entity, owner) => {
      switch (entity) {
        case 'DATE':
        case 'DOB': {
          const year =
            readDate(String(value))?.year ?? (value >= 1800 && value < 2200 ? Math.trunc(value) : 0);
          return year === 0 ? 0 : general(year).year;
        }
        case 'ZIP':
          return value >= 0 && value < TEN_DIGITS
            ? Number(prefixOf(String(Math.trunc(value)).padStart(value < SIX_DIGITS ? 5 : 9, '0')))
            : label.number(value, entity, owner);
        case 'AGE_OVER_89':
          return Math.min(value, OLDEST);
        case 'GEO':
          // A number beyond degrees is degrees times ten million, and would keep every digit.
          return Math.abs(value) <= MOST_DEGREES ? Math.round(value) : label.number(value, entity, owner);
        default:
          return label.number(value, entity, owner);
      }
    },
    keepsShape: false,
    cheap: true,
  };
}

/** One key may name several ages; those below 90 tell nothing. */
function isYounger(age: string): boolean {
  return /^\s*\d{1,2}(?:\.\d+)?\s*$/.test(age) && Number(age) < OLDEST;
}

function prefixOf(zip: string): string {
  const prefix = zip.slice(0, 3);
  return SPARSE_ZIP_PREFIXES.has(prefix) ? '000' : prefix;
}

/** Whole degrees for decimal ones; undefined where anything else is in the text: minutes, a place, a geohash. */
function coarsePlace(value: string): string | undefined {
  const rest = value.replaceAll(DEGREES, '');
  if (rest === value || !ONLY_MARKS.test(rest)) return undefined;
  return value.replaceAll(DEGREES, (degrees) => String(Math.round(Number(degrees.replace(',', '.')))));
}
