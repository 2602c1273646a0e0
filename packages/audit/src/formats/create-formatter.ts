import { cefFormatter } from './cef-formatter.ts';
import { ecsFormatter } from './ecs-formatter.ts';
import type { FormatName, Formatter, FormatterOptions } from './formatter.ts';
import { jsonFormatter } from './json-formatter.ts';
import { leefFormatter } from './leef-formatter.ts';
import { ocsfFormatter } from './ocsf-formatter.ts';

const FORMATTERS: Readonly<Record<FormatName, (options: FormatterOptions) => Formatter>> = {
  ocsf: ocsfFormatter,
  ecs: ecsFormatter,
  cef: cefFormatter,
  leef: leefFormatter,
  json: jsonFormatter,
};

/** A formatter with its constant parts built; one serves any number of records. */
export function createFormatter(name: FormatName, options: FormatterOptions): Formatter {
  return FORMATTERS[name](options);
}
