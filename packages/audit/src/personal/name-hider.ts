import { asItIs, decoded, folded, type MadeText, originOf } from './made-text.ts';

/** A name that is shorter is found in too many other words. */
const SHORTEST_IN_WORDS = 4;
/** What words and names of tools are made of. */
const WORD = String.raw`[\p{L}\p{M}\p{N}_-]`;
const ONLY_WORD = new RegExp(`^${WORD}*$`, 'u');
/** A URL in a URL is encoded twice. */
const TIMES_ENCODED = 2;

export interface NameHider {
  /** Replaces the name wherever it stands. A short one has to stand by itself. */
  readonly anywhere: (text: string) => string;
  /** As `anywhere`, but a name that looks like a word has to stand by itself: `read` stays in `read_file`. */
  readonly words: (text: string) => string;
}

/**
 * Finds a name in small and in capital letters, in any canonical form (NFC, NFD), and percent-encoded, wholly or in part. What
 * else a text holds stays as it is. The work grows with the text, whatever stands in it.
 */
export function nameHider(name: string, instead: string): NameHider {
  if (name === '') return { anywhere: (text) => text, words: (text) => text };
  const { text: sought } = folded(asItIs(name));
  const whole = sought.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const alone = `(?<!${WORD})${whole}(?!${WORD})`;
  const replacing = (source: string): ((text: string) => string) => {
    const pattern = new RegExp(source, 'gu');
    return (text) => replaced(text, placesOf(pattern, text), instead);
  };
  return {
    anywhere: replacing(name.length < SHORTEST_IN_WORDS ? alone : whole),
    words: replacing(ONLY_WORD.test(name) ? alone : whole),
  };
}

type Place = readonly [begin: number, end: number];

/** Where the pattern is found in a text, however often that is encoded. */
function placesOf(pattern: RegExp, text: string): Place[] {
  const places: Place[] = [];
  let made: MadeText | undefined = asItIs(text);
  for (let times = 0; made !== undefined && times <= TIMES_ENCODED; times += 1) {
    const searched = folded(made);
    for (const { 0: match, index } of searched.text.matchAll(pattern))
      places.push(originOf(searched, index, index + match.length));
    made = made.text.includes('%') ? decoded(made) : undefined;
  }
  return places;
}

function replaced(text: string, places: readonly Place[], instead: string): string {
  if (places.length === 0) return text;
  let shown = '';
  let done = 0;
  for (const [begin, end] of places.toSorted(([one], [other]) => one - other)) {
    // Found once more in a part that another round found.
    if (begin >= done) shown += `${text.slice(done, begin)}${instead}`;
    done = Math.max(done, end);
  }
  return `${shown}${text.slice(done)}`;
}
