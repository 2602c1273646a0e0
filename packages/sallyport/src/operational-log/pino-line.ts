import { pino } from 'pino';
import type { LineFields, LineFormat } from './line-format.ts';

/**
 * Whatever a caller should never have put into a line, by the names that it would have there. A second net: entries have
 * names, counts and codes only, and every text of them has passed `RevealedSecrets.conceal`.
 */
const NEVER = [
  'params',
  'arguments',
  'args',
  'result',
  'content',
  'structuredContent',
  'body',
  'payload',
  'headers',
  'authorization',
  'cookie',
  'env',
  'password',
  'passphrase',
  'secret',
  'token',
  'apiKey',
  'value',
];

/** Lines of JSON as pino writes them. They are handed back: who writes them is no concern of a logger. */
export function pinoLine(): LineFormat {
  let line = '';
  const logger = pino(
    {
      level: 'debug',
      // All that stands in a line is in its fields; neither the process id nor the name of the host is.
      base: null,
      timestamp: false,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: NEVER.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    { write: (written: string) => (line = written) },
  );
  return ({ level, msg, ...fields }: LineFields) => {
    logger[level](fields, msg);
    return line;
  };
}
