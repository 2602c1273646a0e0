/** Units of a line that marks are looked for in. With each finding a copy goes from thread to thread. */
const MOST = 2_048;

/** The line around a place in a text, and the one before. */
export interface LineText {
  readonly text: string;
  /** Where `text` begins in the whole. */
  readonly from: number;
  readonly before?: string;
}

/** A line over 2,048 units is cut to the part around `at`. */
export function lineTextAt(text: string, at: number): LineText {
  const least = Math.max(0, at - MOST / 2);
  const begin = lastBreak(text, at, least);
  const most = Math.min(text.length, begin + MOST);
  const newline = text.slice(at, most).indexOf('\n');
  const end = newline === -1 ? most : at + newline;
  const line = { text: withoutReturn(text.slice(begin, end)), from: begin };
  // Only where the line was not cut, and there is one before it.
  if (begin === 0 || text.charCodeAt(begin - 1) !== 10) return line;
  const earlier = lastBreak(text, begin - 1, Math.max(0, begin - 1 - MOST));
  return { ...line, before: withoutReturn(text.slice(earlier, begin - 1)) };
}

/** After the last line end before `at`; `least` where it is further back. */
function lastBreak(text: string, at: number, least: number): number {
  for (let place = at; place > least; place--) if (text.charCodeAt(place - 1) === 10) return place;
  return least;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
