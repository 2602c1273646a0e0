import type { SecretEntity } from '../../../entity.ts';
import type { Except, Form, Matcher, Rule, Scores, Severity } from '../../../rule.ts';
import { ASSIGNMENT_REACH, isAlone, readAssignment } from '../assignment.ts';
import { isPlaceholderAt, isReference } from '../placeholder.ts';
import { reachOf, readShape, type Shape, shapeEnd, unitsOf } from '../shape.ts';
import { entropyAt } from '../strength.ts';
import type { Details } from './details.ts';

const NAMED: Scores = { alone: 0.95 };

/**
 * A value that only its name tells: `DD_API_KEY=...`. The name holds one of `names` and a word such as key, token,
 * secret or password.
 */
export function named(
  id: string,
  entity: SecretEntity,
  severity: Severity,
  names: readonly string[],
  shapes: string | readonly string[],
  source: string,
  { validate, scores = NAMED, words: given, ng = [] }: Details = {},
): Rule {
  const all = typeof shapes === 'string' ? [shapes] : shapes;
  const first = all[0] as string;
  const name = names[0] as string;
  const snake = name.toUpperCase().replaceAll(' ', '_');
  const camel = name.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  const words = (): readonly string[] => given ?? withoutPlurals(new Set(names.map(rarestWord)));
  return {
    id,
    entity,
    severity,
    source,
    // Made when a detector asks for them, as those of tokens are.
    get forms(): readonly Form[] {
      const read = all.map(readShape);
      const reach = ASSIGNMENT_REACH + Math.max(...read.map(reachOf));
      return [
        { on: 'word', words: words(), inner: true, edges: 'open', find: findNamed(names, read), reach },
      ];
    },
    get except(): Except {
      const isWeak = weakOf(all.map(readShape));
      return (value, codes, from, to) =>
        isPlaceholderAt(value, codes, from, to) || isReference(value) || isWeak(value, codes, from, to);
    },
    ...(validate === undefined ? {} : { validate }),
    scores,
    examples: {
      ok: [
        ...all.map((shape) => `export ${snake}=⟦‹${shape}›⟧`),
        `{"${camel}": "⟦‹${first}›⟧"}`,
        `--${name.replaceAll(' ', '-')} ⟦‹${first}›⟧ --verbose`,
      ],
      ng: [
        `${snake}=your-${name.replaceAll(' ', '-')}`,
        `${snake}=\${${snake}}`,
        `digest ‹${first}›`,
        `${snake}=‹/${first}›`,
        ...ng,
      ],
    },
  };
}

/** Words that so many names hold that no scan should stop for them on behalf of one vendor. */
const USUAL: ReadonlySet<string> = new Set(
  'token key secret api auth access client app private password pwd pass login user id x pat'.split(' '),
);

/** What the scan stops for: the longest word of a name that few names hold; all of it where there is none. */
function rarestWord(name: string): string {
  const rare = name.split(' ').filter((word) => !USUAL.has(word));
  return rare.toSorted((a, b) => b.length - a.length)[0] ?? name;
}

/** A word is found with an `s` behind it, too. */
function withoutPlurals(words: ReadonlySet<string>): readonly string[] {
  return [...words].filter((word) => !(word.endsWith('s') && words.has(word.slice(0, -1))));
}

/** Words one of which says that a name is of a secret. */
const SECRET_NAME = /key|token|secret|pass|pwd|auth|cred|webhook|pat\b|jwt|sig|session/i;
const OTHER_NAME = /(?:name|url|uri|path|file|host|user|email|region|version|type|prefix)$/i;

function findNamed(names: readonly string[], shapes: readonly Shape[]): Matcher {
  const joined = names.map((name) => name.replaceAll(' ', ''));
  const shortest = Math.min(...joined.map((name) => name.length));
  return (cursor) => {
    // Most triggers are names or words of their own, as `value` and `function` in source code: a look at two units tells.
    if (cursor.end - cursor.at < shortest && isAlone(cursor)) return false;
    const assignment = readAssignment(cursor);
    if (assignment === undefined) return false;
    const { codes } = cursor;
    const { start, quote } = assignment;
    for (const shape of shapes) {
      const to = shapeEnd(shape, codes, start);
      if (to === -1 || !endsValue(codes, to, quote)) continue;
      const name = cursor.text.slice(assignment.nameStart, assignment.nameEnd);
      if (!SECRET_NAME.test(name) || OTHER_NAME.test(name)) return false;
      const plain = name.replaceAll(/[-_]/g, '').toLowerCase();
      if (!joined.some((part) => plain.includes(part))) return false;
      cursor.from = start;
      cursor.to = to;
      return true;
    }
    return false;
  };
}

const CONTINUING: Uint8Array = unitsOf('A-Za-z0-9_+/=~-');

/** At its quote, or where no unit continues a value. */
function endsValue(codes: Uint16Array, to: number, quote: number): boolean {
  const next = codes[to] as number;
  if (quote !== 0) return next === quote || next === 92;
  return CONTINUING[next] !== 1 && !(next === 46 && (codes[to + 1] as number) > 32);
}

/** Values that no random choice gives: too few different units, or letters only where digits may stand. */
function weakOf(shapes: readonly Shape[]): Except {
  const digits = shapes.every((shape) => shape.some(({ units, most }) => units[48] === 1 && most >= 20));
  return (value, codes, from, to) =>
    entropyAt(codes, from, to) < Math.min(2.8, Math.log2(value.length) * 0.7) ||
    (digits && !/\d/.test(value));
}
