import ignore from 'ignore';
import { checkPattern } from '@sallyport/detection/secrets';

/** What is no leak, and why. Every condition that is given has to hold, and at least one has to be given. */
export interface ScanAllow {
  /** Why it is allowed; it stands in reports. */
  readonly reason: string;
  /** Patterns as in a .gitignore, against the path from the root of the scan: `test/fixtures/`, `*.snap`, `!keep.snap`. */
  readonly paths?: readonly string[];
  /** Ids of rules. */
  readonly rules?: readonly string[];
  /** A regular expression of the linear subset that has to match the whole credential. */
  readonly pattern?: string;
}

/** What the list says, by the place of an entry in it; `undefined` where none applies. */
export interface ReadAllow {
  /** Of a file as a whole, before it is read: by the entries that have no other condition than `paths`. */
  skips(path: string): number | undefined;
  /** Of one credential. */
  allows(found: AllowedPlace): number | undefined;
}

/** What the conditions look at. */
export interface AllowedPlace {
  readonly path: string;
  readonly rule: string;
  readonly secret: string;
}

const KNOWN: ReadonlySet<string> = new Set(['reason', 'paths', 'rules', 'pattern']);

/**
 * Checks the list once; what comes out applies it.
 *
 * @param rules the ids that there are, where unknown ones are to be refused
 * @throws TypeError that says what to write instead
 */
export function readScanAllow(entries: readonly ScanAllow[], rules?: ReadonlySet<string>): ReadAllow {
  const read = entries.map((entry, index) => readEntry(entry, index, rules));
  const first = (test: (entry: ReadEntry) => boolean): number | undefined => {
    const index = read.findIndex(test);
    return index === -1 ? undefined : index;
  };
  return {
    skips: (path) => first((entry) => entry.isWhole && entry.hasPath(path)),
    allows: ({ path, rule, secret }) =>
      first((entry) => entry.hasRule(rule) && entry.hasPath(path) && entry.hasValue(secret)),
  };
}

interface ReadEntry {
  /** It has no other condition than paths. */
  readonly isWhole: boolean;
  hasPath(path: string): boolean;
  hasRule(rule: string): boolean;
  hasValue(secret: string): boolean;
}

function readEntry(entry: ScanAllow, index: number, known: ReadonlySet<string> | undefined): ReadEntry {
  const refuse = (text: string): TypeError => new TypeError(`scan.allow[${index}] ${text}`);
  for (const key of Object.keys(entry)) {
    if (!KNOWN.has(key)) throw refuse(`knows no "${key}"; write ${[...KNOWN].join(', ')}.`);
  }
  const { reason, paths, rules, pattern } = entry;
  if (typeof reason !== 'string' || reason.trim() === '')
    throw refuse('needs a reason, such as "keys of the test server".');
  if (paths === undefined && rules === undefined && pattern === undefined)
    throw refuse('would allow everything; give it paths, rules or a pattern.');
  if (paths !== undefined)
    requireTexts(paths, () => refuse('paths has to be a list such as ["test/fixtures/"].'));
  if (rules !== undefined)
    requireTexts(rules, () => refuse('rules has to be a list such as ["generic-password"].'));
  const unknown = known === undefined ? undefined : rules?.find((rule) => !known.has(rule));
  if (unknown !== undefined) throw refuse(`names a rule "${unknown}" that there is not.`);
  return {
    isWhole: rules === undefined && pattern === undefined,
    hasPath: readPaths(paths),
    hasRule: (rule) => rules?.includes(rule) ?? true,
    hasValue: readPattern(pattern, refuse),
  };
}

function requireTexts(list: unknown, error: () => TypeError): void {
  const usable =
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((item) => typeof item === 'string' && item.trim() !== '');
  if (!usable) throw error();
}

function readPaths(paths: readonly string[] | undefined): (path: string) => boolean {
  if (paths === undefined) return () => true;
  const rules = ignore().add(paths);
  // What `ignore` throws at, a path that leads out of the root, no pattern is about.
  return (path) => ignore.isPathValid(path) && rules.ignores(path);
}

function readPattern(
  pattern: string | undefined,
  refuse: (text: string) => TypeError,
): (secret: string) => boolean {
  if (pattern === undefined) return () => true;
  if (typeof pattern !== 'string') throw refuse('pattern has to be a regular expression in quotes.');
  const checked = checkPattern(pattern);
  if (!checked.usable) throw refuse(checked.reason);
  const whole = new RegExp(`^(?:${pattern})$`);
  return (secret) => whole.test(secret);
}
