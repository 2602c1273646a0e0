import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { nearest } from './nearest.ts';
import type { PolicyFile } from './policy-file.ts';
import { policyValidator } from './policy-validator.ts';
import { SHAPE_OPTIONS } from './shape-options.ts';
import type { Problem } from './problem.ts';
import type { Path, YamlSource } from './yaml-source.ts';

export type CheckShape<T = PolicyFile> = (source: YamlSource) => {
  /** What was written, without the sections that have problems, so that the others can still be looked at. */
  readonly file?: T;
  readonly problems: readonly Problem[];
};

/** Checks the shape of one policy file after the other, and reports everything that is wrong with it. */
export function shapeChecker(): CheckShape {
  return checkerOf<PolicyFile>(policyValidator(), { version: 1 });
}

/** Compiles the schema of a YAML file format, in which an empty file is checked like any other value. */
export function compileShape<T>(schema: object): CheckShape<T> {
  return checkerOf<T>(new Ajv2020(SHAPE_OPTIONS).compile(schema));
}

/** @param empty what an empty file stands for; without it, an empty file is checked like any other value */
function checkerOf<T>(validate: ValidateFunction, empty?: object): CheckShape<T> {
  return (source) => check<T>(source, validate, empty);
}

function check<T>(
  source: YamlSource,
  validate: ValidateFunction,
  empty: object | undefined,
): ReturnType<CheckShape<T>> {
  if (source.problems.length > 0) return { problems: source.problems };
  const value = source.value ?? empty;
  if (validate(value)) return { file: value as T, problems: [] };
  const errors = validate.errors ?? [];
  const problems = errors.filter(tellsSomething).map((error) => toProblem(source, error));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problems };
  const broken = new Set(errors.map((error) => pathOf(error.instancePath, value)[0] ?? keyOf(error)));
  const sound = Object.entries(value).filter(([section]) => !broken.has(section));
  return { file: Object.fromEntries(sound) as T, problems };
}

/** `propertyNames` repeats, without saying more, what its own sub-errors say. */
function tellsSomething(error: ErrorObject): boolean {
  return error.keyword !== 'propertyNames';
}

function toProblem(source: YamlSource, error: ErrorObject): Problem {
  const path = pathOf(error.instancePath, source.value);
  const key = keyOf(error);
  const place = key === undefined ? source.at(path) : source.atKey(path, key);
  return { file: source.file, ...place, message: messageOf(error, path), severity: 'error' };
}

function keyOf(error: ErrorObject): string | undefined {
  const named: unknown = error.params['additionalProperty'] ?? error.propertyName;
  return typeof named === 'string' ? named : undefined;
}

function messageOf(error: ErrorObject, path: Path): string {
  const name = path.length === 0 ? 'the policy' : `"${path.join('.')}"`;
  const hint = describe(error.parentSchema);
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(error.params['additionalProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      const near = nearest(unknown, known);
      const advice = near === undefined ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`;
      return `unknown key "${unknown}"; ${advice}`;
    }
    case 'required':
      return `${path.length === 0 ? 'the file' : name} lacks "${String(error.params['missingProperty'])}"; add it${hint}`;
    case 'enum':
      return `${name} must be one of: ${(error.params['allowedValues'] as unknown[]).join(', ')}${hint}`;
    case 'const':
      return `${name} must be ${String(error.params['allowedValue'])}, a number without quotes`;
    case 'type':
      return `${name} must be ${article(String(error.params['type']))}${advice(error)}${hint}`;
    case 'minItems':
      return `${name} is an empty list; write at least one entry${hint}`;
    case 'pattern':
      if (error.propertyName === undefined && String(error.params['pattern']).startsWith('^https')) {
        return `${name} is no address; write https://... ${hint}`;
      }
      return error.propertyName === undefined
        ? `${name} ${error.message ?? 'is not valid'}${hint}`
        : `"${error.propertyName}" is no name; write ${nameOf(String(error.params['pattern']))}, 64 at most`;
    default:
      return `${name} ${error.message ?? 'is not valid'}${hint}`;
  }
}

/** The signs that a pattern for names takes. */
function nameOf(pattern: string): string {
  return pattern.includes('A-Z')
    ? 'letters, digits, dots, dashes or underscores'
    : 'small letters, digits or dashes';
}

/** What probably happened where a text was meant. */
function advice({ params, data }: ErrorObject): string {
  if (!String(params['type']).includes('string')) return '';
  if (data === null || data === undefined) return '; nothing stands after its colon';
  return typeof data === 'object' ? '' : '; put it in quotes';
}

function describe(schema: unknown): string {
  const text = (schema as { description?: unknown } | undefined)?.description;
  return typeof text === 'string' ? ` (${text.replace(/\.$/, '')})` : '';
}

function article(type: string): string {
  const words: Record<string, string> = {
    object: 'a mapping',
    'string,array': 'a text or a list of texts',
    'string,object': 'a text or a mapping',
    array: 'a list',
    string: 'a text',
    boolean: 'true or false',
  };
  return words[type] ?? `a ${type}`;
}

/** A JSON pointer as a path; numbers where the value has a list. */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = [];
  let here = value;
  for (const raw of pointer.split('/').slice(1)) {
    const name = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(here) ? Number(name) : name;
    path.push(step);
    here = (here as Record<string | number, unknown> | undefined)?.[step];
  }
  return path;
}
