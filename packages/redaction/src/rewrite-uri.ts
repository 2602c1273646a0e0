import { Pending } from './pending.ts';

const PARTS = /([/?&=#;,:!|]+)/;
/** RFC 3986, section 2: what is neither unreserved nor reserved nor percent-encoded; and the rest, kept together. */
const NOT_OF_URIS = /[^\w.~!$'()*+@%-]+/g;

/**
 * Rewrites the parts of a URI one by one, so that an address in it is found although all of it is one URL. What is put in
 * is percent-encoded, and a token goes without its brackets, which it does not need.
 */
export function rewriteUri(uri: string, rewrite: (part: string) => string | Pending): string | Pending {
  const parts = uri.split(PARTS);
  const rewritten = parts.map((part, index) => (index % 2 === 1 || part === '' ? part : rewrite(part)));
  if (rewritten.every((part, index) => part === parts[index])) return uri;
  const settle = (): string =>
    rewritten
      .map((part, index) => {
        if (part === parts[index]) return part;
        const text = typeof part === 'string' ? part : String(part.settle());
        // By way of UTF-8, since half a surrogate pair cannot be encoded.
        const wellFormed = Buffer.from(text.replaceAll(/[[\]]/g, ''), 'utf8').toString('utf8');
        return wellFormed.replaceAll(NOT_OF_URIS, encodeURIComponent);
      })
      .join('');
  return rewritten.some((part) => part instanceof Pending) ? new Pending(settle) : settle();
}
