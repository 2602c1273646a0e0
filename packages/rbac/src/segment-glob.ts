import type { Fault } from './problem.ts';

/** One part of a glob, between two slashes. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  /** `*` alone: any segment of at least one character. */
  | { readonly kind: 'any' }
  /** `**`: any segments, none included; at the end of a glob at least one. */
  | { readonly kind: 'deep' }
  /** `*` beside other text: the chunks in order, any text (none included) between them. */
  | { readonly kind: 'wild'; readonly chunks: readonly string[] };

export interface Glob {
  readonly segments: readonly Segment[];
  /** The one name that it matches, where it has no wildcard. */
  readonly exact: string | undefined;
}

const MAX_LENGTH = 2048;

/** Characters that other glob or regex dialects give a meaning, with what to write for it. */
const FOREIGN: Readonly<Record<string, string>> = {
  '?': 'Write * for any text',
  '!': 'A rule that excludes is a rule of its own, with effect deny',
  '{': 'Write one rule for each alternative',
  '}': 'Write one rule for each alternative',
  '[': 'Write one rule for each alternative',
  ']': 'Write one rule for each alternative',
  '|': 'Write one rule for each alternative',
  '^': 'A glob always matches the whole name; leave ^ out',
  $: 'A glob always matches the whole name; leave $ out',
};

const ESCAPABLE = new Set(['*', '\\', ...Object.keys(FOREIGN)]);

/**
 * Reads a segment glob: `/` separates segments, `*` stays within one, `**` as a whole segment crosses them,
 * and a backslash takes the meaning from `*`, from itself and from the characters of other dialects, which
 * are faults bare. Everything else stands for itself.
 */
export function parseGlob(text: string): Glob | Fault {
  if (text === '') return { offset: 0, message: 'The field is empty; write a name, or * for any.' };
  if (text.length > MAX_LENGTH) {
    return {
      offset: MAX_LENGTH,
      message: `A glob has at most ${MAX_LENGTH} characters; write a shorter one.`,
    };
  }
  if (!SPECIAL.test(text)) return new Plain(text);
  const segments: Segment[] = [];
  let chunks: string[] = [];
  let chunk = '';
  let begin = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const c = text[i];
    if (c === undefined || c === '/') {
      const segment = segmentOf([...chunks, chunk], text.slice(begin, i) === '**');
      if (segment === undefined) {
        return { offset: begin, message: '** stands alone between slashes; write * within a segment.' };
      }
      if (segment.kind === 'deep' && segments.at(-1)?.kind === 'deep') {
        return { offset: begin, message: '**/** means the same as **; write it once.' };
      }
      segments.push(segment);
      chunks = [];
      chunk = '';
      begin = i + 1;
    } else if (c === '*') {
      chunks.push(chunk);
      chunk = '';
    } else if (c === '\\') {
      const next = text[i + 1];
      if (next === undefined || !ESCAPABLE.has(next)) {
        return {
          offset: i,
          message: 'A backslash escapes * ? ! { } [ ] | ^ $ and itself; write \\\\ for a backslash.',
        };
      }
      chunk += next;
      i += 1;
    } else {
      const advice = FOREIGN[c];
      if (advice !== undefined) {
        return {
          offset: i,
          message: `${c} means nothing in a segment glob. ${advice}; write \\${c} for the character.`,
        };
      }
      chunk += c;
    }
  }
  const exact = segments.every((segment) => segment.kind === 'literal')
    ? segments.map((segment) => segment.text).join('/')
    : undefined;
  return { segments, exact };
}

const SPECIAL = /[*\\?!{}[\]|^$]/;

/** A glob without wildcards or escapes, taken apart only when somebody asks. */
class Plain implements Glob {
  readonly exact: string;

  constructor(text: string) {
    this.exact = text;
  }

  get segments(): readonly Segment[] {
    return this.exact.split('/').map((text): Segment => ({ kind: 'literal', text }));
  }
}

function segmentOf(chunks: readonly string[], deep: boolean): Segment | undefined {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return { kind: 'literal', text: first };
  if (deep) return { kind: 'deep' };
  if (chunks.slice(1, -1).includes('')) return undefined;
  if (chunks.length === 2 && first === '' && chunks[1] === '') return { kind: 'any' };
  return { kind: 'wild', chunks };
}

/** Whether a glob matches a whole name. Linear in the name's length. */
export function matchesGlob(glob: Glob, name: string): boolean {
  if (glob.exact !== undefined) return glob.exact === name;
  const { segments } = glob;
  const parts = name.split('/');
  const last = segments.length - 1;
  let s = 0;
  let p = 0;
  // Where to resume when what follows the latest `**` does not fit: one part further on. The latest is
  // enough.
  let resumeS = -1;
  let resumeP = 0;
  while (p < parts.length) {
    const segment = segments[s];
    if (segment?.kind === 'deep') {
      if (s === last) return true;
      s += 1;
      resumeS = s;
      resumeP = p;
    } else if (segment !== undefined && matchesSegment(segment, parts[p] ?? '')) {
      s += 1;
      p += 1;
    } else if (resumeS === -1) {
      return false;
    } else {
      s = resumeS;
      resumeP += 1;
      p = resumeP;
    }
  }
  return s === segments.length;
}

/** Whether one segment that is not `**` matches one part of a name. */
function matchesSegment(segment: Segment, part: string): boolean {
  switch (segment.kind) {
    case 'literal':
      return segment.text === part;
    case 'any':
      return part !== '';
    case 'deep':
      return true;
    case 'wild':
      return matchesChunks(segment.chunks, part);
  }
}

export function matchesChunks(chunks: readonly string[], part: string): boolean {
  const first = chunks[0] ?? '';
  const last = chunks.at(-1) ?? '';
  if (part.length < first.length + last.length) return false;
  if (!part.startsWith(first) || !part.endsWith(last)) return false;
  const end = part.length - last.length;
  let at = first.length;
  for (let i = 1; i < chunks.length - 1; i += 1) {
    const chunk = chunks[i] ?? '';
    const found = part.indexOf(chunk, at);
    // Leftmost is best: it leaves the most room for the rest.
    if (found === -1 || found + chunk.length > end) return false;
    at = found + chunk.length;
  }
  return true;
}
