import { Pending } from './pending.ts';
import { putMember } from './plain-object.ts';

interface Late {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly pending: Pending;
}

/** Copies in which something waits for the vault; inner ones first. */
export class LateCopies {
  readonly #late: Late[] = [];

  get count(): number {
    return this.#late.length;
  }

  /** Puts a value, or what will be one, into a copy. */
  put(copy: unknown[] | Record<string, unknown>, key: string | number, value: unknown): void {
    const holder = copy as Record<string | number, unknown>;
    if (value instanceof Pending) this.#late.push({ holder, key, pending: value });
    putMember(holder, key, value);
  }

  /** Puts in what the vault answered. */
  settle(): void {
    for (const { holder, key, pending } of this.#late) putMember(holder, key, pending.settle());
  }
}
