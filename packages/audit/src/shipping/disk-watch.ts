import { systemCode } from '../journal/journal-error.ts';
import type { ShipperEvent } from './shipper-options.ts';

type DiskFailure = Extract<ShipperEvent, { type: 'disk_failed' }>;

/** Does what needs the disk, and tells of a failure when it begins or becomes another one. */
export class DiskWatch {
  readonly #onEvent: (event: DiskFailure) => void;
  readonly #failing = new Map<DiskFailure['what'], string>();

  constructor(onEvent: (event: DiskFailure) => void) {
    this.#onEvent = onEvent;
  }

  /** @returns whether it worked */
  async run(what: DiskFailure['what'], work: () => Promise<unknown>): Promise<boolean> {
    try {
      // `false`: there was nothing to do, which says nothing of the disk.
      if ((await work()) !== false) this.#failing.delete(what);
      return true;
    } catch (error) {
      const code = systemCode(error);
      if (this.#failing.get(what) !== code) this.#onEvent({ type: 'disk_failed', what, code });
      this.#failing.set(what, code);
      return false;
    }
  }
}
