import type { Environment } from '../inherited-env.ts';
import { LOG_LEVELS, type LogLevel } from '@sallyport/core';

const LOG_FORMATS = ['text', 'json', 'pretty'] as const;
/** `text`: a line for people; `json`: an object in each line; `pretty`: the same fields for people, with colours. */
type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogSettings {
  readonly format: LogFormat;
  /** What is less important than this is not written. */
  readonly level: LogLevel;
}

/** What the command line says; each over the variable of the same name. */
export interface LogOptions {
  /** Default: `SALLYPORT_LOG_FORMAT`, or `text`. */
  readonly logFormat?: string;
  /** Default: `SALLYPORT_LOG_LEVEL`, or `info`. */
  readonly logLevel?: string;
}

/** How the operational log is to be; a text when that cannot be, which does not repeat what was written. */
export function readLogSettings(options: LogOptions, env: Environment): LogSettings | string {
  const format = choose(LOG_FORMATS, 'text', options.logFormat, '--log-format', env, 'SALLYPORT_LOG_FORMAT');
  if (!('value' in format)) return format.problem;
  const level = choose(LOG_LEVELS, 'info', options.logLevel, '--log-level', env, 'SALLYPORT_LOG_LEVEL');
  return 'value' in level ? { format: format.value, level: level.value } : level.problem;
}

/** A variable that is empty counts as not set: that is how a service manager takes one back. */
function choose<T extends string>(
  known: readonly T[],
  standard: T,
  given: string | undefined,
  flag: string,
  env: Environment,
  variable: string,
): { readonly value: T } | { readonly problem: string } {
  const word = given ?? (env[variable] || standard);
  const value = known.find((one) => one === word);
  if (value !== undefined) return { value };
  const [last, ...others] = known.toReversed();
  const names = `${others.toReversed().join(', ')} or ${last ?? ''}`;
  return { problem: `${given === undefined ? variable : flag} takes ${names}` };
}
