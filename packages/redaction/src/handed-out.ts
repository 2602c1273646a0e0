import { type Call, wayBackOf, wayOf } from '@sallyport/core';

/** Of one connection, and as many as one call has tokens unless told otherwise; the eldest are forgotten first. */
const MOST = 10_000;

/**
 * The values that tools received for tokens, for as long as their connection lasts. Whoever sent a token knows no more than
 * that; a tool that answers `Booked for Jane Roe` must not tell. So these values are looked for in whatever comes back,
 * also where nothing else would find them. Whoever exchanges one `redact` for another hands this on.
 */
export class HandedOut {
  readonly #connections = new WeakMap<object, Map<string, string>>();

  /** @param values with their entities */
  note(call: Call, values: readonly { readonly value: string; readonly entity: string }[]): void {
    if (values.length === 0) return;
    const place = toClient(call);
    let known = this.#connections.get(place);
    if (known === undefined) this.#connections.set(place, (known = new Map<string, string>()));
    for (const { value, entity } of values) {
      known.delete(value);
      known.set(value, entity);
    }
    for (const [eldest] of known) {
      if (known.size <= MOST) break;
      known.delete(eldest);
    }
  }

  /** Values by entity that may come back on the connection of a call; undefined where none may. */
  on(call: Call): ReadonlyMap<string, string> | undefined {
    return this.#connections.get(toClient(call));
  }
}

/** What goes to the client: answers of inbound calls, and outbound ones. A call that no guard made stands for itself. */
function toClient(call: Call): object {
  return (call.direction === 'inbound' ? wayBackOf(call) : wayOf(call)) ?? call.trail;
}
