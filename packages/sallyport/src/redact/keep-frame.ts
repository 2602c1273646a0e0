/**
 * Rewrites what stands between a byte order mark and the blanks around a JSON text, and keeps these: who writes JSON again
 * does not know of them. Of other texts only the mark is kept apart, since blanks may belong to what is found.
 */
export async function keepFrame<Rewritten extends { readonly text: string }>(
  text: string,
  rewrite: (text: string) => Promise<Rewritten>,
): Promise<Rewritten> {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const first = /\S/g;
  first.lastIndex = mark;
  const at = first.exec(text)?.index ?? mark;
  const isJson = text[at] === '{' || text[at] === '[';
  const start = isJson ? at : mark;
  const end = isJson ? text.trimEnd().length : text.length;
  const rewritten = await rewrite(text.slice(start, end));
  return { ...rewritten, text: text.slice(0, start) + rewritten.text + text.slice(end) };
}
