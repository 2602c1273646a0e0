import { isAlnum } from '../../../code-units.ts';
import type { SecretEntity } from '../../../entity.ts';
import type { Form, Matcher, Rule, Scores, Severity } from '../../../rule.ts';
import { isPlaceholderAt } from '../placeholder.ts';
import { literalOf, longOf, reachOf, readShape, type Shape, shapeEnd } from '../shape.ts';
import type { Details } from './details.ts';

const ALONE: Scores = { alone: 0.98 };
/** A wrong check is still a token by its shape: a test value, a typing error, a format that has changed. */
const CHECKED: Scores = { alone: 0.99, invalid: 0.9 };

/**
 * A token that its literal beginning tells. `shapes` are read by `readShape`. In an example, `‹shape›` stands for a
 * value of that shape, and `‹/shape›` for the first half of one: no token is written out anywhere.
 */
export function token(
  id: string,
  entity: SecretEntity,
  severity: Severity,
  shapes: string | readonly string[],
  source: string,
  { validate, scores = validate === undefined ? ALONE : CHECKED, words, behind = '', ng = [] }: Details = {},
): Rule {
  const all = typeof shapes === 'string' ? [shapes] : shapes;
  const first = behind + (all[0] as string);
  const last = behind + (all.at(-1) as string);
  const beginning = literalOf(all[0] as string);
  return {
    id,
    entity,
    severity,
    source,
    // Made when a detector asks for them: most programs that load the package want no secrets.
    get forms() {
      return all.map((shape) => tokenForm(shape, words ?? [literalOf(shape)], behind));
    },
    except: isPlaceholderAt,
    ...(validate === undefined ? {} : { validate }),
    scores,
    examples: {
      ok: [
        ...all.map((shape) => `VALUE=⟦‹${behind}${shape}›⟧`),
        `{"key":"⟦‹${first}›⟧","next":1}`,
        `Use ⟦‹${last}›⟧, and no other.`,
      ],
      ng: [
        `Values that begin with ${beginning} are keys.`,
        `VALUE=${beginning}${'x'.repeat(64)}`,
        `VALUE=Z9‹${first}›`,
        `VALUE=‹/${first}›`,
        ...ng,
      ],
    },
  };
}

function tokenForm(source: string, words: readonly string[], behind: string): Form {
  const shape = readShape(source);
  const find = findShape(shape, longFrom(shape, literalOf(source)));
  const before = behind === '' ? [] : readShape(behind);
  return {
    on: 'word',
    words,
    open: true,
    exact: true,
    inner: true,
    edges: 'dotted',
    find: before.length === 0 ? find : findBehind(before, find),
    reach: reachOf(shape) + reachOf(before),
  };
}

/** The long run of a shape whose own beginning can stand in that run. */
function longFrom(shape: Shape, beginning: string): Uint8Array | undefined {
  const long = longOf(shape);
  const fits = Array.from(beginning).every((unit) => long?.[unit.charCodeAt(0)] === 1);
  return fits ? long : undefined;
}

function findShape(shape: Shape, long: Uint8Array | undefined): Matcher {
  return (cursor) => {
    const { codes, at } = cursor;
    // Such a run is read from its first unit only: a text of such beginnings is read once.
    if (long !== undefined && at > 0 && long[codes[at - 1] as number] === 1) return false;
    const to = shapeEnd(shape, codes, at);
    if (to === -1) return false;
    cursor.from = at;
    cursor.to = codes[to - 1] === 46 ? to - 1 : to;
    return true;
  };
}

function findBehind(before: Shape, find: Matcher): Matcher {
  const size = reachOf(before);
  return (cursor) => {
    const from = cursor.at - size;
    if (from < 0 || !find(cursor) || shapeEnd(before, cursor.codes, from) !== cursor.at) return false;
    if (from > 0 && isAlnum(cursor.codes[from - 1] as number)) return false;
    cursor.from = from;
    return true;
  };
}
