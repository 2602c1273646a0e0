import { RevealedSecrets } from '@sallyport/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { OperationalLog, type OperationalLogOptions } from '../src/operational-log.ts';
import { errorFields } from '../src/operational-log/error-fields.ts';
import { bareLine } from '../src/operational-log/line-format.ts';
import { LOG_LEVELS, type LogEntry, type LogLevel } from '@sallyport/core';
import { readLogSettings } from '../src/operational-log/log-settings.ts';
import { pinoLine } from '../src/operational-log/pino-line.ts';
import { prettyLine } from '../src/operational-log/pretty-line.ts';

const SECRET = 'correct-horse-battery-staple';
const NOON = new Date('2026-01-02T12:00:00.000Z');

/** Stands for standard error: what was written, and how much of it waits for its reader. */
class Target {
  text = '';
  writableLength = 0;
  errored: Error | null = null;
  #done: (() => void)[] = [];

  on(): this {
    return this;
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.text += text;
    if (done !== undefined) this.#done.push(done);
    return true;
  }

  taken(): void {
    this.writableLength = 0;
    for (const done of this.#done.splice(0)) done();
  }
}

let target: Target;
beforeEach(() => {
  target = new Target();
});

function logWith(options: Partial<OperationalLogOptions> = {}): OperationalLog {
  const revealed = new RevealedSecrets();
  revealed.add(SECRET);
  return new OperationalLog({ format: 'json', level: 'info', revealed, target, now: () => NOON, ...options });
}

function lines(): Record<string, unknown>[] {
  return target.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const entry = (level: LogLevel, event: string = level): LogEntry => ({ level, event, message: `${event}.` });

describe('the settings', () => {
  it('are text at level info when nobody says otherwise, and an empty variable says nothing', () => {
    expect(readLogSettings({}, {})).toEqual({ format: 'text', level: 'info' });
    const empty = { SALLYPORT_LOG_FORMAT: '', SALLYPORT_LOG_LEVEL: '' };
    expect(readLogSettings({}, empty)).toEqual({ format: 'text', level: 'info' });
  });

  it('come from the environment, and the flag wins, even over a variable that cannot be used', () => {
    const env = { SALLYPORT_LOG_FORMAT: 'json', SALLYPORT_LOG_LEVEL: 'nonsense' };
    expect(readLogSettings({ logLevel: 'debug' }, env)).toEqual({ format: 'json', level: 'debug' });
    expect(readLogSettings({ logLevel: 'debug', logFormat: 'pretty' }, env)).toEqual({
      format: 'pretty',
      level: 'debug',
    });
  });

  it('name what is wrong and what can be written, and do not repeat what was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (word) => {
        expect(readLogSettings({ logFormat: word }, {})).toBe('--log-format takes text, json or pretty');
        expect(readLogSettings({ logLevel: word }, {})).toBe('--log-level takes error, warn, info or debug');
        expect(readLogSettings({}, { SALLYPORT_LOG_FORMAT: word })).toBe(
          'SALLYPORT_LOG_FORMAT takes text, json or pretty',
        );
        expect(readLogSettings({}, { SALLYPORT_LOG_LEVEL: word })).toBe(
          'SALLYPORT_LOG_LEVEL takes error, warn, info or debug',
        );
      }),
    );
  });
});

describe.each(['text', 'json', 'pretty'] as const)('as %s', (format) => {
  it.each(LOG_LEVELS)('level %s lets through what is as important, and nothing less', async (level) => {
    const log = logWith({ format, level });
    for (const one of LOG_LEVELS) log.write(entry(one, `of_${one}`));
    await log.close();
    const shown = LOG_LEVELS.filter((one) => target.text.includes(`of_${one}.`));
    expect(shown).toEqual(LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1));
  });

  it('shows no secret, wherever it stands', async () => {
    const log = logWith({ format, level: 'debug', server: `server-${SECRET}` });
    const error = Object.assign(new TypeError(`Bad ${SECRET}`), { code: `E_${SECRET}`, name: SECRET });
    const encoded = Buffer.from(SECRET).toString('base64');
    log.write({
      level: 'warn',
      event: 'a',
      message: `Is ${SECRET}`,
      detail: { key: SECRET, encoded },
      error,
    });
    log.write({ level: 'warn', event: 'b', message: `Is ${SECRET}`, error: SECRET });
    await log.close();
    expect(target.text).toContain('[secret]');
    expect(target.text).not.toContain('correct-horse');
    expect(target.text).not.toContain(encoded);
  });

  it('waits for a reader that is slow when it is closed, and for one that is gone it does not', async () => {
    const log = logWith({ format });
    log.write(entry('info'));
    target.writableLength = 10;
    let isClosed = false;
    const closed = log.close().then(() => (isClosed = true));
    await log.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    target.taken();
    await closed;
    target.writableLength = 10;
    target.errored = new Error('EPIPE');
    await log.close();
  });

  it('drops lines that nobody takes, counts them, and says so with the next', async () => {
    const log = logWith({ format });
    await log.open();
    target.writableLength = 1_048_577;
    for (let count = 0; count < 3; count += 1) log.write(entry('error', 'lost'));
    target.writableLength = 0;
    log.write(entry('error', 'kept'));
    expect(target.text).not.toContain('lost.');
    expect(target.text).toMatch(/3 lines of this log were dropped[^]*kept\./);
  });

  it('writes the last line of a crash before the process ends, after those that waited', () => {
    const log = logWith({ format, load: () => new Promise(() => undefined) });
    void log.open();
    log.write(entry('info', 'first'));
    let shown = '';
    log.crash(new RangeError('Boom'), () => (shown = target.text));
    expect(shown).toMatch(/first\.[^]*Boom/);
  });
});

describe('as text', () => {
  it('writes each line at once, as every command of ours does', () => {
    const log = logWith({ format: 'text' });
    log.write({ level: 'warn', event: 'x', message: 'Look here', detail: { count: 4 } });
    expect(target.text).toBe('sallyport: Look here\n');
  });

  it('shows where a crash came from', () => {
    const error = new Error('Boom');
    logWith({ format: 'text' }).crash(error, () => undefined);
    expect(target.text).toBe(`sallyport: ${error.stack}\n`);
  });
});

describe('as json', () => {
  it('writes one object in a line: level, time, name, server, event, counts and message', async () => {
    const log = logWith({ server: 'files' });
    log.write({ level: 'warn', event: 'message_dropped', message: 'Two\nlines', detail: { count: 4 } });
    await log.close();
    expect(target.text).toBe(
      '{"level":"warn","time":"2026-01-02T12:00:00.000Z","name":"sallyport","server":"files",' +
        '"event":"message_dropped","count":4,"msg":"Two\\nlines"}\n',
    );
  });

  it('keeps lines until it is opened, with their own times, and writes them in order before later ones', async () => {
    let ms = 0;
    const log = logWith({ now: () => new Date((ms += 1)) });
    for (const event of ['a', 'b', 'c']) log.write(entry('info', event));
    expect(target.text).toBe('');
    const opened = log.open();
    log.write(entry('info', 'd'));
    await opened;
    log.write(entry('info', 'e'));
    expect(lines().map(({ event }) => event)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(lines().map(({ time }) => new Date(String(time)).getTime())).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on in plain JSON when the logger cannot be loaded', async () => {
    const log = logWith({ load: () => Promise.reject(new Error('Not there')) });
    log.write(entry('info'));
    await log.close();
    expect(lines()).toEqual([expect.objectContaining({ level: 'info', event: 'info', name: 'sallyport' })]);
  });

  it('tells name, message and code of an error, and where it came from at level debug only', async () => {
    const error = Object.assign(new Error('No room'), { code: 'ENOSPC' });
    for (const level of ['info', 'debug'] as const) {
      const log = logWith({ level });
      log.write({ level: 'error', event: 'x', message: 'It failed', error });
      await log.close();
    }
    const [short, long] = lines().map((line) => line['error'] as Record<string, string>);
    expect(short).toEqual({ name: 'Error', message: 'No room', code: 'ENOSPC' });
    expect(long).toEqual({ ...short, stack: expect.stringMatching(/^at /) });
    expect(long?.['stack']).not.toContain('No room');
  });

  test('a logger and the line without one say the same', () => {
    const line = pinoLine();
    fc.assert(
      fc.property(
        fc.constantFrom(...LOG_LEVELS),
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.stringMatching(/^count[a-z]{0,4}$/), fc.oneof(fc.integer(), fc.string())),
        (level, msg, detail) => {
          const head = {
            level,
            time: NOON.toISOString(),
            name: 'sallyport',
            server: 's',
            event: 'e',
          } as const;
          const fields = { ...head, ...detail, msg };
          const written = line(fields);
          expect(written.indexOf('\n')).toBe(written.length - 1);
          expect(JSON.parse(written)).toEqual(JSON.parse(bareLine(fields)));
        },
      ),
    );
  });

  test('what a caller should never have put into a line is not shown, as the second net', () => {
    const head = { level: 'info', time: '', name: 'sallyport', server: 's', event: 'e', msg: 'm' } as const;
    const line = pinoLine()({
      ...head,
      params: { a: 'canary' },
      password: 'canary',
      error: { name: 'E', value: 'canary', headers: ['canary'] },
    });
    expect(line).not.toContain('canary');
    expect(JSON.parse(line)).toMatchObject({
      params: '[redacted]',
      password: '[redacted]',
      error: { name: 'E' },
    });
  });
});

describe('as pretty', () => {
  const fields = {
    level: 'warn',
    time: NOON.toISOString(),
    name: 'sallyport',
    server: 'files',
    event: 'x',
    count: 4,
    msg: 'Look here',
  } as const;

  it('writes level and message for people, and the other fields after them', () => {
    expect(prettyLine(false)(fields)).toMatch(
      /^\[\d\d:\d\d:\d\d\.000\] WARN: Look here \{"server":"files","event":"x","count":4\}\n$/,
    );
  });

  it('has colours only where they were asked for', () => {
    expect(prettyLine(false)(fields)).not.toContain('\u001B[');
    expect(prettyLine(true)(fields)).toContain('\u001B[');
  });
});

describe('what was thrown', () => {
  it('is told without the text that could not be parsed', () => {
    let thrown: unknown;
    try {
      JSON.parse('{"ssn": canary-4711}');
    } catch (error) {
      thrown = error;
    }
    expect((thrown as Error).message).toContain('canary');
    expect(JSON.stringify(errorFields(thrown))).not.toContain('canary');
    expect(errorFields(thrown)).toMatchObject({ name: 'SyntaxError', stack: expect.stringMatching(/^at /) });
  });

  it('is told without its content when it is no error', () => {
    for (const thrown of ['canary', { message: 'canary' }, ['canary'], undefined]) {
      expect(errorFields(thrown)).toEqual({
        name: 'NoError',
        message: 'something that is no error was thrown',
      });
    }
  });

  it('shows no stack where message and stack cannot be told apart', () => {
    const error = new Error('before');
    expect(error.stack).toContain('before');
    error.message = 'changed later';
    expect(errorFields(error)).toEqual({ name: 'Error', message: 'changed later' });
  });
});
