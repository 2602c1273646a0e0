/** Stands for every name that is not known, or one too many. */
export const OTHER = '_other';

/** Of each server and kind; more never become labels, whatever a server lists. */
const MAX_NAMES = 200;
const MAX_SERVERS = 100;
/** MCP 2025-11-25: a tool name has 1 to 128 characters. */
const MAX_LENGTH = 128;

/**
 * Names that servers have listed. A name that a client made up never becomes a label, so that the number of series is
 * bounded by what servers offer. A name stays known when a server stops listing it: its series exist, and lists are
 * filtered for each principal.
 */
export class KnownNames {
  readonly #byServer = new Map<string, Set<string>>();

  /** Takes the names of one page of a list. */
  learn(server: string, names: Iterable<unknown>): void {
    let known = this.#byServer.get(server);
    if (known === undefined) {
      if (this.#byServer.size >= MAX_SERVERS) return;
      known = new Set();
      this.#byServer.set(server, known);
    }
    for (const name of names) {
      if (known.size >= MAX_NAMES) return;
      if (typeof name === 'string' && isLabel(name)) known.add(name);
    }
  }

  /** The name itself, or `_other`. */
  label(server: string, name: unknown): string {
    return typeof name === 'string' && this.#byServer.get(server)?.has(name) === true ? name : OTHER;
  }
}

/** Whether a text may be a label: not empty, not long, and without control characters. */
export function isLabel(text: string): boolean {
  if (text === '' || text.length > MAX_LENGTH) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return false;
  }
  return true;
}
