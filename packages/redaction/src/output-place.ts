import { type Demand, demandOn, ELEMENT, type Step } from './output-shape.ts';

const MOST_LISTED = 4096;
export const NO_DEMAND = (): Demand => 'none';

/** Where in a result the walk is, and what the schema of that place asks for. */
export class OutputPlace {
  /** The way to where the walk is, kept up where `isHeld`. */
  readonly path: Step[] = [];
  readonly #schema: unknown;
  readonly #demands = new Map<string, Demand>();
  /** Where in the path the schema begins; -1 outside. */
  #from = -1;

  constructor(schema: unknown) {
    this.#schema = schema;
  }

  /** Whether what is walked has to satisfy the schema. */
  get isHeld(): boolean {
    return this.#from >= 0;
  }

  /** What the schema asks for here, to be asked where something is found. */
  get demand(): () => Demand {
    return this.#from < 0 ? NO_DEMAND : this.#demand;
  }

  /** Walks what the schema is for. */
  inside<T>(walk: () => T): T {
    return this.#within(this.#schema === undefined ? -1 : this.path.length, walk);
  }

  /** Walks what is not held to the schema of what is around it, as what stands in a text is not. */
  outside<T>(walk: () => T): T {
    return this.#within(-1, walk);
  }

  #within<T>(start: number, walk: () => T): T {
    const from = this.#from;
    this.#from = start;
    const value = walk();
    this.#from = from;
    return value;
  }

  readonly #demand = (): Demand => {
    const path = this.path.slice(this.#from);
    const key = JSON.stringify(path.map((step) => (step === ELEMENT ? 0 : step)));
    let demand = this.#demands.get(key);
    if (demand === undefined) {
      demand = demandOn(this.#schema, path);
      if (this.#demands.size < MOST_LISTED) this.#demands.set(key, demand);
    }
    return demand;
  };
}
