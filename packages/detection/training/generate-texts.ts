import type { LabelledText } from './labelled-text.ts';
import { coin, COINED, makeName } from './make-names.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Templates } from './templates.ts';

/** Of a hundred texts, how many are written without capitals, and how many in capitals. */
const LOWER = 6;
const UPPER = 5;

/** Of a hundred sentences, how many have names. */
const NAMED = 45;

/** Texts of one to four sentences, the same ones for the same seed. */
export function generateTexts(templates: Templates, seed: number, count: number): LabelledText[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const out = new Draft();
    const sentences = 1 + random.below(4);
    for (let n = 0; n < sentences; n++) {
      if (n > 0) out.plain(random.below(3) === 0 ? '\n' : ' ');
      const source = random.below(100) < NAMED ? templates.withNames : templates.clean;
      fill(out, random.pick(source), templates, random);
    }
    const style = random.below(100);
    const text =
      style < LOWER
        ? sameLength(out.text, 'lower')
        : style < LOWER + UPPER
          ? sameLength(out.text, 'upper')
          : out.text;
    return { id: `generated ${seed} ${index}`, text, spans: out.spans };
  });
}

class Draft {
  text = '';
  readonly spans: (readonly [number, number])[] = [];

  plain(text: string): void {
    this.text += text;
  }

  name(name: string): void {
    this.spans.push([this.text.length, this.text.length + name.length]);
    this.text += name;
  }
}

function fill(out: Draft, template: string, templates: Templates, random: Random): void {
  for (const part of template.split(/(\{[^{} ]+\})/u)) {
    if (!/^\{[A-Za-z!]+\}$/u.test(part)) {
      out.plain(part);
      continue;
    }
    const slot = part.slice(1, -1);
    const name = makeName(slot, templates, random);
    if (name !== undefined) out.name(name);
    else fillPlain(out, slot, templates, random);
  }
}

function fillPlain(out: Draft, slot: string, templates: Templates, random: Random): void {
  const values = templates.slots.get(slot);
  const coined = random.below(100) < COINED ? coin(slot, templates, random) : undefined;
  out.plain(coined ?? (values === undefined ? `{${slot}}` : random.pick(values)));
}

/** Changes the case letter by letter where that keeps the length, so that the labels stay true. */
function sameLength(text: string, to: 'lower' | 'upper'): string {
  return Array.from(text, (letter) => {
    const changed = to === 'lower' ? letter.toLowerCase() : letter.toUpperCase();
    return changed.length === letter.length ? changed : letter;
  }).join('');
}
