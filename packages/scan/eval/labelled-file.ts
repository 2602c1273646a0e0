/** A file as it might lie in a repository, with the places of the credentials in it. */
export interface LabelledFile {
  readonly name: string;
  readonly text: string;
  readonly planted: readonly Planted[];
}

/** A credential that was made up and put there, in code units. */
export interface Planted {
  readonly start: number;
  readonly end: number;
  /** The rule whose kind it is of; absent where none is. */
  readonly rule?: string;
}

/** A text with `⟦ ⟧` around each credential, as a file. */
export function fileOf(name: string, marked: string, rules: readonly string[] = []): LabelledFile {
  const planted: Planted[] = [];
  let text = '';
  for (const part of marked.split(/(⟦[^⟧]*⟧)/)) {
    if (!part.startsWith('⟦')) {
      text += part;
      continue;
    }
    const value = part.slice(1, -1);
    const rule = rules[planted.length];
    planted.push({
      start: text.length,
      end: text.length + value.length,
      ...(rule !== undefined && { rule }),
    });
    text += value;
  }
  return { name, text, planted };
}
