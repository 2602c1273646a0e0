/** A value in a query (`?mrn=8812345&last_name=Roe`) or a form, and what it is called. */
export interface QueryPair {
  readonly name: string;
  readonly value: string;
  /** Where the value stands, as it was encoded. */
  readonly start: number;
  readonly end: number;
}

const PAIRS = /(?:^|[?&#]|&amp;)([A-Za-z][\w.[\]%-]{0,59})=([^&\s#"'<>]{1,4096})/g;

/** Pairs of `application/x-www-form-urlencoded`, decoded, wherever they stand in a text. */
export function findQueryPairs(source: string): readonly QueryPair[] {
  if (!source.includes('=')) return [];
  return Array.from(source.matchAll(PAIRS), (match) => {
    const [pair, name = '', value = ''] = match;
    const end = match.index + pair.length;
    return { name: decode(name), value: decode(value), start: end - value.length, end };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
