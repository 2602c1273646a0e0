/** A name that is shorter is found in too many other words. */
const SHORTEST_IN_WORDS = 4;
/** What words and names of tools are made of. */
const WORD = String.raw`[\p{L}\p{N}_-]`;
const ONLY_WORD = new RegExp(`^${WORD}*$`, 'u');

export interface NameHider {
  /** Replaces the name wherever it stands. A short one has to stand by itself. */
  readonly anywhere: (text: string) => string;
  /** As `anywhere`, but a name that looks like a word has to stand by itself: `read` stays in `read_file`. */
  readonly words: (text: string) => string;
}

/** Finds a name in small and in capital letters, as it is and as in a URL. */
export function nameHider(name: string, instead: string): NameHider {
  if (name === '') return { anywhere: (text) => text, words: (text) => text };
  const forms = new Set([name, inUrls(name)]);
  const alternatives = [...forms].map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  const either = `(?:${alternatives.join('|')})`;
  const alone = `(?<!${WORD})${either}(?!${WORD})`;
  const replacing = (source: string): ((text: string) => string) => {
    const pattern = new RegExp(source, 'giu');
    return (text) => text.replace(pattern, () => instead);
  };
  return {
    anywhere: replacing(name.length < SHORTEST_IN_WORDS ? alone : either),
    words: replacing(ONLY_WORD.test(name) ? alone : either),
  };
}

function inUrls(name: string): string {
  // A lone surrogate has no encoding.
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}
