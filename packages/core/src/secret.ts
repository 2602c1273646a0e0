const SHOWN = '[secret]';

/** An opaque value: printing, interpolating, serializing or inspecting it shows `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself: the only way out. */
  reveal(): string {
    return this.#value;
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
