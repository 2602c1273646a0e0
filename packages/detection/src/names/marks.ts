import { Gap } from './word-buffer.ts';

/** The gap that one mark makes; `before` is the gap so far. */
export function gapOf(code: number, text: string, at: number, before: number, from: number): number {
  switch (code) {
    case 0x20: // space
    case 0xa0:
    case 0x0d:
      return before === Gap.dot ? Gap.period : Gap.space;
    case 0x27: // '
    case 0x22: // "
    case 0x60: // `
    case 0x2018:
    case 0x2019:
    case 0x201c:
    case 0x201d:
      return Gap.quote;
    case 0x2d: // -
      return before === Gap.none && at > from && !isBlank(text.charCodeAt(at + 1)) ? Gap.hyphen : Gap.bracket;
    case 0x2c: // ,
      return Gap.comma;
    case 0x2e: // .
      return isBlank(text.charCodeAt(at + 1)) ? Gap.period : Gap.dot;
    case 0x3a: // :
      return Gap.colon;
    case 0x28: // (
    case 0x29: // )
    case 0x5b: // [
    case 0x5d: // ]
    case 0x2013:
    case 0x2014:
    case 0x2a: // *
    case 0x3e: // >
    case 0x26: // &
      return Gap.bracket;
    case 0x21: // !
    case 0x3f: // ?
    case 0x3b: // ;
    case 0x2026:
      return Gap.ending;
    case 0x09: // tab
    case 0x7c: // |
      return Gap.table;
    default:
      return Gap.other;
  }
}

/** Whether code, handles and identifiers put this mark right before a word. */
export function isTying(code: number): boolean {
  switch (code) {
    case 0x28: // (
    case 0x40: // @
    case 0x23: // #
    case 0x24: // $
    case 0x3c: // <
    case 0x3d: // =
    case 0x5c: // \
    case 0x5f: // _
    case 0x7b: // {
    case 0x7e: // ~
      return true;
    default:
      return false;
  }
}

/** Kenneth\'s and Smith<br> stay names. */
export function isTyingBack(code: number): boolean {
  return code !== 0x3c && code !== 0x5c && isTying(code);
}

export function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || Number.isNaN(code);
}

export function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}
