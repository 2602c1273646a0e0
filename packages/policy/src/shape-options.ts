import type { Options } from 'ajv/dist/2020.js';

/** How the shapes of an admin's own files are checked: since they are that, reporting every error is no risk. */
export const SHAPE_OPTIONS: Options = {
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  // It is compiled at each start and asked once: what makes the code better costs more than it gains.
  code: { optimize: false },
  inlineRefs: false,
  // That the schemas are ones is tested, and not found out anew by every process.
  meta: false,
  validateSchema: false,
};
