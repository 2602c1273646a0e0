/** Small parsers of CEF and LEEF, written from the specifications and not from the formatters. */

export interface TextEvent {
  readonly header: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
}

/** U+241B and four digits stand for a character; FORMATS.md, Escapes. */
export function withoutMarks(text: string): string {
  return text.replace(/\u241b([0-9a-f]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** CEF: seven header fields that end with an unescaped `|`, then keys that end with an unescaped `=`. */
export function parseCef(line: string): TextEvent {
  const [header, extension] = splitHeader(line, 7);
  const fields = new Map<string, string>();
  const parts = splitUnescaped(extension, '=');
  let key = (parts[0] ?? '').trim();
  for (const [index, part] of parts.entries()) {
    if (index === 0) continue;
    const last = index === parts.length - 1;
    const end = last ? part.length : part.lastIndexOf(' ');
    if (fields.has(key)) throw new Error(`twice: ${key}`);
    fields.set(key, withoutMarks(unescaped(part.slice(0, end))));
    if (!last) key = part.slice(end + 1);
  }
  return { header, fields };
}

/** LEEF 2.0: five header fields and the delimiter, then `key=value` between delimiters; the first `=` ends the key. */
export function parseLeef(line: string): TextEvent {
  const parts = line.split('|');
  const delimiter = parts[5] ?? '';
  const fields = new Map<string, string>();
  for (const pair of parts.slice(6).join('|').split(delimiter)) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals);
    if (fields.has(key)) throw new Error(`twice: ${key}`);
    fields.set(key, withoutMarks(pair.slice(equals + 1)));
  }
  return { header: parts.slice(0, 5).map(withoutMarks), fields };
}

function splitHeader(line: string, count: number): readonly [string[], string] {
  const header: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length && header.length < count; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '|') {
      header.push(withoutMarks(unescaped(line.slice(from, at))));
      from = at + 1;
    }
  }
  return [header, line.slice(from)];
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === 'n') return '\n';
    return escaped === 'r' ? '\r' : escaped;
  });
}
