import { prettyFactory } from 'pino-pretty';
import type { LineFormat } from './line-format.ts';
import { pinoLine } from './pino-line.ts';

/** The same lines for people: time, level and message, and the other fields after them. */
export function prettyLine(colours: boolean): LineFormat {
  const line = pinoLine();
  const pretty = prettyFactory({
    colorize: colours,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'name',
    singleLine: true,
  });
  return (fields) => pretty(line(fields));
}
