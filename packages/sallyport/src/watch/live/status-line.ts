import type { LookoutStatus } from '@sallyport/anomaly';
import { style } from '../../terminal.ts';

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const EVERY_MS = 500;
/** Of a terminal that does not say how wide it is. */
const USUAL = 80;
const CLEAR = '\r\u001B[K';

/** One line at the bottom of a terminal that says how the watch stands; elsewhere nothing is shown. */
export class StatusLine {
  readonly #terminal: Terminal | undefined;
  readonly #now: () => number;
  #before = { records: 0, at: 0 };
  #isShown = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param now milliseconds of a clock that does not jump */
  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal.isTTY === true ? terminal : undefined;
    this.#now = now;
    this.#before.at = now();
  }

  /** Shows it again and again, until `end`. */
  begin(status: () => LookoutStatus): void {
    if (this.#terminal === undefined) return;
    this.#timer = setInterval(() => this.show(status()), EVERY_MS);
  }

  show(status: LookoutStatus): void {
    const terminal = this.#terminal;
    if (terminal === undefined) return;
    const now = this.#now();
    const seconds = Math.max(0.001, (now - this.#before.at) / 1000);
    const rate = Math.max(0, Math.round((status.records - this.#before.records) / seconds));
    this.#before = { records: status.records, at: now };
    const { columns = 0 } = terminal;
    const text = statusText(status, rate).slice(0, (columns > 0 ? columns : USUAL) - 1);
    terminal.write(`${CLEAR}${style.dim(text)}`);
    this.#isShown = true;
  }

  /** Takes it away, so that something else can be written there. */
  clear(): void {
    if (this.#isShown) this.#terminal?.write(CLEAR);
    this.#isShown = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }
}

function statusText(
  { state, records, alerts, journals, caughtUp, pending }: LookoutStatus,
  rate: number,
): string {
  if (state === 'standby') return 'standing by: another process watches';
  const parts = [
    `${caughtUp ? 'watching' : 'reading'} ${counted(journals, 'journal')}`,
    `${counted(records, 'record')} seen, ${rate.toLocaleString('en')}/s`,
    counted(alerts, 'alert'),
    ...(pending === 0 ? [] : [`${pending.toLocaleString('en')} waiting`]),
  ];
  return parts.join('  ');
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
