import { Pending } from './pending.ts';
import { findQueryPairs } from './query-pairs.ts';
import { type Cut, spliceCuts } from './splice-cuts.ts';

const PARTS = /([/?&=#;,:!|]+)/;
/** RFC 3986, section 2: what is neither unreserved nor reserved nor percent-encoded; and the rest, kept together. */
const NOT_OF_URIS = /[^\w.~!$'()*+@%-]+/g;
/** What stands for a blank in names of files: any underscore, and a dash that is not between digits. */
const FOR_BLANKS = /_|(?<!\d)-|-(?!\d)/g;

/** What a part of a URI becomes. */
export interface UriRewriting {
  readonly words: (part: string) => string | Pending;
  /** The decoded value of a pair in the query, by the name of the pair. */
  readonly member: (name: string, value: string) => string | Pending;
}

/**
 * Rewrites the parts of a URI one by one, so that an address in it is found although all of it is one URL. What is put in
 * is percent-encoded, and a token goes without its brackets, which it does not need.
 */
export function rewriteUri(uri: string, rewriting: UriRewriting): string | Pending {
  const cuts: Cut[] = [];
  for (const { name, value, start, end } of findQueryPairs(uri)) {
    const rewritten = rewriting.member(name, value);
    if (rewritten !== value) cuts.push({ start, end, rewritten: encoded(rewritten) });
  }
  return spliceCuts(uri, cuts, (rest) => rewriteParts(rest, rewriting));
}

function rewriteParts(uri: string, rewriting: UriRewriting): string | Pending {
  const cuts: Cut[] = [];
  let start = 0;
  uri.split(PARTS).forEach((part, index) => {
    const end = start + part.length;
    if (index % 2 === 0 && part !== '') {
      const rewritten = rewritePart(part, rewriting);
      if (rewritten !== part) cuts.push({ start, end, rewritten: encoded(rewritten) });
    }
    start = end;
  });
  return cuts.length === 0 ? uri : spliceCuts(uri, cuts, (rest) => rest);
}

/** As it stands, and with blanks, which give its words their neighbours. */
function rewritePart(part: string, { words }: UriRewriting): string | Pending {
  const rewritten = words(part);
  if (rewritten instanceof Pending) return rewritten;
  const spaced = rewritten.replaceAll(FOR_BLANKS, ' ');
  if (spaced === rewritten) return rewritten;
  const again = words(spaced);
  if (again === spaced) return rewritten;
  const blank = rewritten.includes('_') ? '_' : '-';
  const write = (text: string): string => text.replaceAll(' ', blank);
  return again instanceof Pending ? new Pending(() => write(String(again.settle()))) : write(again);
}

function encoded(rewritten: string | Pending): string | Pending {
  return rewritten instanceof Pending
    ? new Pending(() => encode(String(rewritten.settle())))
    : encode(rewritten);
}

function encode(text: string): string {
  // By way of UTF-8, since half a surrogate pair cannot be encoded.
  const wellFormed = Buffer.from(text.replaceAll(/[[\]]/g, ''), 'utf8').toString('utf8');
  return wellFormed.replaceAll(NOT_OF_URIS, encodeURIComponent);
}
