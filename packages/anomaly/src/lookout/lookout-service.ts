import { Nap, NODE_FS } from '@sallyport/audit';
import { LOOKOUT_CLOCK, type LookoutClock } from './lookout-clock.ts';
import { type LookoutPlace, placeOfAll, placeOfOne } from './lookout-place.ts';
import type { LookoutServiceOptions, LookoutServiceState, LookoutStatus } from './service-options.ts';
import { Shift, type ShiftSettings } from './shift.ts';
import { TroubleTeller } from './trouble-teller.ts';

/** How long another process may be gone before this one notices: at least, and as much again by chance. */
const STANDBY_MS = 1500;
const MINUTE = 60_000;

/**
 * Watches the journals of a folder for as long as the process runs. Of all processes that do so with one folder for their
 * state, one watches; the others stand by, and one of them goes on where it ended within seconds. Or it watches the stream of
 * its own process, as all others with the folder do; what one learned and did not tell is taken over by another that begins.
 *
 * An alert is handed on before the state behind it is saved: after a crash it is raised again, under the same id, rather than
 * not at all. With a stream, records that were not looked at then are lost with their process.
 */
export class LookoutService {
  readonly #settings: ShiftSettings;
  readonly #clock: LookoutClock;
  readonly #stopMs: number;
  readonly #onState: (state: LookoutServiceState) => void;
  readonly #onPlace: (place: string) => void;
  #state: LookoutServiceState = 'starting';
  #shift: Shift | undefined;
  #last: Omit<LookoutStatus, 'state'> = { records: 0, alerts: 0, journals: 0, caughtUp: false, pending: 0 };
  #stopping = false;
  readonly #running: Promise<void>;

  private constructor(options: LookoutServiceOptions) {
    const {
      onTrouble = () => undefined,
      onState = () => undefined,
      onPlace = () => undefined,
      ...rest
    } = options;
    const { fs = NODE_FS, clock = LOOKOUT_CLOCK, stopMs = 10_000 } = rest;
    this.#clock = clock;
    this.#stopMs = stopMs;
    this.#onState = onState;
    this.#onPlace = onPlace;
    this.#settings = {
      tellSinceMs: 15 * MINUTE,
      respondMs: 15 * MINUTE,
      saveMs: 30_000,
      pollMs: 250,
      sliceMs: 3,
      fromNow: false,
      once: false,
      ...rest,
      fs,
      clock,
      troubles: new TroubleTeller(onTrouble),
      nap: new Nap(clock),
    };
    this.#running = this.#run();
  }

  /**
   * Begins to watch, or to stand by.
   *
   * @throws TypeError for options that cannot be meant, and an error of the system when the folder of its state cannot be used
   */
  static async open(options: LookoutServiceOptions): Promise<LookoutService> {
    if ((options.journals === undefined) === (options.stream === undefined))
      throw new TypeError('A watch has one source: write journals, the folder they are in, or stream.');
    await (options.fs ?? NODE_FS).makeFolder(options.folder);
    return new LookoutService(options);
  }

  get status(): LookoutStatus {
    return { state: this.#state, ...(this.#shift?.status ?? this.#last) };
  }

  /** Resolves when it has ended: stopped or, to be done once, read everything. */
  get ended(): Promise<void> {
    return this.#running;
  }

  /** Says that there are new records, so that they need not wait for the next look. */
  wake(): void {
    this.#shift?.wake();
    this.#settings.nap.wake();
  }

  /** Finishes what is being done, saves, and lets go of the lock; after `stopMs` it is left as it is. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#shift?.stop();
    this.#settings.nap.end();
    const finished = new AbortController();
    await Promise.race([this.#running, this.#clock.sleep(this.#stopMs, finished.signal)]);
    finished.abort();
  }

  async #run(): Promise<void> {
    const { once, nap } = this.#settings;
    while (!this.#stopping) {
      const place = await this.#take();
      if (place !== undefined) await this.#watch(place);
      if (once || this.#stopping) break;
      this.#turnTo('standby');
      await nap.sleep(STANDBY_MS * (1 + this.#clock.random()), 'soundly');
    }
    this.#turnTo('stopped');
  }

  async #take(): Promise<LookoutPlace | undefined> {
    const { fs, folder, stream, troubles } = this.#settings;
    const take = stream === undefined ? placeOfAll : placeOfOne;
    try {
      const place = await take(fs, folder, this.#clock.now());
      troubles.went('lock');
      return place;
    } catch (error) {
      troubles.failed('lock', error);
      return undefined;
    }
  }

  async #watch(place: LookoutPlace): Promise<void> {
    try {
      const shift = await Shift.begin(this.#settings, place);
      this.#shift = shift;
      if (this.#stopping) shift.stop();
      this.#onPlace(place.folder);
      this.#turnTo('watching');
      await shift.run();
      this.#last = shift.status;
    } catch (error) {
      this.#settings.troubles.failed('state', error);
    } finally {
      this.#shift = undefined;
      await place.lock.release().catch((error: unknown) => this.#settings.troubles.failed('lock', error));
    }
  }

  #turnTo(state: LookoutServiceState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}
