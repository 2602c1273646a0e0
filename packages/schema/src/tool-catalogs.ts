import { Catalog } from './catalog.ts';

/** What servers say of their tools, by the name of the server. One of these may be shared by several layers. */
export class ToolCatalogs {
  readonly #now: () => number;
  readonly #catalogs = new Map<string, Catalog>();

  /** @param now milliseconds of a monotonic clock; default: `performance.now` */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The tools of one server. */
  of(server: string): Catalog {
    let catalog = this.#catalogs.get(server);
    if (catalog === undefined) {
      catalog = new Catalog(this.#now);
      this.#catalogs.set(server, catalog);
    }
    return catalog;
  }

  /** The `outputSchema` that a server last listed for a tool; undefined where it listed none, or none that is usable. */
  outputSchemaOf(server: string, tool: string): unknown {
    return this.#catalogs.get(server)?.outputSchemaOf(tool);
  }
}
