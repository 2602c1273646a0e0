import type { Finding } from '../finding.ts';
import { applyCues, createLabels, CUE_SCORE } from './apply-cues.ts';
import { createNameDecoder, decodeNames, scoreWords } from './decode-names.ts';
import type { NameDecoder } from './decode-names.ts';
import { readDefaultWeights } from './default-weights.ts';
import { createLetterTable, hashWord } from './letters.ts';
import { createRoles } from './lexicon.ts';
import { createNameContext, learnName, mayBePart } from './name-context.ts';
import type { NameContext } from './name-context.ts';
import { nameEnd, nextName, nextStart } from './name-spans.ts';
import { createKindLookup, prepareWords } from './prepare-words.ts';
import type { KindLookup } from './prepare-words.ts';
import { scanWords } from './scan-words.ts';
import { Sightings } from './sightings.ts';
import type { NameWeights } from './weights-format.ts';
import { createWordBuffer } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** Where a name stands: never the name. The score is from 0.5 to 1. */
export interface NameSpan extends Finding {
  readonly entity: 'PERSON';
}

export interface NameTagger {
  /**
   * The names of persons in the text, in order, without overlap. With a context, names found here are
   * remembered in it, and parts of the names it already holds are found too.
   */
  find(text: string, context?: NameContext): readonly NameSpan[];
  /** The names in each text of one result; a name found in any of them is looked for in all. */
  findAll(texts: readonly string[]): readonly (readonly NameSpan[])[];
}

/** Words that are read at a time; of a longer text only what may be part of a name is remembered. */
const STRETCH = 4096;
/** Weight units that make a finding e times as likely. */
const SCORE_UNIT = 150;
/** Below it something is less likely a name than not. */
const EVEN = 0;
const RULE = 'person-in-prose';
const CUE = 0.97;
const PROPAGATED = 0.8;

interface Machine {
  readonly letters: Uint16Array;
  readonly labels: ReadonlySet<number>;
  readonly lookup: KindLookup;
  readonly words: WordBuffer;
  readonly decoder: NameDecoder;
  readonly weights: NameWeights;
  /** Of all texts of the result so far. */
  readonly sightings: Sightings;
}

/** What one text has told, and where what it may still tell stands among the sightings. */
interface Tagged {
  readonly found: readonly NameSpan[];
  readonly from: number;
  readonly to: number;
}

/**
 * Makes a tagger; without weights of your own it reads those of the package when it is first asked, which takes
 * some time. Throws nothing but a `TypeError` for weights of another format.
 */
export function createNameTagger(weights?: NameWeights): NameTagger {
  let made: Machine | undefined;
  const machine = (): Machine => (made ??= createMachine(weights ?? readDefaultWeights()));
  return {
    find(text: string, context: NameContext = createNameContext()): readonly NameSpan[] {
      return findIn(machine(), [text], context)[0] ?? [];
    },
    findAll(texts: readonly string[]): readonly (readonly NameSpan[])[] {
      return findIn(machine(), texts, createNameContext());
    },
  };
}

function createMachine(weights: NameWeights): Machine {
  const letters = createLetterTable();
  return {
    letters,
    labels: createLabels((word) => hashWord(letters, word)),
    lookup: createKindLookup({ ...weights, roles: createRoles(letters) }),
    words: createWordBuffer(STRETCH),
    decoder: createNameDecoder(STRETCH),
    weights,
    sightings: new Sightings(),
  };
}

/** Each text is read once: what its words may be is noted until all names of the result are known. */
function findIn(
  machine: Machine,
  texts: readonly string[],
  context: NameContext,
): readonly (readonly NameSpan[])[] {
  const { sightings } = machine;
  const tagged = texts.map((text) => tag(machine, text, context));
  const all = tagged.map((one, index) => addKnownParts(sightings, texts[index] ?? '', one, context));
  sightings.clear();
  return all;
}

function tag(machine: Machine, text: string, context: NameContext): Tagged {
  const { words, decoder, weights, sightings } = machine;
  const first = sightings.length;
  const found: NameSpan[] = [];
  for (let from = 0; from < text.length;) {
    from = scanWords(machine.letters, text, from, words);
    if (words.count === 0) break;
    prepareWords(machine.lookup, words);
    scoreWords(words, weights.weights, weights.bits, decoder, weights.bias);
    applyCues(words, machine.labels, decoder.word);
    decodeNames(words, decoder);
    collect(machine, text, found, context);
  }
  return { found, from: first, to: sightings.length };
}

function collect(machine: Machine, text: string, found: NameSpan[], context: NameContext): void {
  const { words, decoder, sightings } = machine;
  let noted = 0;
  for (let at = nextName(words, decoder.inside, 0); at < words.count;) {
    const to = nameEnd(words, decoder.inside, at);
    const start = nextStart(words, at, to);
    const sure = scoreOf(decoder, start, to);
    if (sure >= EVEN) {
      const score = sure >= CUE_SCORE ? CUE : 1 / (1 + Math.exp(-sure / SCORE_UNIT));
      if (to - start > 1 || score === CUE) learnName(context, words, start, to);
      found.push(spanOf(words.start[start] as number, endOffset(words, text, to - 1), score));
      note(sightings, words, noted, start);
      noted = to;
    }
    at = nextName(words, decoder.inside, to);
  }
  note(sightings, words, noted, words.count);
}

function note(sightings: Sightings, words: WordBuffer, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (mayBePart(words, at))
      sightings.add(words.hash[at] as number, words.start[at] as number, words.end[at] as number);
  }
}

/** A name found once is found wherever its parts stand again. */
function addKnownParts(
  sightings: Sightings,
  text: string,
  { found, from, to }: Tagged,
  { parts }: NameContext,
): readonly NameSpan[] {
  if (parts.size === 0) return found;
  const all: NameSpan[] = [];
  const push = (span: NameSpan): void => {
    const last = all.at(-1);
    if (last !== undefined && span.start - last.end === 1 && text.charCodeAt(last.end) === 0x20) {
      all[all.length - 1] = spanOf(last.start, span.end, Math.max(last.score, span.score));
    } else all.push(span);
  };
  let next = 0;
  for (let at = from; at < to; at++) {
    if (!parts.has(sightings.hashes[at] as number)) continue;
    const start = sightings.starts[at] as number;
    const end = sightings.ends[at] as number;
    let before = found[next];
    while (before !== undefined && before.end <= start) {
      push(before);
      before = found[++next];
    }
    if (before === undefined || before.start >= end) push(spanOf(start, end, PROPAGATED));
  }
  for (; next < found.length; next++) push(found[next] as NameSpan);
  return all;
}

/** A finding from the first, because most stay what they are: a text can be all names, and each object counts. */
function spanOf(start: number, end: number, score: number): NameSpan {
  return { start, end, entity: 'PERSON', score, rule: RULE };
}

/** How sure the surest word of a name is, in weight units. */
function scoreOf(decoder: NameDecoder, from: number, to: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at++) {
    const score = (decoder.word[at] as number) + (at > from ? (decoder.link[at] as number) : 0);
    if (score > best) best = score;
  }
  return best;
}

/** Jr. keeps its period. */
function endOffset(words: WordBuffer, text: string, last: number): number {
  const end = words.end[last] as number;
  const length = words.length[last] as number;
  const junior = length === 2 && text.charCodeAt(end) === 0x2e && (text.charCodeAt(end - 1) | 0x20) === 0x72;
  return junior ? end + 1 : end;
}
