import { createRandom, type Random } from '../../training/random.ts';
import type { LabelledText, Span } from '../corpora.ts';
import type { Sentences } from './sentences.ts';
import { PLAIN_SLOTS, SLOTS } from './values.ts';

/** A leaf of JSON and what it is; `undefined` where it is no personal data. */
export interface LabelledRecord {
  readonly id: string;
  readonly value: unknown;
  /** By JSON pointer: the spans of the leaf. */
  readonly leaves: ReadonlyMap<string, readonly Span[]>;
}

export interface Generated {
  readonly mixed: readonly LabelledText[];
  readonly queries: readonly LabelledText[];
  readonly clean: Readonly<Record<'clinical' | 'technical' | 'everyday', readonly LabelledText[]>>;
  readonly records: readonly LabelledRecord[];
}

/** The same documents for the same sentences, seed and size; `size` is the number of documents of each kind. */
export function generate(sentences: Sentences, seed: number, size: number): Generated {
  const random = createRandom(seed);
  const kinds = Object.entries(sentences.parts);
  const mixed: LabelledText[] = [];
  for (let index = 0; index < size; index++) {
    for (const [kind, parts] of kinds) mixed.push(joined(random, `${kind}-${index}`, kind, parts));
  }
  const each = (name: string, templates: readonly string[], count: number): LabelledText[] =>
    Array.from({ length: count }, (_, index) => {
      const filled = fillIn(random, templates[index % templates.length] as string, 0);
      return { id: `${name}-${index}`, ...filled };
    });
  return {
    mixed,
    queries: each('query', sentences.queries, size * 2),
    clean: {
      clinical: each('clinical', sentences.clean.clinical, size),
      technical: each('technical', sentences.clean.technical, size),
      everyday: each('everyday', sentences.clean.everyday, size),
    },
    records: Array.from({ length: size }, (_, index) =>
      record(random, `record-${index}`, sentences.records[index % sentences.records.length]),
    ),
  };
}

/** Two to five parts; a form or a log puts each on its line. */
function joined(random: Random, id: string, kind: string, parts: readonly string[]): LabelledText {
  const mark = kind === 'form' || kind === 'log' ? '\n' : random.pick([' ', '\n']);
  let text = '';
  const spans: Span[] = [];
  for (let count = 2 + random.below(4); count > 0; count--) {
    const filled = fillIn(random, random.pick(parts), text.length);
    text += `${filled.text}${count > 1 ? mark : ''}`;
    spans.push(...filled.spans);
  }
  return { id, text, spans };
}

/** Fills the slots of a template that begins at `offset` of its document. */
function fillIn(
  random: Random,
  template: string,
  offset: number,
): { readonly text: string; readonly spans: Span[] } {
  const spans: Span[] = [];
  let text = '';
  let at = 0;
  for (const match of template.matchAll(/\{([A-Za-z0-9_.]+)\}/g)) {
    text += template.slice(at, match.index);
    at = match.index + match[0].length;
    const name = match[1] as string;
    const start = offset + text.length;
    const slot = SLOTS[name];
    if (slot === undefined) {
      const plain = PLAIN_SLOTS[name];
      if (plain === undefined) throw new RangeError(`No slot is named ${name}: values.ts lists them`);
      text += plain(random);
      continue;
    }
    text += slot[1](random);
    spans.push({ start, end: offset + text.length, label: slot[0] });
  }
  return { text: text + template.slice(at), spans };
}

function record(random: Random, id: string, template: unknown): LabelledRecord {
  const leaves = new Map<string, readonly Span[]>();
  const build = (value: unknown, pointer: string): unknown => {
    if (typeof value === 'string') {
      const plain = value.startsWith('=') ? `{${value.slice(1)}}` : value;
      const { text, spans } = fillIn(random, plain, 0);
      leaves.set(pointer, spans);
      return text;
    }
    if (typeof value !== 'object' || value === null) {
      leaves.set(pointer, []);
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, build(member, `${pointer}/${key}`)]),
    );
  };
  return { id, value: build(template, ''), leaves };
}
