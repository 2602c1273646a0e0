import { CST, Lexer } from 'yaml';

/** What a document is made of, as far as it decides how long reading it takes. */
interface YamlBounds {
  readonly characters: number;
  /** `*name`. Each is looked for in all that stands before it. */
  readonly aliases: number;
  /** How deep lists and maps stand in each other: in brackets, or with their dashes in one line. */
  readonly depth: number;
  /** `? key`. Those in each other take the third power of their number. */
  readonly explicitKeys: number;
}

const OPENING: ReadonlySet<unknown> = new Set(['flow-map-start', 'flow-seq-start']);
const CLOSING: ReadonlySet<unknown> = new Set(['flow-map-end', 'flow-seq-end']);

/**
 * What is too much in a text, in words; undefined when nothing is. Reads its signs alone, in a time that grows with its length:
 * the parser behind it takes minutes for some texts of a few kilobytes.
 */
export function beyondBounds(text: string, most: YamlBounds): string | undefined {
  if (text.length > most.characters)
    return `has more than ${most.characters} characters; write its parts as documents of their own, with --- between them`;
  let aliases = 0;
  let explicitKeys = 0;
  let brackets = 0;
  let dashes = 0;
  for (const token of new Lexer().lex(text)) {
    const sign = CST.tokenType(token);
    if (sign === 'alias') aliases += 1;
    if (sign === 'explicit-key-ind') explicitKeys += 1;
    if (OPENING.has(sign)) brackets += 1;
    if (CLOSING.has(sign)) brackets -= 1;
    if (sign === 'seq-item-ind') dashes += 1;
    if (sign === 'newline') dashes = 0;
    if (aliases > most.aliases) return `has more than ${most.aliases} aliases (*name); write the values out`;
    if (explicitKeys > most.explicitKeys)
      return `has more than ${most.explicitKeys} keys that are written with a question mark; write "key: value"`;
    if (Math.max(brackets, dashes) > most.depth) return 'is nested too deep; write it flat';
  }
  return undefined;
}
