import { ask, type Call, isJsonObject, type JsonObject, Refusal } from '@sallyport/core';

import { ASK_INTERVAL_MS, MOST_ASKERS, MOST_PAGES, MOST_TOOLS, MOST_TURNS } from './limits.ts';
import { ToolDefinition } from './tool-definition.ts';

/**
 * The tools of one server, as it lists them: learned from lists that pass by, and by asking when a call names
 * a tool that no list has named. Servers may list different tools to different principals, so each asks for
 * itself.
 */
export class Catalog {
  readonly #now: () => number;
  readonly #definitions = new Map<string, ToolDefinition>();
  readonly #asked = new Map<string, { readonly at: number; readonly epoch: number }>();
  readonly #asking = new Map<string, Promise<'whole' | Refusal>>();
  #epoch = 0;

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts the changes that the server has told of. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Notes the tools of one page of a list. What is no tool is passed over.
   *
   * @param epoch when the page was asked for: it may be older than a change told of before it came
   */
  learn(tools: unknown, epoch: number): void {
    if (!Array.isArray(tools) || epoch !== this.#epoch) return;
    for (const tool of tools) {
      if (!isJsonObject(tool) || typeof tool['name'] !== 'string') continue;
      const known = this.#definitions.get(tool['name']);
      const definition = known ?? new ToolDefinition();
      if (known === undefined) {
        if (this.#definitions.size >= MOST_TOOLS) this.#forgetOlder();
        if (this.#definitions.size >= MOST_TOOLS) continue;
        this.#definitions.set(tool['name'], definition);
      }
      definition.learn(tool['inputSchema'], tool['outputSchema'], this.#epoch);
    }
  }

  /** The list has changed: every definition has to be heard again before it counts. */
  invalidate(): void {
    this.#epoch += 1;
  }

  /**
   * The tool that a call names, or undefined when the server lists no such tool. A promise only where it has
   * to ask.
   */
  find(call: Call, name: string): ToolDefinition | undefined | Promise<ToolDefinition | undefined> {
    const known = this.#get(name);
    if (known !== undefined) return known;
    const asker = askerOf(call);
    const asked = this.#asked.get(asker);
    const justAsked =
      asked !== undefined && asked.epoch === this.#epoch && this.#now() - asked.at < ASK_INTERVAL_MS;
    return justAsked && !this.#asking.has(asker) ? undefined : this.#lookUp(call, asker, name);
  }

  /** The `outputSchema` that was last listed for a tool, as it was sent; undefined where there is none that is usable. */
  outputSchemaOf(name: string): unknown {
    return this.#get(name)?.result.source;
  }

  #get(name: string): ToolDefinition | undefined {
    const definition = this.#definitions.get(name);
    return definition?.epoch === this.#epoch ? definition : undefined;
  }

  /** @throws Refusal when the server does not answer */
  async #lookUp(call: Call, asker: string, name: string): Promise<ToolDefinition | undefined> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const epoch = this.#epoch;
      const shared = this.#asking.get(asker);
      const outcome = await (shared ?? this.#ask(call, asker));
      const found = this.#get(name);
      if (found !== undefined) return found;
      if (outcome === 'whole') {
        if (epoch === this.#epoch) return undefined;
        continue;
      }
      // Another call asked for both, and went away before the answer came.
      const isOthers = shared !== undefined && outcome.code === 'cancelled' && !call.signal.aborted;
      if (!isOthers) throw outcome;
    }
    throw new Refusal('unavailable', 'The list of tools changes too fast to be read.');
  }

  #ask(call: Call, asker: string): Promise<'whole' | Refusal> {
    const asking = this.#askAll(call, asker).finally(() => this.#asking.delete(asker));
    this.#asking.set(asker, asking);
    return asking;
  }

  async #askAll(call: Call, asker: string): Promise<'whole' | Refusal> {
    const epoch = this.#epoch;
    this.#note(asker, epoch);
    let cursor: string | undefined;
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        if (call.signal.aborted) return Refusal.from(call.signal.reason);
        const answer = await ask(call, 'tools/list', cursor === undefined ? {} : { cursor });
        // A server without tools answers an error; it lists none.
        const list: JsonObject = answer.error === undefined ? answer.result : {};
        this.learn(list['tools'], epoch);
        if (typeof list['nextCursor'] !== 'string' || list['nextCursor'] === cursor) break;
        cursor = list['nextCursor'];
      }
    } catch (error) {
      this.#asked.delete(asker);
      return Refusal.from(error);
    }
    if (epoch === this.#epoch) this.#forgetOlder();
    return 'whole';
  }

  #note(asker: string, epoch: number): void {
    this.#asked.delete(asker);
    this.#asked.set(asker, { at: this.#now(), epoch });
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MOST_ASKERS && oldest !== undefined) this.#asked.delete(oldest);
  }

  #forgetOlder(): void {
    for (const [name, definition] of this.#definitions) {
      if (definition.epoch !== this.#epoch) this.#definitions.delete(name);
    }
  }
}

function askerOf({ principal }: Call): string {
  return JSON.stringify([principal.subject, principal.client, principal.actor]);
}
