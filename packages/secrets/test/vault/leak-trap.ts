import { inspect } from 'node:util';
import { vi } from 'vitest';

/** Reads along with whatever the process prints, and finds what must not be seen anywhere. */
export class LeakTrap {
  readonly #planted: string[] = [];
  #printed = '';
  #restore: () => void = () => undefined;

  plant(...values: readonly string[]): void {
    this.#planted.push(...values);
  }

  open(): void {
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        this.#printed += String(chunk);
        return true;
      }),
    );
    this.#restore = () => {
      for (const spy of spies) spy.mockRestore();
    };
  }

  close(): void {
    this.#restore();
  }

  get printed(): string {
    return this.#printed;
  }

  /**
   * Which of what was planted, by number, is in these things, however deep one looks, or in what was printed.
   * Not by value: a test that fails must not print it either.
   */
  leaksIn(...things: readonly unknown[]): readonly number[] {
    const options = { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null };
    const texts = things.flatMap((thing) => [
      inspect(thing, options),
      JSON.stringify(thing) ?? '',
      thing instanceof Error ? `${thing.message}\n${thing.stack ?? ''}` : '',
    ]);
    const leaked = this.#planted.filter((value) =>
      [...texts, this.#printed].some((text) => text.includes(value)),
    );
    return leaked.map((value) => this.#planted.indexOf(value));
  }
}
