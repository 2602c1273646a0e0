import { atMost, jsonAtMost } from './visible-text.ts';

/** What a member holds: a text, a number, or something that is written as JSON. */
export type TextValue = string | number | object | undefined;

/** Where a text format puts a member. */
export interface Place {
  readonly key: string;
  /** Written as `keyLabel=label` in front; CEF names its custom fields so. Default: nothing is. */
  readonly label?: string;
  /** The longest value, in UTF-16 units before escaping. Default: 1023. */
  readonly limit?: number;
}

export interface TextGrammar {
  /** In front of each key. */
  readonly separator: string;
  readonly escape: (text: string) => string;
}

/** Writes `key=value` for each member that is there, in the order of the places. */
export function textFields<T, Member extends string>(
  members: Readonly<Record<Member, (from: T) => TextValue>>,
  places: Readonly<Record<Member, Place>>,
  { separator, escape }: TextGrammar,
): (from: T) => string {
  const fields = (Object.keys(places) as Member[]).map((member) => {
    const { key, label, limit = 1023 }: Place = places[member];
    const prefix = `${label === undefined ? '' : `${separator}${key}Label=${label}`}${separator}${key}=`;
    return { read: members[member], prefix, limit };
  });
  return (from) => {
    let line = '';
    for (const { read, prefix, limit } of fields) {
      const value = read(from);
      if (value !== undefined) line += prefix + escape(asText(value, limit));
    }
    return line;
  };
}

function asText(value: string | number | object, limit: number): string {
  if (typeof value === 'string') return atMost(limit, value);
  return typeof value === 'number' ? String(value) : jsonAtMost(limit, value);
}
