import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { SHAPE_OPTIONS } from './shape-options.ts';

/** Compiles `schema.json`. The bundle of the command has this file compiled beforehand: it is most of a start. */
export function policyValidator(): ValidateFunction {
  return new Ajv2020(SHAPE_OPTIONS).compile(createRequire(import.meta.url)('../schema.json') as object);
}
