import type { ValidateFunction } from 'ajv/dist/2020.js';

import { Budget, OutOfBudget } from './budget.ts';
import { explain } from './explain.ts';
import { makeAjv } from './make-ajv.ts';
import { type ReadSchema, readSchema } from './read-schema.ts';
import type { Judge, SchemaNode } from './schema-node.ts';
import { findUndeclared, type NamingJudge } from './undeclared.ts';
import { UnusableSchema } from './unusable.ts';
import type { Violation } from './violation.ts';

/** Steps of about 5 ns that any validation may take, and the steps more for each unit of the value's size. */
const STEPS = 200_000;
const STEPS_PER_SIZE = 500;

export interface CompileOptions {
  /** Whether `format` is asserted; otherwise it is an annotation. */
  readonly formats: boolean;
}

/** A schema, ready to check values. Not for use within itself: a validation is one synchronous run. */
export class CompiledSchema {
  readonly #read: ReadSchema;
  readonly #budget = new Budget();
  readonly #validators = new Map<SchemaNode, ValidateFunction>();
  readonly #judge: NamingJudge;

  /** @throws UnusableSchema when the schema cannot be used */
  constructor(schema: unknown, options: CompileOptions) {
    try {
      this.#read = readSchema(schema);
      const satisfies = (node: SchemaNode, value: unknown): boolean => this.#satisfies(node, value);
      this.#judge = { satisfies, budget: this.#budget, names: this.#read.names };
      compileInto(this.#validators, this.#read, this.#judge, options);
      this.check(undefined, 1);
    } catch (error) {
      // The stack is too short for a chain of references, or V8's parser gave up on code nested too deeply.
      if (!(error instanceof RangeError)) throw error;
      throw new UnusableSchema('', 'is too complex');
    }
  }

  /**
   * What in a value breaks the schema, or undefined. The time is linear in the value's size.
   *
   * @param size see `measure`, which has also bounded the value's depth
   */
  check(value: unknown, size: number): Violation | undefined {
    return this.#within(size, () => {
      const { root, names } = this.#read;
      if (this.#satisfies(root, value)) return undefined;
      const errors = this.#validators.get(root)?.errors ?? [];
      return explain(errors, value, root, names);
    });
  }

  /**
   * Which object in a value that satisfies the schema has properties that the schema does not declare, or
   * undefined.
   */
  undeclared(value: unknown, size: number): Violation | undefined {
    return this.#within(size, () => findUndeclared(value, this.#read.root, this.#judge));
  }

  #satisfies(node: SchemaNode, value: unknown): boolean {
    const validate = this.#validators.get(node);
    return validate === undefined ? node.emitted !== false : validate(value);
  }

  #within(size: number, run: () => Violation | undefined): Violation | undefined {
    this.#budget.left = STEPS + size * STEPS_PER_SIZE;
    try {
      return run();
    } catch (error) {
      return error instanceof OutOfBudget || error instanceof RangeError
        ? { pointer: '', rule: 'steps', text: 'cannot be checked in a reasonable number of steps' }
        : // Code that ajv generated threw; it has done so for rare combinations of keywords.
          { pointer: '', rule: 'schema', text: 'cannot be checked against the schema' };
    }
  }
}

function compileInto(
  validators: Map<SchemaNode, ValidateFunction>,
  read: ReadSchema,
  judge: Judge,
  { formats }: CompileOptions,
): void {
  const ajv = makeAjv(read, judge, formats);
  for (const node of read.nodes) ajv.addSchema(node.emitted, node.id);
  for (const node of read.nodes) {
    const validate = ajv.getSchema(node.id);
    if (validate === undefined) throw new UnusableSchema('', 'cannot be compiled');
    validators.set(node, validate);
  }
}
