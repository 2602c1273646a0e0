/** A place in a text that reads as JSON: a value, or members of one that is broken, which lack its brackets. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  /** What makes a value of it, before and after; empty for a value. */
  readonly brackets: '' | '{}' | '[]';
}

interface Frame {
  readonly start: number;
  readonly isObject: boolean;
  /** What may come next. */
  expects: 'first' | 'member' | 'colon' | 'value' | 'comma';
  /** Where the first and the last whole member stand; -1 while there are none. */
  memberStart: number;
  firstMember: number;
  lastEnd: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const OF_LITERALS = /[-+.\w]/;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * JSON objects and arrays between other words: behind a title, in a fence, in a row, cut off, with a comma too many. One
 * pass: what was read as far as it goes is not tried again from inside, but for the text in quotation marks that it broke
 * off in or after, since the marks may belong to what is around.
 */
export function findJson(source: string): readonly JsonPlace[] {
  const places: JsonPlace[] = [];
  for (let at = nextStart(source, 0); at !== -1;) at = nextStart(source, readFrom(source, at, places));
  return places;
}

function nextStart(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code !== OPEN_OBJECT && code !== OPEN_ARRAY) continue;
    const first = source.charCodeAt(blanksEnd(source, at + 1));
    if (first === QUOTE || first === OPEN_OBJECT || first === OPEN_ARRAY) return at;
  }
  return -1;
}

/** @returns where to go on */
function readFrom(source: string, start: number, places: JsonPlace[]): number {
  const frames: Frame[] = [frameAt(start, source.charCodeAt(start) === OPEN_OBJECT)];
  let lastString = -1;
  let at = blanksEnd(source, start + 1);
  for (; at < source.length; at = blanksEnd(source, at)) {
    const frame = frames.at(-1) as Frame;
    const code = source.charCodeAt(at);
    const closes = code === (frame.isObject ? CLOSE_OBJECT : CLOSE_ARRAY);
    if (closes && (frame.expects === 'first' || frame.expects === 'comma')) {
      at += 1;
      lastString = -1;
      frames.pop();
      const outer = frames.at(-1);
      if (outer === undefined) {
        places.push({ start: frame.start, end: at, brackets: '' });
        return at;
      }
      endValue(outer, at);
    } else if (frame.expects === 'comma') {
      if (code !== COMMA) break;
      frame.expects = 'member';
      at += 1;
    } else if (frame.expects === 'colon') {
      if (code !== COLON) break;
      frame.expects = 'value';
      at += 1;
    } else {
      const isName = frame.isObject && frame.expects !== 'value';
      if (frame.expects !== 'value') frame.memberStart = at;
      if (code === QUOTE) {
        lastString = at;
        const end = stringEnd(source, at);
        if (end === -1) break;
        at = end;
        if (isName) frame.expects = 'colon';
        else endValue(frame, at);
      } else if (isName) break;
      else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        frames.push(frameAt(at, code === OPEN_OBJECT));
        lastString = -1;
        at += 1;
      } else {
        const end = literalEnd(source, at);
        if (!LITERAL.test(source.slice(at, end))) break;
        at = end;
        endValue(frame, at);
      }
    }
  }
  for (const { isObject, firstMember, lastEnd } of frames) {
    if (firstMember !== -1 && lastEnd !== -1)
      places.push({ start: firstMember, end: lastEnd, brackets: isObject ? '{}' : '[]' });
  }
  const read = places.at(-1)?.end ?? 0;
  return lastString >= read ? lastString + 1 : Math.max(at, start + 1);
}

function frameAt(start: number, isObject: boolean): Frame {
  return { start, isObject, expects: 'first', memberStart: -1, firstMember: -1, lastEnd: -1 };
}

function endValue(frame: Frame, end: number): void {
  if (frame.firstMember === -1) frame.firstMember = frame.memberStart;
  frame.lastEnd = end;
  frame.expects = 'comma';
}

/** -1 for one that does not end, or holds what JSON does not let stand in it (RFC 8259, section 7). */
function stringEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code === BACKSLASH) {
      if (!ESCAPE.test(source.slice(at, at + 6))) return -1;
      at += 1;
    }
  }
  return -1;
}

function literalEnd(source: string, start: number): number {
  let end = start;
  while (end < source.length && OF_LITERALS.test(source[end] as string)) end += 1;
  return end;
}

/** RFC 8259, section 2. */
function blanksEnd(source: string, start: number): number {
  let end = start;
  while (isBlank(source.charCodeAt(end))) end += 1;
  return end;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
