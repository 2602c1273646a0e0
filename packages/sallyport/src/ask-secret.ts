import { openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream, WriteStream } from 'node:tty';

/** Somebody pressed Ctrl-C, or Ctrl-D, or hung up, when asked. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Where somebody can be asked. */
export interface Terminal {
  readonly input: Readable & { setRawMode(raw: boolean): unknown };
  readonly output: Writable;
  /** Gives it back. */
  close(): void;
}

/** Whoever types on without looking pauses about this long, at most, between two keys. */
const QUIET_MS = 300;
/** A key that is stuck does not hold us. */
const MOST_DISCARDING_MS = 3000;

/**
 * Asks for what nobody may see: nothing that is typed is shown, not even how long it is. From the first question until
 * `close` the terminal echoes nothing, also between two questions.
 */
export class AskSecret {
  readonly #open: () => Terminal | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #terminal: Terminal | undefined;
  #typed = '';
  #line = '';
  #escape: 'none' | 'started' | 'sequence' = 'none';
  #isAfterReturn = false;
  #isInterrupted = false;
  #hasTyped = false;
  #answer: { resolve(line: string): void; reject(error: Interrupted): void } | undefined;

  /** @param open gives the terminal when it is first needed; undefined when there is none */
  constructor(open: () => Terminal | undefined = controllingTerminal) {
    this.#open = open;
  }

  /**
   * One line, without its end. Undefined when there is no terminal.
   *
   * @throws Interrupted
   */
  async ask(question: string): Promise<string | undefined> {
    this.#terminal ??= this.#begin();
    const terminal = this.#terminal;
    if (terminal === undefined) return undefined;
    terminal.output.write(question);
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#answer = { resolve, reject };
        this.#advance();
      });
    } finally {
      terminal.output.write('\n');
    }
  }

  /** Shows a line to who is asked; standard error may go elsewhere. */
  tell(line: string): void {
    this.#terminal?.output.write(`${line}\n`);
  }

  /**
   * Waits until nobody types, and drops what was typed and not asked for: it was meant for other questions, and would go to
   * the shell, which shows it and keeps it.
   */
  async discard(): Promise<void> {
    if (this.#terminal === undefined) return;
    const end = performance.now() + MOST_DISCARDING_MS;
    do {
      this.#hasTyped = false;
      await sleep(QUIET_MS);
    } while (this.#hasTyped && performance.now() < end);
    this.#typed = '';
    this.#line = '';
    this.#escape = 'none';
    this.#isAfterReturn = false;
  }

  /** The terminal is again as it was. */
  close(): void {
    const terminal = this.#terminal;
    if (terminal === undefined) return;
    this.#terminal = undefined;
    terminal.input.off('data', this.#take).off('end', this.#hangUp).off('error', this.#hangUp);
    terminal.input.setRawMode(false);
    terminal.input.pause();
    terminal.close();
  }

  #begin(): Terminal | undefined {
    const terminal = this.#open();
    if (terminal === undefined) return undefined;
    // Raw: no echo, and Ctrl-C comes as a character, so that the terminal is put right before we end.
    terminal.input.setRawMode(true);
    terminal.input.on('data', this.#take).on('end', this.#hangUp).on('error', this.#hangUp);
    terminal.input.resume();
    return terminal;
  }

  readonly #take = (bytes: Buffer): void => {
    this.#hasTyped = true;
    this.#typed += this.#decoder.write(bytes);
    // Also while the key is derived, between two questions: the next is then not asked.
    if (this.#typed.includes('\u0003')) this.#hangUp();
    else this.#advance();
  };

  readonly #hangUp = (): void => {
    this.#isInterrupted = true;
    this.#advance();
  };

  /** Takes what was typed until a line is complete; the rest is for the next question. */
  #advance(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    let used = 0;
    for (const character of this.#typed) {
      if (this.#isInterrupted) break;
      used += character.length;
      if (!this.#edit(character)) continue;
      const line = this.#line;
      this.#typed = this.#typed.slice(used);
      this.#line = '';
      this.#answer = undefined;
      answer.resolve(line);
      return;
    }
    this.#typed = '';
    if (!this.#isInterrupted) return;
    this.#answer = undefined;
    answer.reject(new Interrupted('nothing was typed'));
  }

  /** True at the end of the line. */
  #edit(character: string): boolean {
    const isAfterReturn = this.#isAfterReturn;
    this.#isAfterReturn = character === '\r';
    if (this.#isEscape(character)) return false;
    switch (character) {
      case '\n':
        return !isAfterReturn;
      case '\r':
        return true;
      case '\u0004': // Ctrl-D
        if (this.#line === '') this.#isInterrupted = true;
        return false;
      case '\b':
      case '\u007F':
        this.#line = Array.from(this.#line).slice(0, -1).join('');
        return false;
      case '\u0015': // Ctrl-U
        this.#line = '';
        return false;
      default:
        // Other keys have no meaning here; a tab can be part of what is pasted.
        if (character >= ' ' || character === '\t') this.#line += character;
        return false;
    }
  }

  /** Arrows and the like begin with Escape (ECMA-48, 5.4), and are no part of the line. */
  #isEscape(character: string): boolean {
    switch (this.#escape) {
      case 'none':
        if (character !== '\u001B') return false;
        this.#escape = 'started';
        return true;
      case 'started':
        this.#escape = character === '[' || character === 'O' ? 'sequence' : 'none';
        return true;
      case 'sequence':
        if (character >= '@' && character <= '~') this.#escape = 'none';
        return true;
    }
  }
}

/** The terminal that started us, also when standard input or output are something else. */
function controllingTerminal(): Terminal | undefined {
  try {
    const input = new ReadStream(openSync('/dev/tty', 'r'));
    const output = new WriteStream(openSync('/dev/tty', 'w'));
    const close = (): void => {
      input.destroy();
      output.destroy();
    };
    return { input, output, close };
  } catch {
    // There is none; or this is Windows, which calls it something else.
    if (!process.stdin.isTTY) return undefined;
    return { input: process.stdin, output: process.stderr, close: () => process.stdin.unref() };
  }
}
