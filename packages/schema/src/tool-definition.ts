import { CompiledSchema } from './compile-schema.ts';
import { SCHEMA_BOUNDS } from './limits.ts';
import { measure } from './measure.ts';
import { UnusableSchema } from './unusable.ts';

/**
 * What a server says of one tool. A schema is compiled when it is first needed, and again only when it
 * changed.
 */
export class ToolDefinition {
  readonly arguments: SchemaSlot = new SchemaSlot(true);
  readonly result: SchemaSlot = new SchemaSlot(false);
  /** The state of the catalog in which the server last listed this tool. */
  epoch = 0;

  learn(inputSchema: unknown, outputSchema: unknown, epoch: number): void {
    // MCP, server/tools: `inputSchema` is required, `outputSchema` is not.
    if (inputSchema === undefined) this.arguments.spoil(new UnusableSchema('', 'is missing'));
    else this.arguments.learn(inputSchema);
    if (outputSchema === undefined) this.result.clear();
    else this.result.learn(outputSchema);
    this.epoch = epoch;
  }
}

type State = CompiledSchema | UnusableSchema | undefined;

/** One schema of a definition: kept as text, so that whoever sent it can no longer change it. */
export class SchemaSlot {
  readonly #formats: boolean;
  #text: string | undefined;
  #source: unknown;
  #state: State;

  /** @param formats whether `format` is asserted */
  constructor(formats: boolean) {
    this.#formats = formats;
  }

  learn(schema: unknown): void {
    if (measure(schema, SCHEMA_BOUNDS).problem !== undefined) {
      this.spoil(new UnusableSchema('', 'is nested too deeply, too large, or names something "__proto__"'));
      return;
    }
    const text = JSON.stringify(schema);
    if (text === this.#text) return;
    this.#text = text;
    this.#source = undefined;
    this.#state = undefined;
  }

  spoil(problem: UnusableSchema): void {
    this.#text = this.#source = undefined;
    this.#state = problem;
  }

  clear(): void {
    this.#text = this.#source = undefined;
    this.#state = undefined;
  }

  /** The schema as it was sent; undefined where there is none. */
  get source(): unknown {
    if (this.#text === undefined) return undefined;
    this.#source ??= JSON.parse(this.#text) as unknown;
    return this.#source;
  }

  /** The compiled schema, why there is none, or undefined where the definition has none. */
  get(): State {
    if (this.#state === undefined && this.#text !== undefined)
      this.#state = compile(this.#text, this.#formats);
    return this.#state;
  }
}

function compile(text: string, formats: boolean): State {
  try {
    return new CompiledSchema(JSON.parse(text), { formats });
  } catch (error) {
    if (error instanceof UnusableSchema) return error;
    throw error;
  }
}
