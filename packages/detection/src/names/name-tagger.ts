import { applyCues, createLabels, CUE_SCORE } from './apply-cues.ts';
import { createNameDecoder, decodeNames, scoreWords } from './decode-names.ts';
import type { NameDecoder } from './decode-names.ts';
import { readDefaultWeights } from './default-weights.ts';
import { createLetterTable, hashWord } from './letters.ts';
import { createRoles } from './lexicon.ts';
import { createNameContext, isKnownPart, learnName } from './name-context.ts';
import type { NameContext } from './name-context.ts';
import { nameEnd, nextName, nextStart } from './name-spans.ts';
import { createKindLookup, prepareWords } from './prepare-words.ts';
import type { KindLookup } from './prepare-words.ts';
import { scanWords } from './scan-words.ts';
import type { NameWeights } from './weights-format.ts';
import { createWordBuffer } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** Where a name stands: never the name. */
export interface NameSpan {
  /** Offset of the first UTF-16 code unit. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
  /** From 0.55 to 1: how sure the tagger is. */
  readonly score: number;
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

/** Words that are read at a time: the memory of a tagger does not grow with the text. */
const STRETCH = 4096;
/** Weight units that make a finding e times as likely. */
const SCORE_UNIT = 150;
/** Below it something is less likely a name than not. */
const EVEN = 0;
const CUE = 0.97;
const PROPAGATED = 0.8;

interface Machine {
  readonly letters: Uint16Array;
  readonly labels: ReadonlySet<number>;
  readonly lookup: KindLookup;
  readonly words: WordBuffer;
  readonly decoder: NameDecoder;
  readonly weights: NameWeights;
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
      return addKnownParts(machine(), text, tag(machine(), text, context), context);
    },
    findAll(texts: readonly string[]): readonly (readonly NameSpan[])[] {
      const context = createNameContext();
      const tagged = texts.map((text) => tag(machine(), text, context));
      return tagged.map((found, index) => addKnownParts(machine(), texts[index] ?? '', found, context));
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
  };
}

function tag(machine: Machine, text: string, context: NameContext): NameSpan[] {
  const { words, decoder, weights } = machine;
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
  return found;
}

function collect(machine: Machine, text: string, found: NameSpan[], context: NameContext): void {
  const { words, decoder } = machine;
  for (let at = nextName(words, decoder.inside, 0); at < words.count;) {
    const to = nameEnd(words, decoder.inside, at);
    const start = nextStart(words, at, to);
    const sure = scoreOf(decoder, start, to);
    if (sure >= EVEN) {
      const score = sure >= CUE_SCORE ? CUE : 1 / (1 + Math.exp(-sure / SCORE_UNIT));
      if (to - start > 1 || score === CUE) learnName(context, words, start, to);
      found.push({ start: words.start[start] as number, end: endOffset(words, text, to - 1), score });
    }
    at = nextName(words, decoder.inside, to);
  }
}

/** A name found once is found wherever its parts stand again. */
function addKnownParts(
  machine: Machine,
  text: string,
  found: NameSpan[],
  context: NameContext,
): readonly NameSpan[] {
  if (context.parts.size === 0) return found;
  const { words } = machine;
  const all: NameSpan[] = [];
  let next = 0;
  const push = (span: NameSpan): void => {
    const last = all.at(-1);
    if (last !== undefined && span.start - last.end === 1 && text.charCodeAt(last.end) === 0x20) {
      all[all.length - 1] = { start: last.start, end: span.end, score: Math.max(last.score, span.score) };
    } else all.push(span);
  };
  for (let from = 0; from < text.length;) {
    from = scanWords(machine.letters, text, from, words);
    if (words.count === 0) break;
    let prepared = false;
    for (let at = 0; at < words.count; at++) {
      if (!context.parts.has(words.hash[at] as number)) continue;
      const start = words.start[at] as number;
      const end = words.end[at] as number;
      let before = found[next];
      while (before !== undefined && before.end <= start) {
        push(before);
        before = found[++next];
      }
      if (before !== undefined && before.start < end) continue;
      if (!prepared) prepareWords(machine.lookup, words);
      prepared = true;
      if (isKnownPart(context, words, at)) push({ start, end, score: PROPAGATED });
    }
  }
  for (; next < found.length; next++) push(found[next] as NameSpan);
  return all;
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
