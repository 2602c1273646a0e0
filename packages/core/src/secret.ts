import type { RevealedSecrets } from './revealed-secrets.ts';

const SHOWN = '[secret]';

/** An opaque value: printing, interpolating, serializing, cloning or inspecting it shows `[secret]`. */
export class Secret {
  readonly #value: string;
  readonly #revealed: RevealedSecrets | undefined;

  /** @param revealed where the value is remembered once it was asked for. Default: nowhere */
  constructor(value: string, revealed?: RevealedSecrets) {
    this.#value = value;
    this.#revealed = revealed;
    Object.freeze(this);
  }

  /** The value itself: the only way out. */
  reveal(): string {
    this.#revealed?.add(this.#value);
    return this.#value;
  }

  /** Whether both hold the same value, without revealing either. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  static {
    // What `console.log` and `util.inspect` show (https://nodejs.org/api/util.html#utilinspectcustom).
    const inspect = Symbol.for('nodejs.util.inspect.custom');
    Object.defineProperty(this.prototype, inspect, { value: () => SHOWN });
  }
}
