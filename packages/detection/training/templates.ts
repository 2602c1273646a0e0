import { readFileSync } from 'node:fs';

/** What the generator makes texts from: our own sentences, our own slot values, and names. */
export interface Templates {
  readonly withNames: readonly string[];
  readonly clean: readonly string[];
  readonly slots: ReadonlyMap<string, readonly string[]>;
  /** Common names by hand, and names of the gazetteers, which are rarer. */
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  readonly rareGiven: readonly string[];
  readonly rareSurnames: readonly string[];
  readonly cities: readonly string[];
}

export function readTemplates(
  rareGiven: readonly string[],
  rareSurnames: readonly string[],
  cities: readonly string[],
): Templates {
  const names = readSlots('names-by-hand.txt');
  return {
    withNames: readOwn('sentences-with-names.txt'),
    clean: readOwn('sentences-clean.txt'),
    slots: readSlots('slots.txt'),
    given: names.get('given') ?? [],
    surnames: names.get('surname') ?? [],
    rareGiven,
    rareSurnames,
    cities,
  };
}

/** Our own lists; a line that begins with # is a comment. */
export function readOwn(file: string): string[] {
  return readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
}

function readSlots(file: string): Map<string, readonly string[]> {
  return new Map(
    readOwn(file).map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2).split('|')] as const;
    }),
  );
}
