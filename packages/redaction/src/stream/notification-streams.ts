import { accept, type Call, Refusal, type Result, wayBackOf, wayOf } from '@sallyport/core';

import { isLogStream, progressStream, type StreamPiece } from './stream-piece.ts';
import type { StreamReader } from './stream-reader.ts';
import { type StreamEdit, TextStream } from './text-stream.ts';

/** Does something later, once, unless the function that it returned was called. */
export type After = (ms: number, action: () => void) => () => void;

export interface StreamOptions {
  readonly reader: StreamReader;
  /** How long a text waits for what may belong to it; 0 holds nothing back. */
  readonly holdMs: number;
  readonly after: After;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** How a notification goes on: it is rewritten, and then handed to the next layer. */
export interface Delivery<T> {
  readonly rewrite: (edits: readonly StreamEdit[]) => T | Promise<T>;
  readonly proceed: (rewritten: T) => Promise<Result>;
}

interface Held {
  readonly units: number;
  leave(edits: readonly StreamEdit[]): void;
  readonly stopTimer: () => void;
}

interface Stream {
  readonly texts: TextStream;
  readonly held: Held[];
  heldUnits: number;
  /** Settles when the one before has been handed to the next layer; undefined while none is on its way. */
  turn: Promise<void> | undefined;
  lastAt: number;
  /** How many in a row were held for nothing, and how many go at once before one is held again. */
  misses: number;
  skips: number;
  ended: boolean;
}

const MOST_STREAMS = 256;
const MOST_HELD = 64;
const MOST_UNITS = 65_536;
/** Of all connections together. */
const MOST_HELD_OF_ALL = 1024;
const MOST_UNITS_OF_ALL = 4 * 1024 * 1024;
const SKIPS = 4;
const MOST_SKIPS = 64;
/** What comes later is another text. */
const PAUSE_MS = 10_000;
const NO_EDITS: readonly StreamEdit[] = Object.freeze([]);

/**
 * Joins the texts of notifications that are one stream. One whose end may go on waits, whole, for the next one of its
 * stream, the end of its request, or `holdMs`; others pass at once, and each stream keeps its order.
 *
 * Nothing can wait for ever: a notification waits for a timer, and for the ones before it, of which each waits for a
 * timer and a vault with a time limit. Over a bound, the eldest goes, read with what there is of the others.
 */
export class NotificationStreams {
  readonly #options: StreamOptions;
  readonly #lanes = new WeakMap<object, Map<string, Stream>>();
  #held = 0;
  #units = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Takes a notification; the promise settles as what `proceed` answers. */
  pass<T>(call: Call, piece: StreamPiece, delivery: Delivery<T>): Promise<Result> {
    const stream = this.#streamFor(call, piece.stream);
    if (stream === undefined) return inOrder(undefined, delivery, NO_EDITS).answer;
    const { text } = piece;
    if (text === undefined || text.length > MOST_UNITS) {
      // Data, or as long as that: no piece of a stream of words.
      this.#release(stream, stream.held.length);
      stream.texts.forget();
      return this.#deliver(stream, delivery, NO_EDITS);
    }
    const { length } = text;
    const earlier = stream.held.length;
    if (earlier > 0) {
      stream.misses = 0;
      stream.skips = 0;
    } else if (length === 0) return this.#deliver(stream, delivery, NO_EDITS);
    if (stream.texts.beginsWith(text)) {
      this.#release(stream, earlier);
      stream.texts.forget();
    }
    const ready = stream.texts.add(text) + earlier - stream.held.length;
    this.#release(stream, Math.min(ready, earlier));
    if (ready > earlier || !this.#mayHold(stream, length)) {
      this.#release(stream, stream.held.length);
      return this.#deliver(stream, delivery, stream.texts.take());
    }
    return new Promise((resolve) => {
      this.#hold(stream, length, (edits) => resolve(this.#deliver(stream, delivery, edits)));
      // Many servers send the next one only when this one has left.
      accept(call);
    });
  }

  /** A request has its answer: what is held for it goes before that, and so do the logs of its connection. */
  end(call: Call, progressToken: unknown): void {
    const back = wayBackOf(call);
    const streams = back === undefined ? undefined : this.#lanes.get(back);
    if (streams === undefined) return;
    const own = progressStream(progressToken);
    const now = this.#options.clock();
    for (const [name, stream] of streams) {
      if (name !== own && !isLogStream(name)) continue;
      this.#release(stream, stream.held.length);
      if (name !== own && now - stream.lastAt < PAUSE_MS) continue;
      stream.ended = true;
      if (stream.turn === undefined) streams.delete(name);
    }
  }

  #hold(stream: Stream, units: number, leave: Held['leave']): void {
    const held: Held = {
      units,
      leave,
      stopTimer: this.#options.after(this.#options.holdMs, () => {
        if (stream.held.length === 1) {
          stream.misses += 1;
          stream.skips = Math.min(SKIPS ** stream.misses, MOST_SKIPS);
        }
        this.#release(stream, stream.held.indexOf(held) + 1);
      }),
    };
    stream.held.push(held);
    stream.heldUnits += units;
    this.#held += 1;
    this.#units += units;
    while (stream.held.length > MOST_HELD || stream.heldUnits > MOST_UNITS) this.#release(stream, 1);
  }

  /** The first ones go. */
  #release(stream: Stream, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const held = stream.held.shift();
      if (held === undefined) return;
      stream.heldUnits -= held.units;
      this.#held -= 1;
      this.#units -= held.units;
      held.stopTimer();
      held.leave(stream.texts.take());
    }
  }

  #deliver<T>(stream: Stream, delivery: Delivery<T>, edits: readonly StreamEdit[]): Promise<Result> {
    const { answer, handed } = inOrder(stream.turn, delivery, edits);
    if (handed === undefined) return answer;
    const turn = handed.finally(() => {
      if (stream.turn === turn) stream.turn = undefined;
    });
    stream.turn = turn;
    return answer;
  }

  /** Whoever sends the next one only when this one has left makes every wait one for nothing: those get rarer. */
  #mayHold(stream: Stream, units: number): boolean {
    if (this.#options.holdMs === 0 || stream.ended) return false;
    if (this.#held >= MOST_HELD_OF_ALL || this.#units + units > MOST_UNITS_OF_ALL) return false;
    if (stream.skips === 0) return true;
    stream.skips -= 1;
    return false;
  }

  #streamFor(call: Call, name: string): Stream | undefined {
    const lane = wayOf(call);
    if (lane === undefined) return undefined;
    let streams = this.#lanes.get(lane);
    if (streams === undefined) this.#lanes.set(lane, (streams = new Map()));
    const now = this.#options.clock();
    const known = streams.get(name);
    if (known !== undefined) {
      if (now - known.lastAt >= PAUSE_MS && known.held.length === 0) known.texts.forget();
      known.lastAt = now;
      return known;
    }
    if (streams.size >= MOST_STREAMS && !dropOne(streams)) return undefined;
    const stream: Stream = {
      texts: new TextStream(this.#options.reader),
      held: [],
      heldUnits: 0,
      turn: undefined,
      lastAt: now,
      misses: 0,
      skips: 0,
      ended: false,
    };
    streams.set(name, stream);
    return stream;
  }
}

interface OnItsWay {
  readonly answer: Promise<Result>;
  /** Settles when the next layer has it; undefined where it has it already. Never rejects. */
  readonly handed: Promise<void> | undefined;
}

/** Rewrites at once, also while others are on their way, and hands over after them. Never throws: a timer calls it. */
function inOrder<T>(
  turn: Promise<void> | undefined,
  { rewrite, proceed }: Delivery<T>,
  edits: readonly StreamEdit[],
): OnItsWay {
  try {
    const rewritten = rewrite(edits);
    if (turn === undefined && !(rewritten instanceof Promise)) {
      return { answer: proceed(rewritten), handed: undefined };
    }
    const both = Promise.all([rewritten, turn]).then(([value]) => value);
    return { answer: both.then(proceed), handed: both.then(nothing, nothing) };
  } catch (refusal) {
    return { answer: Promise.reject(Refusal.from(refusal)), handed: undefined };
  }
}

function nothing(): void {
  // What came of it is for whoever has the answer.
}

/** Makes room by forgetting a stream that nothing waits in, the eldest first. */
function dropOne(streams: Map<string, Stream>): boolean {
  for (const [name, { held, turn }] of streams) {
    if (held.length > 0 || turn !== undefined) continue;
    streams.delete(name);
    return true;
  }
  return false;
}
