import type { Form, Matcher, Rule, Severity } from '../../../rule.ts';
import { isPlaceholderAt } from '../placeholder.ts';
import { literalOf, reachOf, readShape, type Shape, shapeEnd } from '../shape.ts';

/** A URL that is its own credential. The shape begins with its host; the scheme before it is part of the match. */
export function webhook(
  id: string,
  severity: Severity,
  shapes: string | readonly string[],
  source: string,
  words?: readonly string[],
): Rule {
  const all = typeof shapes === 'string' ? [shapes] : shapes;
  const first = all[0] as string;
  return {
    id,
    entity: 'WEBHOOK_URL',
    severity,
    source,
    get forms() {
      return all.map((shape) => urlForm(shape, words ?? [literalOf(shape)]));
    },
    except: isPlaceholderAt,
    scores: { alone: 0.985 },
    examples: {
      ok: [
        ...all.map((shape) => `HOOK=⟦https://‹${shape}›⟧`),
        `{"url":"⟦https://‹${first}›⟧"}`,
        `Post to ⟦https://‹${first}›⟧ now.`,
      ],
      ng: [
        `See https://${literalOf(first)} for it.`,
        `HOOK=https://${literalOf(first)}${'x'.repeat(80)}`,
        `HOOK=https://‹/${first}›`,
        `HOOK=https://‹/${first}›/‹/${first}›`,
      ],
    },
  };
}

function urlForm(source: string, words: readonly string[]): Form {
  const shape = readShape(source);
  return {
    on: 'word',
    words,
    open: true,
    exact: true,
    inner: true,
    edges: 'dotted',
    find: findUrl(shape),
    reach: reachOf(shape) + 80,
  };
}

function findUrl(shape: Shape): Matcher {
  return (cursor) => {
    const { codes, at } = cursor;
    const to = shapeEnd(shape, codes, at);
    if (to === -1) return false;
    let from = at;
    const least = Math.max(0, at - 64);
    while (from > least && /[\w.-]/.test(String.fromCharCode(codes[from - 1] as number))) from -= 1;
    const hasScheme = codes[from - 1] === 47 && codes[from - 2] === 47 && codes[from - 3] === 58;
    if (hasScheme) from -= 3;
    while (
      hasScheme &&
      from > 0 &&
      /[a-z]/i.test(String.fromCharCode(codes[from - 1] as number)) &&
      at - from < 80
    )
      from -= 1;
    cursor.from = from;
    cursor.to = to;
    return true;
  };
}
