import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A text with the places of the names of persons in it, in UTF-16 code units. */
export interface LabelledText {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly (readonly [number, number])[];
  /** Texts made from one template must stay on one side of a split. */
  readonly template?: number;
}

export function readLabelled(name: string): LabelledText[] {
  return readLines(`${name}.jsonl.gz`).map((line) => JSON.parse(line) as LabelledText);
}

export function readList(name: string): string[] {
  return readLines(`${name}.txt.gz`);
}

/**
 * Sentences in which names stand as [[name]], or as [[words|name]] where the name is only part of the
 * words.
 */
export function readMarked(lines: readonly string[]): LabelledText[] {
  return lines.map((line, index) => {
    let text = '';
    const spans: (readonly [number, number])[] = [];
    for (const part of line.split(/(\[\[[^\]]+\]\])/u)) {
      if (!part.startsWith('[[')) {
        text += part;
        continue;
      }
      const [shown = '', name = shown] = part.slice(2, -2).split('|');
      const start = text.length + shown.indexOf(name);
      spans.push([start, start + name.length]);
      text += shown;
    }
    return { id: `line ${index}`, text, spans };
  });
}

function readLines(file: string): string[] {
  return gunzipSync(readFileSync(new URL(`data/${file}`, import.meta.url)))
    .toString('utf8')
    .trim()
    .split('\n');
}

/**
 * One in five documents, or templates, was kept from every choice of settings; only the shipped weights
 * learn from it.
 */
export function isHeldOut(text: LabelledText): boolean {
  return bucketOf(text) === 0;
}

/** One of five parts; settings were chosen by training on three of 1 to 4 and measuring on the other one. */
export function bucketOf(text: LabelledText): number {
  const key = text.template === undefined ? text.id.replace(/\/.*$/u, '') : `template ${text.template}`;
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return (hash >>> 0) % 5;
}
