import { mapOf, hint, shown } from './words.ts';
import type { Path, Problems } from './problem.ts';

export type SigmaLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** What a rule says about itself. */
export interface SigmaRuleInfo {
  /** The UUID of the rule, or its name where it has none. */
  readonly id: string;
  /** Readable, and unique; correlations refer to it. */
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  /** Default: `medium`. */
  readonly level: SigmaLevel;
  /** Such as `attack.t1110` or `owasp.mcp07`. */
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  /** Where it is written what to do. */
  readonly runbook?: string;
  readonly file: string;
}

const LEVELS: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical'];
const STATUSES: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const TAG = /^[a-z\d_-]{1,64}(\.[a-z\d_-]{1,64}){1,4}$/;
const KNOWN: readonly string[] = [
  'title',
  'id',
  'name',
  'related',
  'taxonomy',
  'status',
  'description',
  'license',
  'references',
  'author',
  'date',
  'modified',
  'logsource',
  'detection',
  'correlation',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'runbook',
];
const MOST_TITLE = 256;
const MOST_DESCRIPTION = 65_535;

/** Reads everything about a rule but what it looks for. Undefined, with problems, when it has no usable name. */
export function readRuleInfo(
  document: ReadonlyMap<string, unknown>,
  file: string,
  problems: Problems,
): SigmaRuleInfo | undefined {
  for (const key of document.keys()) {
    if (KNOWN.includes(key)) continue;
    const close = hint(key, KNOWN);
    // Sigma allows members of one's own; one that is nearly a known one is a slip.
    if (close !== '') problems.error([key], `is no member of a rule${close}`);
  }
  const text = (key: string, most: number): string | undefined => {
    const value = document.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '' || value.length > most)
      return problems.error([key], `is no text of 1 to ${most} characters; write one`);
    return value.trim();
  };
  if (document.get('title') === undefined)
    problems.error([], 'has no title; write what it detects: "title: ..."');
  const title = text('title', MOST_TITLE)?.replaceAll(/\s+/g, ' ');
  const name = text('name', MOST_TITLE);
  const id = text('id', MOST_TITLE);
  if (id !== undefined && !UUID.test(id))
    problems.error(['id'], 'is no UUID; write one, as `uuidgen` or your editor makes it');
  if (document.get('id') === undefined && document.get('name') === undefined)
    problems.error(
      [],
      'has neither id nor name; write "id:" with a UUID, so that its alerts can be told apart',
    );
  const level = oneOf(document, 'level', LEVELS, problems) ?? 'medium';
  oneOf(document, 'status', STATUSES, problems);
  const taxonomy = document.get('taxonomy');
  if (taxonomy !== undefined && taxonomy !== 'sigma' && taxonomy !== 'sallyport')
    problems.error(['taxonomy'], 'is not known here; write sallyport, or leave it out');
  const tags = texts(document, 'tags', problems);
  for (const [at, tag] of tags.entries())
    if (!TAG.test(tag))
      problems.error(
        ['tags', at],
        `${shown(tag)} is no tag; write a namespace and a name, such as attack.t1110`,
      );
  const description = text('description', MOST_DESCRIPTION);
  const runbook = text('runbook', 2048);
  const falsepositives = texts(document, 'falsepositives', problems);
  if (title === undefined || (id ?? name) === undefined) return undefined;
  return {
    id: (id ?? name) as string,
    ...(name !== undefined && { name }),
    title,
    ...(description !== undefined && { description }),
    level: level as SigmaLevel,
    tags,
    falsepositives,
    ...(runbook !== undefined && { runbook }),
    file,
  };
}

/** Whether a rule says of itself that it is not to be used; a warning says so. */
export function isRetired(document: ReadonlyMap<string, unknown>, problems: Problems): boolean {
  const status = document.get('status');
  if (status !== 'deprecated' && status !== 'unsupported') return false;
  problems.warning(
    ['status'],
    `is ${status}, so the rule does not run; leave it out, or write another status`,
  );
  return true;
}

/** `logsource:` has to be ours: a rule for other records would never match, or match what it does not mean. */
export function checkLogsource(value: unknown, problems: Problems): void {
  const path: Path = ['logsource'];
  const source = mapOf(value);
  const instead = 'write product: sallyport and service: audit';
  if (source === undefined) problems.error(path, `is missing; ${instead}`);
  for (const [key, one] of source ?? []) {
    if (key === 'definition') continue;
    const ours = key === 'product' ? 'sallyport' : key === 'service' ? 'audit' : undefined;
    if (ours === undefined)
      problems.error([...path, key], `says nothing about audit records; leave it out, and ${instead}`);
    else if (one !== ours) problems.error([...path, key], `is for other records; ${instead}`);
  }
  if (source !== undefined && source.get('product') === undefined)
    problems.error(path, `names no product; ${instead}`);
}

function oneOf(
  document: ReadonlyMap<string, unknown>,
  key: string,
  known: readonly string[],
  problems: Problems,
): string | undefined {
  const value = document.get(key);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && known.includes(value)) return value;
  return problems.error(
    [key],
    `is none of ${known.join(', ')}${typeof value === 'string' ? hint(value, known) : '; write one'}`,
  );
}

function texts(document: ReadonlyMap<string, unknown>, key: string, problems: Problems): readonly string[] {
  const value = document.get(key);
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.length <= 100 && value.every((one) => typeof one === 'string'))
    return value;
  problems.error([key], 'is no list of texts; write one, of 100 at most');
  return [];
}
