/** What stands between two words: the strongest of the marks there. */
const Gap = {
  /** Marks with no white space among them: `Widget,Blue`. */
  tight: 0,
  /** A period: joins capitals, as in `Dr.Roe`, but not `file.name`. */
  dot: 1,
  /** White space, a colon or an ampersand, alone or with marks of sentences: `Roe, Jane`, `Patient:Roe`. */
  joins: 2,
  /** Marks of code, or a digit. */
  apart: 3,
  /** The end of a line, whatever else is there. */
  line: 4,
} as const;

/**
 * Whether names of persons are worth looking for: somewhere two words stand next to each other, as they do in
 * sentences, notes, chats, labelled lines, cells and strings, or two lines begin with a capital and the first has no
 * other word. Identifiers, encoded data, numbers and rows of codes have no such place. Nothing is weighed against
 * anything: rules of marks, URLs, tags or numbers around a name cannot hide it, however many they are. Each unit is
 * read twice at most, and none after the first such place.
 */
export function readsLikeProse(text: string): boolean {
  const size = text.length;
  let gap: number = Gap.line;
  let length = 0;
  let capital = false;
  let tied = false;
  let before = 0;
  let capitalBefore = false;
  let openedLine = false;
  for (let at = 0; at < size; at++) {
    const code = text.charCodeAt(at);
    const letter = isLetter(code);
    if (letter && length++ === 0) {
      capital = isCapital(code);
      tied = at > 0 && isDigit(text.charCodeAt(at - 1));
    }
    if (letter && at < size - 1) continue;
    if (length > 0) {
      // 1b, D4: identifiers change between letters and digits; `Roe1` may still be a name.
      const isTied = tied || (!letter && isDigit(code));
      const isWord = length > 1 || (capital && !isTied);
      const capitals = capital && capitalBefore;
      const joins = gap === Gap.joins || (capitals && (gap === Gap.dot || (gap === Gap.line && openedLine)));
      if (isWord && joins && before + length > 2 && before > 0) return true;
      // One small letter is a word of some languages, `Juan y Ana`, and no end of anything.
      const isLink = !isWord && !isTied && gap === Gap.joins;
      if (!isLink) {
        openedLine = gap === Gap.line;
        before = isWord ? length : 0;
        capitalBefore = capital;
        gap = Gap.tight;
      }
      length = 0;
    }
    const mark = gapOf(code);
    if (mark > gap) gap = mark;
  }
  return false;
}

function isLetter(code: number): boolean {
  const small = code | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (code >= 0xc0 && code < 0x2000);
}

/** Letters beyond ASCII may be: scripts differ in what a capital is. */
function isCapital(code: number): boolean {
  return code <= 0x5a || code >= 0xc0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function gapOf(code: number): number {
  if (isDigit(code)) return Gap.apart;
  // Spaces, dashes and quotation marks of Unicode.
  if (code === 0x20 || code === 0xa0 || (code >= 0x2000 && code < 0x2070)) return Gap.joins;
  switch (code) {
    case 0x09: // tab
    case 0x26: // & as in &nbsp;
    case 0x3a: // :
      return Gap.joins;
    case 0x2e: // .
      return Gap.dot;
    case 0x0a: // line feed
    case 0x0d: // carriage return
      return Gap.line;
    case 0x24: // $
    case 0x2f: // /
    case 0x3c: // <
    case 0x3d: // =
    case 0x3e: // >
    case 0x5b: // [
    case 0x5c: // \
    case 0x5d: // ]
    case 0x5e: // ^
    case 0x5f: // _
    case 0x7b: // {
    case 0x7d: // }
    case 0x7e: // ~
      return Gap.apart;
    default:
      return Gap.tight;
  }
}
