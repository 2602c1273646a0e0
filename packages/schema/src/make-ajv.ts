import { _, Ajv2020, type KeywordCxt } from 'ajv/dist/2020.js';

import { allowedValues } from './allowed-values.ts';
import { type Budget, OutOfBudget } from './budget.ts';
import { canonicalText } from './canonical-text.ts';
import * as evaluated from './evaluated.ts';
import { FORMATS } from './formats.ts';
import { stepsOf } from './linear-pattern.ts';
import type { ReadSchema } from './read-schema.ts';
import type { Judge, SchemaNode } from './schema-node.ts';
import { UnusableSchema } from './unusable.ts';

/**
 * An ajv for one schema, since it keeps all that it compiles. What takes more than linear time in ajv, or is
 * wrong there, is replaced.
 *
 * @param formats whether `format` is asserted
 */
export function makeAjv({ nodes, patterns }: ReadSchema, judge: Judge, formats: boolean): Ajv2020 {
  const { budget } = judge;
  const regExp = (source: string): { test: (text: string) => boolean; toString: () => string } => {
    const pattern = patterns.get(source);
    if (pattern === undefined) throw new UnusableSchema('', 'has a pattern that was not read');
    return {
      // ajv takes patterns with the same string for the same pattern.
      toString: () => source,
      test: (text) => {
        budget.spend(stepsOf(pattern, text));
        return pattern.test(text);
      },
    };
  };
  const ajv = new Ajv2020({
    strict: false,
    strictNumbers: true,
    allErrors: false,
    messages: false,
    ownProperties: true,
    unicodeRegExp: true,
    validateFormats: formats,
    // 19.99 is a multiple of 0.01, although 19.99 / 0.01 is not a whole number in binary.
    multipleOfPrecision: 8,
    // The reader has checked the schema; nothing is looked up, inlined or remembered.
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    inlineRefs: false,
    logger: false,
    code: { optimize: false, regExp: Object.assign(regExp, { code: '' }) },
  });
  // Replaced below; the 2020-12 build sets it always.
  ajv.opts.unevaluated = false;
  if (formats) for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  countSteps(ajv, budget);
  replaceComparisons(ajv, budget);
  replaceUnevaluated(ajv, new Map(nodes.map((node) => [node.id, node])), judge);
  return ajv;
}

/** The keywords that the reader adds, each ahead of what it pays for. */
function countSteps(ajv: Ajv2020, budget: Budget): void {
  const fail = (): never => {
    throw new OutOfBudget();
  };
  const spend = (cxt: KeywordCxt, steps: ReturnType<typeof _>): void => {
    const left = cxt.gen.scopeValue('obj', { ref: budget });
    const out = cxt.gen.scopeValue('func', { ref: fail });
    cxt.gen.code(_`if ((${left}.left -= ${steps}) < 0) ${out}();`);
  };
  ajv.addKeyword({
    keyword: 'steps',
    before: 'not',
    schemaType: 'number',
    code: (cxt) => spend(cxt, _`${cxt.schema as number}`),
  });
  ajv.addKeyword({
    keyword: 'textSteps',
    type: 'string',
    before: 'maxLength',
    schemaType: 'number',
    code: (cxt) => spend(cxt, _`${cxt.data}.length * ${cxt.schema as number} >> 3`),
  });
  ajv.addKeyword({
    keyword: 'nameSteps',
    type: 'object',
    before: 'maxProperties',
    schemaType: 'number',
    code: (cxt) => spend(cxt, _`Object.keys(${cxt.data}).length * ${cxt.schema as number}`),
  });
}

/**
 * ajv compares with a function that a value can break, and for `uniqueItems` each element with each other.
 */
function replaceComparisons(ajv: Ajv2020, budget: Budget): void {
  ajv.removeKeyword('enum').removeKeyword('const').removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    error: { message: '', params: ({ schemaCode }) => _`{allowedValues: ${schemaCode}}` },
    code: (cxt) => failUnless(cxt, allowedValues(cxt.schema as readonly unknown[])),
  });
  ajv.addKeyword({
    keyword: 'const',
    error: { message: '', params: ({ schemaCode }) => _`{allowedValue: ${schemaCode}}` },
    code: (cxt) => failUnless(cxt, allowedValues([cxt.schema])),
  });
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    validate: (unique: boolean, items: readonly unknown[]) => {
      if (!unique || items.length < 2) return true;
      const seen = new Set(items.map((item) => canonicalText(item, budget)));
      return seen.size === items.length;
    },
  });
}

/** Their value is the id of the node in which they stand. */
function replaceUnevaluated(ajv: Ajv2020, nodes: ReadonlyMap<string, SchemaNode>, judge: Judge): void {
  ajv.removeKeyword('unevaluatedProperties').removeKeyword('unevaluatedItems');
  const nodeOf = (id: string): SchemaNode => {
    const node = nodes.get(id);
    if (node === undefined) throw new UnusableSchema('', 'cannot be compiled');
    return node;
  };
  ajv.addKeyword({
    keyword: 'unevaluatedProperties',
    type: 'object',
    schemaType: 'string',
    errors: false,
    validate: (id: string, value: object) => evaluated.properties(value, nodeOf(id), judge),
  });
  ajv.addKeyword({
    keyword: 'unevaluatedItems',
    type: 'array',
    schemaType: 'string',
    errors: false,
    validate: (id: string, value: readonly unknown[]) => evaluated.items(value, nodeOf(id), judge),
  });
}

function failUnless(cxt: KeywordCxt, isAllowed: (value: unknown) => boolean): void {
  cxt.fail(_`!${cxt.gen.scopeValue('func', { ref: isAllowed })}(${cxt.data})`);
}
