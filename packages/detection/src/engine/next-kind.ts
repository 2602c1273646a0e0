import { isAlnum, isDigit, isHex } from '../code-units.ts';
import * as c from './compiled.ts';

/** Which `NEXT_` follows a number or token that ends at `end`. */
export function nextKind(codes: Uint16Array, end: number): number {
  const after = codes[end + 1] as number;
  switch (codes[end] as number) {
    case 45:
      return isDigit(after) || after === 40 ? c.NEXT_DASH : isAlnum(after) ? c.NEXT_DASH_LETTER : c.NEXT_END;
    case 46:
      return isDigit(after) ? dotKind(codes, end + 2) : c.NEXT_END;
    case 47:
      return isDigit(after) ? c.NEXT_SLASH : c.NEXT_END;
    case 32:
      return isDigit(after) || after === 40
        ? c.NEXT_SPACE
        : isAlnum(after)
          ? c.NEXT_SPACE_LETTER
          : c.NEXT_END;
    case 58:
      return isHex(after) || after === 58 ? c.NEXT_COLON : c.NEXT_END;
    case 41:
      return c.NEXT_CLOSE;
    case 44:
      return isDigit(after) || after === 32 ? c.NEXT_COMMA : c.NEXT_END;
    default:
      return c.NEXT_END;
  }
}

/** `1.2.` begins an address or a date, `1.2` is a number. */
function dotKind(codes: Uint16Array, at: number): number {
  let to = at;
  while (to < at + 3 && isDigit(codes[to] as number)) to += 1;
  return codes[to] === 46 && isDigit(codes[to + 1] as number) ? c.NEXT_DOT : c.NEXT_DECIMAL;
}
