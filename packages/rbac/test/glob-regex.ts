/**
 * A segment glob as an anchored regular expression: a second implementation, for tests to compare with. Only
 * for globs without escapes.
 */
export function regexOf(glob: string): RegExp {
  const parts = glob.split('/');
  let source = '';
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    if (part === '**') {
      source += last ? '[^/]*(?:/[^/]*)*' : '(?:[^/]*/)*';
      continue;
    }
    const text = part.replaceAll(/[.+()\-^$|[\]{}?\\]/g, String.raw`\$&`);
    source += part === '*' ? '[^/]+' : text.replaceAll('*', '[^/]*');
    if (!last) source += '/';
  }
  return new RegExp(`^${source}$`);
}
