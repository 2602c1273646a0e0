export type { ToolSchema, ValidateOptions } from './options.ts';
export { ToolCatalogs } from './tool-catalogs.ts';
export { validate } from './validate.ts';
