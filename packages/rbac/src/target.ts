import { formsOf, isPlainName } from './uri.ts';

/** Kinds of objects, by number. */
const KIND_PREFIXES = ['tool:', 'resource:', 'prompt:', 'task:', 'method:'] as const;
export const KIND_COUNT: number = KIND_PREFIXES.length;
const RESOURCE = 1;

/** The number of a kind of objects, as rules write it without the colon. */
export function kindNumber(of: string): number {
  return KIND_PREFIXES.findIndex((prefix) => prefix.slice(0, -1) === of);
}

/** The object of one question, looked at once. */
export interface Target {
  readonly object: string;
  /** -1 for what is no kind of object. */
  readonly kind: number;
  /** Where the name begins, after the colon. */
  readonly from: number;
  /** Whether only rules that name it exactly may permit it; see `isPlainName`. */
  readonly ambiguous: boolean;
}

export function targetOf(object: string): Target {
  const kind = kindOf(object);
  if (kind === -1) return { object, kind, from: 0, ambiguous: false };
  const from = KIND_PREFIXES[kind]?.length ?? 0;
  return { object, kind, from, ambiguous: kind === RESOURCE && !isPlainName(object.slice(from)) };
}

/** The target of a question about all names that begin so. */
export function prefixTargetOf(object: string): Target {
  // A prefix may end with a slash, where a whole name would have an empty segment.
  return { ...targetOf(object), ambiguous: targetOf(`${object}x`).ambiguous };
}

/** Every target that a server might take this one for, itself first. */
export function aliasesOf(target: Target): readonly Target[] {
  const { object, kind, from } = target;
  if (kind !== RESOURCE) return [target];
  return formsOf(object.slice(from)).map((form) => ({
    object: `resource:${form}`,
    kind,
    from,
    ambiguous: false,
  }));
}

function kindOf(object: string): number {
  for (let kind = 0; kind < KIND_PREFIXES.length; kind += 1) {
    if (object.startsWith(KIND_PREFIXES[kind] ?? '')) return kind;
  }
  return -1;
}
