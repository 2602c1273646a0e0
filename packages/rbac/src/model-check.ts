import type { Model } from 'casbin';
import type { ModelShape } from './model.ts';
import type { ScannedModel } from './model-scan.ts';
import type { Problem } from './problem.ts';

/** What a request can be asked for. */
const REQUEST_FIELDS: readonly string[] = ['sub', 'srv', 'dom', 'obj', 'act', 'args', 'principal'];

const EFFECTS: ReadonlySet<string> = new Set([
  'some(where(p_eft==allow))',
  'some(where(p_eft==allow))&&!some(where(p_eft==deny))',
  'priority(p_eft)||deny',
]);

const FUNCTIONS: ReadonlySet<string> = new Set(['g', 'segmentGlob', 'when', 'ipMatch', 'keyGet', 'keyGet2']);

/** Casbin's own functions that let through what nobody meant, or run for seconds; with what to write. */
const REFUSED: Readonly<Record<string, string>> = {
  keyMatch: 'keyMatch ignores what follows the first *; write segmentGlob(r.obj, p.obj).',
  keyMatch2: 'keyMatch2 makes a regular expression of the name; write segmentGlob(r.obj, p.obj).',
  keyMatch3: 'keyMatch3 makes a regular expression of the name; write segmentGlob(r.obj, p.obj).',
  keyMatch4: 'keyMatch4 makes a regular expression of the name; write segmentGlob(r.obj, p.obj).',
  keyMatch5: 'keyMatch5 makes a regular expression of the name; write segmentGlob(r.obj, p.obj).',
  regexMatch: 'regexMatch is not anchored and may run for seconds; write segmentGlob(r.obj, p.obj).',
  globMatch:
    'globMatch matches everything else when a pattern begins with !; write segmentGlob(r.obj, p.obj).',
  eval: 'eval() coerces types, so null passes "< 100"; write when(p.cond, p.eft, r.sub, r.args).',
};

interface Definitions {
  readonly file: string;
  readonly model: Model;
  readonly request: readonly string[];
  readonly policy: readonly string[];
  readonly effect: string;
  readonly matcher: string;
  readonly grant: string;
}

/** Refuses in a model of one's own what casbin would evaluate in favour of the caller. */
export function checkModel(definitions: Definitions, scanned: ScannedModel): ModelShape | readonly Problem[] {
  const { file, model, request, policy, effect, matcher, grant } = definitions;
  const problems: Problem[] = [];
  const blame = (section: string, message: string): void => {
    problems.push({ file, ...scanned.at(section), message });
  };
  for (const field of request) {
    if (!REQUEST_FIELDS.includes(field)) {
      blame('request_definition', `A request has no ${field}; write some of ${REQUEST_FIELDS.join(', ')}.`);
    }
  }
  for (const needed of ['sub', 'obj', 'act']) {
    if (!request.includes(needed)) blame('request_definition', `A request must say ${needed}.`);
  }
  if (!policy.includes('sub')) blame('policy_definition', 'A rule must say sub.');
  if (!EFFECTS.has(effect)) {
    blame(
      'policy_effect',
      'This effect is not supported: it must deny what no rule allows. ' +
        'Write e = some(where (p.eft == allow)) && !some(where (p.eft == deny)), or e = priority(p.eft) || deny.',
    );
  }
  if (grant !== '' && grant !== '_,_' && grant !== '_,_,_') {
    blame('role_definition', 'Roles have two or three fields; write g = _, _ or g = _, _, _.');
  }
  const code = matcher.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (!/\bp_/.test(code))
    blame('matchers', 'The matcher never looks at a rule; compare r.sub with p.sub, and so on.');
  for (const [, owner = '', field = ''] of code.matchAll(/\b([rp])_(\w+)/g)) {
    if (!(owner === 'r' ? request : policy).includes(field)) {
      blame('matchers', `${owner}.${field} is not defined above; casbin would take it for undefined.`);
    }
  }
  for (const [, dot = '', name = ''] of code.matchAll(/(\.?)\b([A-Za-z_]\w*)\(/g)) {
    if (dot !== '') blame('matchers', `Values have no methods here; ${name}() is not called.`);
    else if (Object.hasOwn(REFUSED, name)) blame('matchers', REFUSED[name] ?? '');
    else if (!FUNCTIONS.has(name))
      blame('matchers', `There is no function ${name}; write segmentGlob() or when().`);
    else if (name === 'g' && grant === '')
      blame('matchers', 'g() needs a [role_definition] section; write g = _, _.');
  }
  const globs = usesOf(code, /\bsegmentGlob\(([^,()]*),([^,()]*)/g, /^r_(\w+)$/, blame);
  const conditions = usesOf(code, /\bwhen\(([^,()]*)(?:,([^,()]*))?/g, undefined, blame);
  if (problems.length > 0) return problems;
  return {
    model,
    request,
    policy,
    grant: grant === '' ? 0 : grant === '_,_' ? 2 : 3,
    objectGlobs: globs.filter(({ by }) => by === 'obj').map(({ field }) => field),
    globs: globs.filter(({ by }) => by !== 'obj').map(({ field }) => field),
    conditions: conditions.map(({ field }) => field),
  };
}

/**
 * The rule fields that a function takes its pattern from. They are compiled with the policy, so a pattern may
 * not come from the call.
 */
function usesOf(
  code: string,
  calls: RegExp,
  subject: RegExp | undefined,
  blame: (section: string, message: string) => void,
): readonly { readonly field: string; readonly by: string }[] {
  const uses: { readonly field: string; readonly by: string }[] = [];
  for (const [, first = '', second = ''] of code.matchAll(calls)) {
    const by = subject === undefined ? '' : subject.exec(first)?.[1];
    const field = /^p_(\w+)$/.exec(subject === undefined ? first : second)?.[1];
    if (by === undefined || field === undefined) {
      blame(
        'matchers',
        'Patterns come from the rule; write segmentGlob(r.obj, p.obj, p.eft), when(p.cond, p.eft, ...).',
      );
    } else {
      uses.push({ field, by });
    }
  }
  return uses;
}
