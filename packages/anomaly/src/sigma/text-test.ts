import { ANY, ONE, plain, type Wild } from './wildcards.ts';

/** A question about one text. */
export interface TextTest {
  /** Two tests with one key ask the same. */
  readonly key: string;
  /** Set where the text has to be this one; lower case unless `cased`. */
  readonly exact?: string;
  readonly cased: boolean;
  /** @param lower the text in lower case */
  matches(text: string, lower: string): boolean;
}

/** A value with wildcards as a test. Without `cased`, upper and lower case are the same. */
export function wildTest(value: Wild, cased: boolean): TextTest {
  const parts = cased ? value : value.map((part) => (typeof part === 'string' ? part.toLowerCase() : part));
  const exact = plain(parts);
  const holds = matcherOf(parts);
  const written = parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : part.description));
  return {
    key: `${cased ? 'cased' : 'text'} ${written.join('')}`,
    cased,
    ...(exact !== undefined && { exact }),
    matches: cased ? (text) => holds(text) : (_, lower) => holds(lower),
  };
}

function matcherOf(parts: Wild): (text: string) => boolean {
  const exact = plain(parts);
  if (exact !== undefined) return (text) => text === exact;
  const [first, second, third] = parts;
  if (parts.length === 1 && first === ANY) return () => true;
  if (parts.length === 2 && typeof first === 'string' && second === ANY)
    return (text) => text.startsWith(first);
  if (parts.length === 2 && first === ANY && typeof second === 'string')
    return (text) => text.endsWith(second);
  if (parts.length === 3 && first === ANY && typeof second === 'string' && third === ANY)
    return (text) => text.includes(second);
  return globMatcher(parts);
}

/** What stands between two `*`: units, and undefined for a `?`. */
type Segment = readonly (number | undefined)[];

/** Each segment is taken where it first fits, so the work is at most the text times the pattern. */
function globMatcher(parts: Wild): (text: string) => boolean {
  const segments: (number | undefined)[][] = [[]];
  for (const part of parts) {
    const segment = segments.at(-1) as (number | undefined)[];
    if (part === ANY) segments.push([]);
    else if (part === ONE) segment.push(undefined);
    else for (let at = 0; at < part.length; at += 1) segment.push(part.charCodeAt(at));
  }
  const first = segments[0] as Segment;
  const last = segments.at(-1) as Segment;
  if (segments.length === 1) return (text) => text.length === first.length && fits(first, text, 0);
  const middle = segments.slice(1, -1);
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !fits(first, text, 0) || !fits(last, text, end)) return false;
    let from = first.length;
    for (const segment of middle) {
      while (from + segment.length <= end && !fits(segment, text, from)) from += 1;
      from += segment.length;
      if (from > end) return false;
    }
    return true;
  };
}

function fits(segment: Segment, text: string, from: number): boolean {
  for (let at = 0; at < segment.length; at += 1) {
    const unit = segment[at];
    if (unit !== undefined && unit !== text.charCodeAt(from + at)) return false;
  }
  return true;
}
