/** As much of a text as says whether it is prose. */
const SAMPLE = 1_024;

/** Two words at least, and seven of ten units letters or spaces: not a table, a log or a path. */
export function readsLikeProse(text: string): boolean {
  const size = Math.min(SAMPLE, text.length);
  let letters = 0;
  let spaces = 0;
  for (let at = 0; at < size; at++) {
    const code = text.charCodeAt(at);
    const lower = code | 32;
    if ((lower >= 97 && lower <= 122) || code >= 0xc0) letters += 1;
    else if (code === 32 || code === 10) spaces += 1;
  }
  return spaces > 0 && letters > 2 && (letters + spaces) * 10 >= size * 7;
}
