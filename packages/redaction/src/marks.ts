/** Below this, a pattern is faster; above, to look for one unit after the other, which the machine does many at a time. */
const SHORT = 48;
const MARKS = /[\n\r{[=;%\\&]/;

/**
 * Whether a text has a unit that other forms and escapes are told by: the end of a line (tables, lines of base64), a
 * bracket (JSON), `=` (queries), `;` (`;base64,`), `%`, `\` and `&` (escapes). Most have none, and then only base64 in one
 * line has to be looked for.
 */
export function hasMarks(text: string): boolean {
  return text.length < SHORT
    ? MARKS.test(text)
    : text.includes('\n') ||
        text.includes('\r') ||
        text.includes('{') ||
        text.includes('[') ||
        text.includes('=') ||
        text.includes(';') ||
        text.includes('%') ||
        text.includes('\\') ||
        text.includes('&');
}
