/** What `maskedExcerpt` writes in place of a credential. */
const MASK = /•{6}/g;

/** Where the credentials were in an excerpt. */
export function masksIn(excerpt: string): readonly (readonly [from: number, to: number])[] {
  return [...excerpt.matchAll(MASK)].map(({ 0: mask, index }) => [index, index + mask.length] as const);
}
