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
/** Per mille in English text, `a` to `z`. */
const SINGLES = [
  82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1,
] as const;

/** How often three letters (classes 1 to 26) follow each other, on a scale of logarithms. */
export function tripleLevel(a: number, b: number, c: number): number {
  const middle = Math.log((SINGLES[b - 1] as number) * 1000) / STEP;
  return PAIRS.charCodeAt((a - 1) * 26 + b - 1) + PAIRS.charCodeAt((b - 1) * 26 + c - 1) - middle;
}
