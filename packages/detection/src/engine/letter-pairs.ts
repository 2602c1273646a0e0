import { DIGIT, isLetterClass, SEPARATOR } from './classes.ts';

/**
 * How often each pair of letters occurs in English and Spanish prose and in source code: a row for each first letter, a
 * letter for each second, each step up from `a` 1.6 times as often. It only chooses where the scan looks for a word, so a
 * wrong number costs time and finds no less.
 */
const PAIRS =
  'nqstmpqnrlpusulqmuttqqnnrn' +
  'rmllsiijqohqjjrjiqnkpjihpi' +
  'tkoksjlsshqqlkumiqlrqjjioj' +
  'skloukmkskjnllsliqpkolkinj' +
  'tostrrplpnntrupqnvusnqqrpn' +
  'qjlkqpjisjiojirkiqloqhjikh' +
  'qkiisilqqijomoqjiqonpijili' +
  'tkmlujjlsijlklsjjolsoijinh' +
  'sotssqrklkosrvtpkrutkqjmip' +
  'oiiipiiiljijiipiijmiojihii' +
  'njiirjjkqikljnmiimpjlijili' +
  'tmmqtmljtjmsnjsmikpqqmmirk' +
  'tplktjlnsiilolrqilokpjjjqi' +
  'smrttptmrlpqmpslkmstpnkjol' +
  'nqqrnspmpkossvrqkusrtqrmnk' +
  'sjllsiioqiirljsoiropojiimi' +
  'jiiijhiiiihihiihhiijriiiii' +
  'tnprvnpktjooqrtmkqrsqpljqj' +
  'rmqmtllrsknonmsqklrurkojnj' +
  'slomulmvtjjnmkusisrtrlniqk' +
  'popormokqknrqslpissrkkkjmk' +
  'qhjjtiiiriijijpjijkkjiiijh' +
  'rikkrjirrijjiopiinokijkhki' +
  'mjljmjhinhiijimoiiiokiijji' +
  'nllkpkjjmjjlnmroilpmjikiji' +
  'oijinijjmiiijinhmijijhiijk';

const STEP = Math.log(1.6);
/** The step of `PAIRS` that would stand for a pair that is always there. */
const CERTAIN = 124;
/** Per mille in English text, `a` to `z`. */
const SINGLES = [
  82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1,
] as const;
const SEPARATORS = 0.18;
const OTHERS = 0.02;
/** Digits stand together: four in a row are far more frequent than four times one. */
const DIGIT_AFTER_DIGIT = 0.6;
/** A quote, a bracket, the end of a line: what most values end at. */
const UNKNOWN = 0.15;

/** How likely the class `unit` is after the class `left`, which is no letter where nothing is known of it. */
export function likelihood(left: number, unit: number): number {
  if (!isLetterClass(unit)) return likelihoodOfMark(left, unit);
  if (!isLetterClass(left)) return (SINGLES[unit - 1] as number) / 1000;
  const pair = Math.exp((PAIRS.charCodeAt((left - 1) * 26 + unit - 1) - CERTAIN) * STEP);
  return Math.min(1, (pair * 1000) / (SINGLES[left - 1] as number));
}

function likelihoodOfMark(left: number, unit: number): number {
  if (unit === SEPARATOR) return SEPARATORS;
  if (unit === 0) return UNKNOWN;
  return unit === DIGIT && left === DIGIT ? DIGIT_AFTER_DIGIT : OTHERS;
}
