import { isatty, WriteStream } from 'node:tty';
import type { RevealedSecrets } from '@sallyport/core';
import { errorFields } from './operational-log/error-fields.ts';
import { bareLine, type LineFields, type LineFormat, lineFields } from './operational-log/line-format.ts';
import { LOG_LEVELS, type LogEntry } from '@sallyport/core';
import type { LogSettings } from './operational-log/log-settings.ts';
import { type LineTarget, LogStream } from './operational-log/log-stream.ts';

export interface OperationalLogOptions extends LogSettings {
  /** The name by which the policy knows the guarded server. Default: `default`. */
  readonly server?: string | undefined;
  readonly revealed: RevealedSecrets;
  /** Default: `process.stderr`; standard output is the protocol. */
  readonly target?: LineTarget;
  /** Default: the clock of the system. */
  readonly now?: () => Date;
  /** What writes lines in a format other than `text`. Default: pino, loaded when it is asked for. */
  readonly load?: (format: 'json' | 'pretty') => Promise<LineFormat>;
}

/** An entry and the moment it is of. */
type Waiting = readonly [entry: LogEntry, time: Date];

/**
 * What an operator should know, in lines on standard error. As text a line is written at once. In the other formats the
 * first lines wait for `open`, because loading a logger takes longer than `run` may wait before it starts a server;
 * `close` and `flush` write what waits as well.
 */
export class OperationalLog {
  readonly #options: OperationalLogOptions;
  readonly #stream: LogStream;
  readonly #now: () => Date;
  #format: LineFormat | undefined;
  #waiting: Waiting[] = [];
  #opening: Promise<void> | undefined;

  constructor(options: OperationalLogOptions) {
    this.#options = options;
    this.#now = options.now ?? ((): Date => new Date());
    if (options.format === 'text') this.#format = textLine;
    this.#stream = new LogStream(options.target ?? process.stderr, (count) => {
      const message = `${count} lines of this log were dropped, because nobody took them`;
      const entry: LogEntry = { level: 'warn', event: 'log_lines_dropped', message, detail: { count } };
      return this.#line([entry, this.#now()], this.#format ?? bareLine);
    });
  }

  readonly write = (entry: LogEntry): void => {
    if (LOG_LEVELS.indexOf(entry.level) > LOG_LEVELS.indexOf(this.#options.level)) return;
    const waiting: Waiting = [entry, this.#now()];
    if (this.#format === undefined) this.#waiting.push(waiting);
    else this.#stream.write(this.#line(waiting, this.#format));
  };

  /** Loads what writes lines, unless it is there, and writes those that waited. Never fails. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Writes every line that waits, without anything that would have to be loaded. */
  flush(): void {
    this.#format ??= bareLine;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) this.#stream.write(this.#line(one, this.#format));
  }

  /** Writes every line, and waits for its reader, a second at most. */
  async close(): Promise<void> {
    await this.open();
    await this.#stream.settled();
  }

  /**
   * The last line of a process that cannot go on. Nothing is loaded for it; only where a slow reader has lines to take does
   * it take a moment, a second at most.
   * @param exit ends the process
   */
  crash(error: unknown, exit: () => void): void {
    const { message } = errorFields(error);
    this.write({
      level: 'error',
      event: 'crashed',
      message: `ended by an error of its own: ${message}`,
      error,
    });
    this.flush();
    if (this.#stream.isSettled) exit();
    else void this.#stream.settled().then(exit);
  }

  async #open(): Promise<void> {
    const { format, load = loadFormat } = this.#options;
    // A log in plain JSON is better than none, and than a server that ends for want of a logger.
    if (format !== 'text') this.#format = await load(format).catch(() => bareLine);
    this.flush();
  }

  #line([entry, time]: Waiting, format: LineFormat): string {
    const { server = 'default', revealed, level } = this.#options;
    const withStack = level === 'debug' || format === textLine;
    return format(lineFields(entry, time, { server, revealed, withStack }));
  }
}

async function loadFormat(format: 'json' | 'pretty'): Promise<LineFormat> {
  if (format === 'json') return (await import('./operational-log/pino-line.ts')).pinoLine();
  // What stands in place of `process.stderr` may not know its colours.
  const hasColors = isatty(2) && WriteStream.prototype.hasColors();
  return (await import('./operational-log/pretty-line.ts')).prettyLine(hasColors);
}

/** For people, as every command of ours complains. */
function textLine({ msg, error }: LineFields): string {
  const { name, message, stack } = (error ?? {}) as Partial<ReturnType<typeof errorFields>>;
  if (stack === undefined) return `sallyport: ${msg}\n`;
  return `sallyport: ${name ?? ''}: ${message ?? ''}\n    ${stack}\n`;
}
