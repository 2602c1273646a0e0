export type { ToolSchema, ValidateOptions } from './options.ts';
export { validate } from './validate.ts';
