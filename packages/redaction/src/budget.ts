import { Refusal } from '@sallyport/core';

/** How deep a message may be and how many values it may have, so that to walk it ends. */
export class Budget {
  readonly #maxDepth: number;
  readonly #maxValues: number;
  #valuesLeft: number;

  constructor(maxDepth: number, maxValues: number) {
    this.#maxDepth = maxDepth;
    this.#maxValues = maxValues;
    this.#valuesLeft = maxValues;
  }

  /** @throws Refusal `too_large` */
  enter(depth: number, values: number): void {
    this.checkDepth(depth);
    this.spend(values);
  }

  /** @throws Refusal `too_large` */
  spend(values: number): void {
    this.#valuesLeft -= values;
    if (this.#valuesLeft < 0)
      throw new Refusal('too_large', `A message has at most ${this.#maxValues} values.`);
  }

  /** @throws Refusal `too_large` */
  checkDepth(depth: number): void {
    if (depth > this.#maxDepth)
      throw new Refusal('too_large', `A message has at most ${this.#maxDepth} levels.`);
  }
}
