import { roleOf } from './features.ts';
import { Kind, Role } from './lexicon.ts';
import { Gap, Shape } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** Outweighs any sum of features: what a cue has decided stays decided. */
export const CUE_SCORE = 1_000_000;

/** Words in a name behind a label: given names and surnames, as Spanish has them. */
const MOST_PARTS = 4;

/** Labels after which a name is expected even when nobody has heard of it. */
const LABELS: readonly string[] = [
  'name',
  'names',
  'patient',
  'attending',
  'provider',
  'nombre',
  'nombres',
  'apellido',
  'apellidos',
  'paciente',
  'medico',
  'medica',
  'surname',
  'physician',
  'surgeon',
  'caller',
  'prescriber',
  'firmado',
  'attendees',
  'participants',
];

export function createLabels(hashWord: (word: string) => number): ReadonlySet<number> {
  return new Set(LABELS.map(hashWord));
}

/** Raises the words that a title or a label announces. `score` holds one number a word. */
export function applyCues(words: WordBuffer, labels: ReadonlySet<number>, score: Float64Array): void {
  for (let at = 1; at < words.count; at++) {
    const gap = words.gap[at] as number;
    if (gap > Gap.colon || words.candidate[at] === 0) continue;
    const role = roleOf(words, at - 1);
    if (role === Role.title && (gap === Gap.space || gap === Gap.period || gap === Gap.dot)) {
      if (couldBeName(words, at)) raise(words, at, score);
    } else if (role === Role.greeting && gap === Gap.space) {
      if (isAddressed(words, at)) raise(words, at, score);
    } else if (gap === Gap.colon && labels.has(words.hash[at - 1] as number)) {
      if (couldFollowLabel(words, at)) raiseAll(words, at, score);
    }
  }
}

/**
 * Patient: Xzyq Qwerty: after a label the next capitals on the line belong to the name, ordinary words do
 * not.
 */
function raiseAll(words: WordBuffer, at: number, score: Float64Array): void {
  raise(words, at, score);
  for (let next = at + 1; next < words.count && next < at + MOST_PARTS; next++) {
    const gap = words.gap[next] as number;
    if (words.candidate[next] === 0 || (gap !== Gap.space && gap !== Gap.hyphen)) return;
    const ordinary = ((words.kind[next] as number) & Kind.common) !== 0 || roleOf(words, next) !== Role.none;
    if (ordinary || words.shape[next] !== words.shape[at]) return;
    score[next] = CUE_SCORE;
  }
}

function raise(words: WordBuffer, at: number, score: Float64Array): void {
  score[at] = CUE_SCORE;
  // Dr. D. Smith: an initial is never all of it.
  let next = at + 1;
  while (next < words.count && words.shape[next - 1] === Shape.initial && words.candidate[next] === 1) {
    const gap = words.gap[next] as number;
    if ((gap !== Gap.space && gap !== Gap.period && gap !== Gap.dot) || !isCapital(words, next)) return;
    score[next] = CUE_SCORE;
    next++;
  }
}

function couldBeName(words: WordBuffer, at: number): boolean {
  const role = roleOf(words, at);
  if (role === Role.particle) return at + 1 < words.count && words.gap[at + 1] === Gap.space;
  const kind = words.kind[at] as number;
  if (words.shape[at] === Shape.lower) return (kind & Kind.surname) !== 0 && (kind & Kind.common) === 0;
  return (
    isCapital(words, at) &&
    (role === Role.none || role === Role.eponym || (kind & Kind.given) !== 0 || role === Role.place)
  );
}

/**
 * Hi Heidbra, or a line that is a greeting and a word: a name, unless it is an ordinary word or a known
 * thing.
 */
function isAddressed(words: WordBuffer, at: number): boolean {
  if (words.shape[at] !== Shape.capitalized || roleOf(words, at) !== Role.none) return false;
  if (((words.kind[at] as number) & Kind.common) !== 0 || words.lineCase[at] === 3) return false;
  const after = at + 1 < words.count ? (words.gap[at + 1] as number) : words.lastGap;
  return after === Gap.comma || after === Gap.line || after === Gap.ending;
}

/** A label may also head a sentence: `Patient: Denies pain.` */
function couldFollowLabel(words: WordBuffer, at: number): boolean {
  const kind = words.kind[at] as number;
  const role = roleOf(words, at);
  if (role !== Role.none && role !== Role.eponym && (kind & Kind.given) === 0) return false;
  if (words.shape[at] === Shape.lower) return (kind & Kind.given) !== 0 && nextIsSurname(words, at);
  if (!isCapital(words, at)) return false;
  return (kind & Kind.common) === 0 || ((kind & Kind.given) !== 0 && nextIsSurname(words, at));
}

function nextIsSurname(words: WordBuffer, at: number): boolean {
  const next = at + 1;
  if (next >= words.count || words.candidate[next] === 0) return false;
  const gap = words.gap[next] as number;
  if (gap !== Gap.space && gap !== Gap.comma && gap !== Gap.hyphen) return false;
  return ((words.kind[next] as number) & (Kind.surname | Kind.common)) === Kind.surname;
}

function isCapital(words: WordBuffer, at: number): boolean {
  const shape = words.shape[at] as number;
  return (
    shape === Shape.capitalized ||
    shape === Shape.upper ||
    shape === Shape.innerCapital ||
    shape === Shape.initial
  );
}
