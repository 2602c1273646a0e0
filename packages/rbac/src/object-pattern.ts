import type { Fault } from './problem.ts';
import { type Glob, matchesGlob, parseGlob, type Segment } from './segment-glob.ts';
import { decodedForm, formsOf, isPlainName, normalForm } from './uri.ts';

export type RuleEffect = 'allow' | 'deny';

/** What objects there are, and the actions that are asked of each. */
export const OBJECT_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  tool: ['call'],
  resource: ['read'],
  prompt: ['get'],
  task: ['get', 'result', 'cancel', 'list', 'update'],
  method: ['call'],
};

/** The object of a rule: one kind and a glob over names of that kind, or everything. */
export type ObjectPattern =
  | { readonly kind: 'everything' }
  | {
      readonly kind: 'some';
      /** `tool`, `resource`, ... */
      readonly of: string;
      readonly glob: Glob;
      /** The one object that it covers, where it has no wildcard. */
      readonly exact: string | undefined;
      /** How a deny rule on resources also has to read, so that names in normal form meet it. */
      readonly normal: Glob | undefined;
    };

const KINDS = 'tool:, resource:, prompt:, task: or method:';

/** Reads `tool:get_*`, `resource:file:///data/**`, or `**` for everything. */
export function parseObjectPattern(text: string, effect: RuleEffect): ObjectPattern | Fault {
  if (text === '**') return { kind: 'everything' };
  const colon = text.indexOf(':');
  const of = text.slice(0, Math.max(colon, 0));
  if (!Object.hasOwn(OBJECT_ACTIONS, of)) {
    const advice = text === '*' ? ', or ** for every object' : '';
    return {
      offset: 0,
      message: `An object begins with ${KINDS}; write tool:${colon === -1 ? text : '<name>'}${advice}.`,
    };
  }
  const glob = parseGlob(text.slice(colon + 1));
  if ('message' in glob) return { offset: glob.offset + colon + 1, message: glob.message };
  const exact =
    glob.exact === undefined
      ? undefined
      : glob.exact.length === text.length - colon - 1
        ? text
        : `${of}:${glob.exact}`;
  if (of !== 'resource' || (effect === 'allow' && exact !== undefined)) {
    return { kind: 'some', of, glob, exact, normal: undefined };
  }
  const held = hold(glob);
  if (!isPlainName(held.replace(/\/$/, ''))) {
    const message =
      'Resource names with dot segments, empty segments, backslashes or encoded separators match no glob; ' +
      'write the path without them.';
    return { offset: colon + 1, message };
  }
  return { kind: 'some', of, glob, exact, normal: effect === 'deny' ? normalGlob(glob, held) : undefined };
}

/**
 * Whether a rule's object covers a request's. An allow rule's glob covers no resource whose name could be
 * resolved to another; a deny rule covers every name that could be resolved to one it covers.
 */
export function coversObject(pattern: ObjectPattern, effect: RuleEffect, object: string): boolean {
  const colon = object.indexOf(':');
  const of = object.slice(0, Math.max(colon, 0));
  const name = object.slice(colon + 1);
  if (pattern.kind === 'everything') return effect === 'deny' || of !== 'resource' || isPlainName(name);
  if (pattern.of !== of) return false;
  const { glob, normal } = pattern;
  if (of !== 'resource') return matchesGlob(glob, name);
  if (effect === 'allow') return (glob.exact !== undefined || isPlainName(name)) && matchesGlob(glob, name);
  return formsOf(name).some(
    (form) => matchesGlob(glob, form) || (normal !== undefined && matchesGlob(normal, form)),
  );
}

// Private-use characters stand for wildcards while a glob's text is treated as a name.
const STAR = '\ue000';
const DEEP = '\ue001';

function hold(glob: Glob): string {
  return glob.segments
    .map((segment) => {
      switch (segment.kind) {
        case 'literal':
          return segment.text;
        case 'any':
          return STAR;
        case 'deep':
          return DEEP;
        case 'wild':
          return segment.chunks.join(STAR);
      }
    })
    .join('/');
}

function normalGlob(glob: Glob, held: string): Glob | undefined {
  const normal = normalForm(decodedForm(held));
  if (normal === held) return undefined;
  const segments = normal.split('/').map((part): Segment => {
    if (part === DEEP) return { kind: 'deep' };
    if (part === STAR) return { kind: 'any' };
    const chunks = part.split(STAR);
    return chunks.length === 1 ? { kind: 'literal', text: part } : { kind: 'wild', chunks };
  });
  return { segments, exact: glob.exact === undefined ? undefined : normal };
}
