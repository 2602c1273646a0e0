import { Kind } from './lexicon.ts';
import { Gap } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** The first features name the word itself: training leaves them out now and then, to learn from context too. */
export const IDENTITY_FEATURES = 5;
/** Room for the features of one word. */
export const MOST_FEATURES = 48;

const A = 0x9e3779b1 | 0;
const B = 0x85ebca77 | 0;
/** Numbers that keep the features of words and those of links apart. */
export const WORDS = 1;
export const LINKS = 64;
const OUTSIDE = 0x5bd1e995;

/** Writes what the features of a word say, and returns how many there are. `slotOf` leads from there to a weight. */
export function wordFeatures(words: WordBuffer, at: number, out: Int32Array): number {
  const { hash, gap } = words;
  const last = words.count - 1;
  const w0 = hash[at] as number;
  const w1 = at < last ? (hash[at + 1] as number) : OUTSIDE;
  const w2 = at + 1 < last ? (hash[at + 2] as number) : OUTSIDE;
  const v1 = at > 0 ? (hash[at - 1] as number) : OUTSIDE;
  const v2 = at > 1 ? (hash[at - 2] as number) : OUTSIDE;
  const s0 = signature(words, at);
  const s1 = at < last ? signature(words, at + 1) : OUTSIDE;
  const s2 = at + 1 < last ? signature(words, at + 2) : OUTSIDE;
  const r1 = at > 0 ? signature(words, at - 1) : OUTSIDE + 1;
  const r2 = at > 1 ? signature(words, at - 2) : OUTSIDE + 1;
  const before = gap[at] as number;
  const after = at < last ? (gap[at + 1] as number) : words.lastGap;
  const shape = words.shape[at] as number;
  const opens = opensSentence(words, at) ? 1 : 0;
  const tail1 = at < last ? (words.tail2[at + 1] as number) : 0;
  const tailBefore = at > 0 ? (words.tail2[at - 1] as number) : 0;
  const known = (words.kind[at] as number) & Kind.mask;
  const look = (known << 3) | shape;
  const lineLook = ((words.lineCase[at] as number) << 9) | look;
  let n = 0;
  out[n++] = Math.imul(w0, A) ^ Math.imul(shape + 1, B);
  out[n++] = Math.imul(w0, A) ^ Math.imul(opens + 1, B);
  out[n++] = Math.imul(w0, A) ^ Math.imul(w1 + 1, B);
  out[n++] = Math.imul(w0, A) ^ Math.imul(v1 + 1, B);
  out[n++] = Math.imul(words.tail4[at] as number, A) ^ Math.imul(shape + 1, B);
  out[n++] = Math.imul(words.tail3[at] as number, A) ^ Math.imul(shape + 1, B);
  out[n++] = Math.imul(words.head3[at] as number, A) ^ Math.imul(shape + 1, B);
  out[n++] = s0;
  out[n++] = Math.imul(s0, A) ^ Math.imul(r1 + 1, B);
  out[n++] = Math.imul(s0, A) ^ Math.imul(s1 + 1, B);
  out[n++] = Math.imul(pair(s0, s1), A) ^ Math.imul(r1 + 1, B);
  out[n++] = Math.imul(v1, A) ^ Math.imul(before + 1, B);
  out[n++] = Math.imul(w1, A) ^ Math.imul(after + 1, B);
  out[n++] = Math.imul(v1, A) ^ Math.imul(look + 1, B);
  out[n++] = Math.imul(w1, A) ^ Math.imul(look + 1, B);
  out[n++] = Math.imul(pair(v2, v1), A) ^ Math.imul(before + 1, B);
  out[n++] = Math.imul(pair(w1, w2), A) ^ Math.imul(after + 1, B);
  out[n++] = Math.imul((before << 4) | after, A) ^ Math.imul(s0 + 1, B);
  out[n++] = Math.imul(lineLook, A) ^ Math.imul(opens + 1, B);
  out[n++] = Math.imul(pair(r2, r1), A) ^ Math.imul(look + 1, B);
  out[n++] = Math.imul(pair(s1, s2), A) ^ Math.imul(look + 1, B);
  out[n++] = Math.imul(v1, A) ^ Math.imul(w1 + 1, B);
  out[n++] = Math.imul(tail1, A) ^ Math.imul(((look << 4) | after) + 1, B);
  out[n++] = Math.imul(tailBefore, A) ^ Math.imul(((look << 4) | before) + 1, B);
  out[n++] = Math.imul(Math.min(words.length[at] as number, 12), A) ^ Math.imul(look + 1, B);
  out[n++] = Math.imul((r1 << 8) | (before << 4) | after, A) ^ Math.imul(pair(s1, look) + 1, B);
  out[n++] = Math.imul(((words.accented[at] as number) << 1) | opens, A) ^ Math.imul(look + 1, B);
  return n;
}

/** The same for the link between a word in a name and the word before it in the same name. */
export function linkFeatures(words: WordBuffer, at: number, out: Int32Array): number {
  const before = words.gap[at] as number;
  const s0 = signature(words, at);
  const r1 = at > 0 ? signature(words, at - 1) : OUTSIDE + 1;
  const look = ((words.kind[at] as number) & Kind.mask) * 8 + (words.shape[at] as number);
  const lookBefore =
    at > 0 ? ((words.kind[at - 1] as number) & Kind.mask) * 8 + (words.shape[at - 1] as number) : 1023;
  let n = 0;
  out[n++] = 0;
  out[n++] = before;
  out[n++] = Math.imul(s0, A) ^ Math.imul(r1 + 1, B);
  out[n++] = Math.imul((look << 10) | lookBefore, A) ^ Math.imul(before + 1, B);
  out[n++] = words.hash[at] as number;
  out[n++] = (s0 << 4) | before;
  out[n++] = (r1 << 4) | before;
  return n;
}

/** Whether the word begins a sentence or a line. */
function opensSentence(words: WordBuffer, at: number): boolean {
  const before = words.gap[at] as number;
  if (before === Gap.line || before === Gap.ending || before === Gap.table) return true;
  // A period after one or two letters is an abbreviation more often than an end.
  return before === Gap.period && (at === 0 || (words.length[at - 1] as number) > 2);
}

function signature(words: WordBuffer, at: number): number {
  return ((words.kind[at] as number) << 3) | (words.shape[at] as number);
}

/**
 * The sum of the weights of the features from `first` to `count`, in a table of 2^bits weights. `set` keeps
 * the features of words and those of links apart.
 */
export function sumOf(
  weights: Int8Array | Int32Array,
  bits: number,
  set: number,
  features: Int32Array,
  first: number,
  count: number,
): number {
  const shift = 32 - bits;
  let sum = 0;
  for (let n = first; n < count; n++) sum += weights[slotOf(features[n] as number, n + set, shift)] as number;
  return sum;
}

/** From what a feature says, and its place in the list, to the index of its weight. */
export function slotOf(says: number, place: number, shift: number): number {
  const key = says + Math.imul(place, A);
  return Math.imul(key ^ (key >>> 15), 0x2c1b3c6d) >>> shift;
}

function pair(a: number, b: number): number {
  return Math.imul(a, A) ^ Math.imul(b + 0x27d4eb2f, B);
}

/** The role in a word's kind. */
export function roleOf(words: WordBuffer, at: number): number {
  return (words.kind[at] as number) >>> Kind.role;
}
