import type { Model } from 'casbin';
import { loadCasbin } from './casbin.ts';
import { checkModel } from './model-check.ts';
import { scanModel } from './model-scan.ts';
import type { Problem } from './problem.ts';

export interface ModelSource {
  /** How problems name it. */
  readonly file: string;
  readonly text: string;
}

/** What a model that casbin itself must evaluate says. */
export interface ModelShape {
  readonly model: Model;
  /** The fields of a request, without `r_`. */
  readonly request: readonly string[];
  /** The fields of a rule, without `p_`. */
  readonly policy: readonly string[];
  /** Fields of a `g` line: 2, 3 with a domain, 0 where the model has no roles. */
  readonly grant: 0 | 2 | 3;
  /** Fields of a rule that the matcher uses as glob over an object, as another glob, or as condition. */
  readonly objectGlobs: readonly string[];
  readonly globs: readonly string[];
  readonly conditions: readonly string[];
}

export type ReadModel =
  | { readonly kind: 'indexed' }
  | { readonly kind: 'casbin'; readonly shape: ModelShape; readonly at: Problem }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

const INDEXED = {
  request: 'sub,srv,obj,act,args',
  policy: 'sub,srv,obj,act,cond,eft',
  grant: '_,_',
  effect: 'some(where(p_eft==allow))&&!some(where(p_eft==deny))',
  matcher: [
    'g(r_sub,p_sub)',
    'segmentGlob(r_act,p_act)',
    'segmentGlob(r_obj,p_obj,p_eft)',
    'segmentGlob(r_srv,p_srv)',
    'when(p_cond,p_eft,r_sub,r_args)',
  ].join('&&'),
} as const;

/**
 * Reads a model as casbin does, and says whether it can be indexed. The shipped one (undefined) always can.
 */
export function readModel(source: ModelSource | undefined): ReadModel {
  if (source === undefined) return { kind: 'indexed' };
  const { file } = source;
  const scanned = scanModel(file, source.text);
  let model: Model;
  try {
    model = loadCasbin().newModelFromString(source.text);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unreadable';
    const line = scanned.lineOf(message);
    const problem = { file, line, column: 1, message: `Casbin does not accept this model: ${message}.` };
    return { kind: 'invalid', problems: scanned.problems.length > 0 ? scanned.problems : [problem] };
  }
  if (scanned.problems.length > 0) return { kind: 'invalid', problems: scanned.problems };
  const value = (section: string): string => squeeze(model.model.get(section)?.get(section)?.value ?? '');
  const fields = (section: string): readonly string[] =>
    (model.model.get(section)?.get(section)?.tokens ?? []).map((token) => token.slice(section.length + 1));
  const request = fields('r');
  const policy = fields('p');
  const indexed =
    request.join(',') === INDEXED.request &&
    policy.join(',') === INDEXED.policy &&
    value('g') === INDEXED.grant &&
    value('e') === INDEXED.effect &&
    value('m').split('&&').toSorted().join('&&') === INDEXED.matcher;
  if (indexed) return { kind: 'indexed' };
  const checked = checkModel(
    { file, model, request, policy, effect: value('e'), matcher: value('m'), grant: value('g') },
    scanned,
  );
  return Array.isArray(checked)
    ? { kind: 'invalid', problems: checked }
    : {
        kind: 'casbin',
        shape: checked as ModelShape,
        at: {
          file,
          ...scanned.at('matchers'),
          message:
            'This model cannot be indexed, so casbin looks at every rule for every call, about a microsecond each. ' +
            'Leave authorization.model out to use the shipped model.',
        },
      };
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
