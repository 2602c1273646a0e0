/** A path for people and reports: UTF-8, with `/`, and nothing that a terminal would act upon. */
export interface DisplayPath {
  readonly text: string;
  /** Its bytes are no UTF-8: `text` is not the whole truth. */
  readonly isOdd: boolean;
}

/** Escapes controls, and what turns the direction of text around (Unicode TR 36). */
export function displayPath(path: string | Buffer): DisplayPath {
  const decoded = typeof path === 'string' ? path : path.toString('utf8');
  const isOdd = typeof path !== 'string' && !Buffer.from(decoded).equals(path);
  const text = decoded.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
  return { text, isOdd };
}

function escaped(unit: string): string {
  const code = unit.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
