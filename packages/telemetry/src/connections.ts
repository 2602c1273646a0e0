import {
  type Call,
  isJsonObject,
  PROTOCOL_VERSION_META,
  type Result,
  wayBackOf,
  wayOf,
} from '@sallyport/core';
import { versionLabel } from './known-words.ts';

/** What is known of the connections that calls come from, as long as they live. */
export class Connections {
  readonly #versions = new WeakMap<object, string>();

  /** Takes the revision that an answer to `initialize` settles. */
  learn(call: Call, answer: Result): void {
    const version = versionLabel(answer.result?.['protocolVersion']);
    if (version === undefined) return;
    for (const way of [wayOf(call), wayBackOf(call)]) if (way !== undefined) this.#versions.set(way, version);
  }

  /** The revision of MCP that a call belongs to: it says so itself since 2026-07-28, and its connection before. */
  versionOf(call: Call): string | undefined {
    const meta = call.params['_meta'];
    const own = isJsonObject(meta) ? versionLabel(meta[PROTOCOL_VERSION_META]) : undefined;
    if (own !== undefined) return own;
    const way = wayOf(call);
    return way === undefined ? undefined : this.#versions.get(way);
  }
}
