import { TRAITS } from './traits.ts';

/** Which tools and resources are which, by patterns of their names: `*` stands for any characters, case does not matter. */
export interface ToolKinds {
  /** They hold what not everybody may see. */
  readonly sensitive?: readonly string[];
  /** They take something outside. */
  readonly sending?: readonly string[];
  /** They change who may do what, or they destroy. */
  readonly administrative?: readonly string[];
}

/** By whole words of a name: `send_email`, `sendEmail` and `mail.send` all have `send`. */
const WORDS = {
  sensitive:
    'secret secrets password passwords credential credentials vault patient patients medical diagnosis phi pii ssn salary salaries payroll customer customers account accounts invoice invoices bank card cards personal private confidential hr',
  sending:
    'send email mail sms publish upload share forward webhook notify notification slack tweet outbound submit',
  administrative:
    'admin grant revoke delete drop purge permission permissions role roles policy policies impersonate sudo shutdown disable deploy',
} as const;

type Kind = keyof typeof WORDS;
const KINDS: readonly Kind[] = ['sensitive', 'sending', 'administrative'];

/** @returns a function that says the traits of a tool by its name; @throws TypeError for patterns that are none */
export function toolTraits(kinds: ToolKinds): (name: string) => number {
  const tests = KINDS.map((kind) => ({ trait: TRAITS[kind], test: kindTest(kind, kinds[kind]) }));
  return (name) => {
    let traits = 0;
    for (const { trait, test } of tests) if (test(name)) traits |= trait;
    return traits;
  };
}

function kindTest(kind: Kind, patterns: readonly string[] | undefined): (name: string) => boolean {
  if (patterns !== undefined) {
    const matches = patterns.map((pattern) => patternTest(pattern, `tools.${kind}`));
    return (name) => matches.some((match) => match(name));
  }
  const words = new Set(WORDS[kind].split(' '));
  return (name) => wordsOf(name).some((word) => words.has(word));
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

/**
 * A test for a text with `*` for any characters; case does not matter.
 *
 * @throws TypeError for what is no text, or an empty one
 */
export function patternTest(pattern: unknown, where: string): (text: string) => boolean {
  if (typeof pattern !== 'string' || pattern === '')
    throw new TypeError(`${where} holds something that is no pattern: write a name such as 'send_*'.`);
  const pieces = pattern.toLowerCase().split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first) || lower.length < first.length + last.length) return false;
    let from = first.length;
    for (const piece of rest) {
      const found = lower.indexOf(piece, from);
      if (found < 0) return false;
      from = found + piece.length;
    }
    return lower.endsWith(last) && lower.length - last.length >= from;
  };
}
