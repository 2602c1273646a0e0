/** `*`: any number of characters. */
export const ANY: unique symbol = Symbol('*');
/** `?`: one character, as a UTF-16 code unit. */
export const ONE: unique symbol = Symbol('?');

/** A value with wildcards, in order. No two texts stand side by side. */
export type Wild = readonly (string | typeof ANY | typeof ONE)[];

/**
 * Reads a value as the Sigma rules specification has it ("Escaping"): `\` escapes `*`, `?` and itself; before anything else
 * it is a backslash.
 */
export function readWildcards(value: string): Wild {
  const parts: (string | typeof ANY | typeof ONE)[] = [];
  let text = '';
  const wildcard = (part: typeof ANY | typeof ONE): void => {
    if (text !== '') parts.push(text);
    text = '';
    if (part !== ANY || parts.at(-1) !== ANY) parts.push(part);
  };
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] as string;
    const next = value[at + 1] ?? '';
    if (character === '\\' && next !== '' && '*?\\'.includes(next)) {
      text += next;
      at += 1;
    } else if (character === '*') wildcard(ANY);
    else if (character === '?') wildcard(ONE);
    else text += character;
  }
  if (text !== '') parts.push(text);
  return parts;
}

/** Puts `*` in front and behind, once. */
export function around(value: Wild, front: boolean, behind: boolean): Wild {
  const before: Wild = front && value[0] !== ANY ? [ANY] : [];
  const after: Wild = behind && value.at(-1) !== ANY ? [ANY] : [];
  return [...before, ...value, ...after];
}

/** The text of a value without wildcards; undefined when it has some. */
export function plain(value: Wild): string | undefined {
  if (value.length === 0) return '';
  const [only] = value;
  return value.length === 1 && typeof only === 'string' ? only : undefined;
}
