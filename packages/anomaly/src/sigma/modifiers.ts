import { TRANSFORMATIONS } from './encode.ts';
import { type Path, type Problems } from './problem.ts';
import { hint, shown } from './words.ts';

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** How the value of an item is read, from the modifiers behind its field. */
export interface Modifiers {
  /** What the value is taken for. */
  readonly as: 'text' | 'pattern' | 'cidr' | 'exists' | 'fieldref' | Comparison;
  readonly timePart?: TimePart;
  /** In the order in which they are written; `expand` among them. */
  readonly transformations: readonly string[];
  readonly front: boolean;
  readonly behind: boolean;
  readonly cased: boolean;
  readonly all: boolean;
  readonly neq: boolean;
  readonly flags: { readonly ignoreCase: boolean; readonly multiline: boolean; readonly dotAll: boolean };
}

const TYPES: ReadonlyMap<string, Modifiers['as']> = new Map<string, Modifiers['as']>([
  ['re', 'pattern'],
  ['cidr', 'cidr'],
  ['exists', 'exists'],
  ['fieldref', 'fieldref'],
  ['lt', 'lt'],
  ['lte', 'lte'],
  ['gt', 'gt'],
  ['gte', 'gte'],
]);
const TIME_PARTS: readonly string[] = ['minute', 'hour', 'day', 'week', 'month', 'year'] satisfies TimePart[];
const PLACES: readonly string[] = ['contains', 'startswith', 'endswith'];
const FLAGS: ReadonlySet<string> = new Set(['i', 'm', 's']);
const SWITCHES: readonly string[] = ['all', 'cased', 'neq'];
const KNOWN: readonly string[] = [
  ...TYPES.keys(),
  ...TIME_PARTS,
  ...PLACES,
  ...SWITCHES,
  ...Object.keys(TRANSFORMATIONS),
  'expand',
];

/** Reads `contains`, `all`... behind a field name. Undefined, with problems, when they do not go together. */
export function readModifiers(
  names: readonly string[],
  path: Path,
  problems: Problems,
): Modifiers | undefined {
  const before = problems.errors;
  const refuse = (message: string): undefined => problems.error(path, message);
  const transformations: string[] = [];
  let as: Modifiers['as'] = 'text';
  let timePart: TimePart | undefined;
  let place: string | undefined;
  const seen = new Set<string>();
  for (const [at, name] of names.entries()) {
    if (seen.has(name)) refuse(`the modifier ${shown(name)} stands twice; leave one out`);
    seen.add(name);
    const type = TYPES.get(name);
    if (type !== undefined) {
      if (as !== 'text')
        refuse(`${shown(name)} beside another modifier that says what the value is; write one of them`);
      as = type;
    } else if (isTimePart(name)) {
      if (timePart !== undefined) refuse('two parts of a time; write one, and another item for the other');
      timePart = name;
    } else if (PLACES.includes(name)) {
      if (place !== undefined)
        refuse(`${shown(name)} beside "${place}"; write one of them, or wildcards in the value`);
      place = name;
    } else if (name === 'expand' || Object.hasOwn(TRANSFORMATIONS, name)) {
      if (place !== undefined) refuse(`${shown(name)} behind "${place}"; write it before: ${name}|${place}`);
      if (name === 'expand' && transformations.length > 0)
        refuse('"expand" behind an encoding; write it first, so that what it expands to is encoded');
      transformations.push(name);
    } else if (FLAGS.has(name)) {
      if (!names.slice(0, at).includes('re'))
        refuse(`${shown(name)} is an option of "re"; write re|${name}, or leave it out`);
    } else if (!SWITCHES.includes(name)) {
      refuse(
        `${shown(name)} is no modifier of Sigma 2.1${hint(name, KNOWN)}; they are ${KNOWN.join(', ')}, and i, m, s behind re`,
      );
    }
  }
  if (as !== 'text' && (place !== undefined || transformations.some((name) => name !== 'expand')))
    refuse(`"${place ?? transformations.join('|')}" is for texts; leave it out, or "${written(as)}"`);
  if (transformations.includes('expand') && as !== 'text')
    refuse('placeholders are for texts; leave out "expand", or the other modifier');
  if (seen.has('cased') && as !== 'text' && as !== 'fieldref')
    refuse(`"cased" is for texts; leave it out${as === 'pattern' ? ': a regular expression is cased' : ''}`);
  if (seen.has('all') && ['exists', 'fieldref', 'lt', 'lte', 'gt', 'gte'].includes(as))
    refuse(`"all" with "${written(as)}" asks one value several times; write the one value`);
  if (seen.has('neq') && as === 'exists') refuse('"neq" with "exists"; write exists: false');
  if (timePart !== undefined && (place !== undefined || !['text', 'lt', 'lte', 'gt', 'gte'].includes(as)))
    refuse(`"${timePart}" is a number; write it alone, or with lt, lte, gt, gte, neq`);
  if (problems.errors > before) return undefined;
  return {
    as,
    ...(timePart !== undefined && { timePart }),
    transformations,
    front: place === 'contains' || place === 'endswith',
    behind: place === 'contains' || place === 'startswith',
    cased: seen.has('cased'),
    all: seen.has('all'),
    neq: seen.has('neq'),
    flags: { ignoreCase: seen.has('i'), multiline: seen.has('m'), dotAll: seen.has('s') },
  };
}

function written(as: Modifiers['as']): string {
  return as === 'pattern' ? 're' : as;
}

function isTimePart(name: string): name is TimePart {
  return TIME_PARTS.includes(name);
}
