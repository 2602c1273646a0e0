import type { Call, Result } from './call.ts';
import { type Beside, Flight, flightOf } from './flight.ts';
import type { Guard } from './guard.ts';
import type { JsonObject } from './json.ts';
import type { Message, NotificationMessage, RequestId, RequestMessage, ResponseMessage } from './message.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import { type Carry, Questions } from './questions.ts';
import { refusalMessage } from './refusal-message.ts';
import { Refusal } from './refusal.ts';

/** One promise for whoever has nothing to wait for. */
const NOTHING: Promise<void> = Promise.resolve();
/** Of one connection and direction; what is in flight is held in memory. */
const MAX_IN_FLIGHT = 1000;
/** Most servers never answer what was cancelled, so this bounds the cancellations of one connection. */
const MAX_OWED = 65_536;
const LATE = 'A gate did not decide in time; the call was refused.';
const NONE: ReadonlyMap<Flight, Promise<void>> = new Map();

export interface LaneOptions {
  readonly direction: Call['direction'];
  readonly guard: Guard;
  /** Takes a message to the far side, which answers requests. */
  readonly forward: Carry;
  /** Takes an answer back to the near side, where requests come from. */
  readonly reply: Carry;
  readonly identify: (beside: Beside) => Principal;
}

/**
 * One direction of a connection: requests and notifications from the near side go through the pipeline to the far
 * side, and answers come back through it. A connection has two lanes, of opposite directions.
 */
export class Lane {
  readonly direction: Call['direction'];
  /** The lane whose notifications travel the way this lane's answers do; set once both exist. */
  opposite: Lane | undefined;
  readonly #guard: Guard;
  readonly #forward: Carry;
  readonly #reply: Carry;
  readonly #identify: (beside: Beside) => Principal;
  readonly #flights = new Map<RequestId, Flight>();
  /**
   * Ids that the far side may still answer although their calls have ended: cancelled, or given up by a layer. A late
   * answer must never meet a new request, so these ids are not free.
   */
  readonly #owed = new Set<RequestId>();
  readonly #questions: Questions;
  /** Notifications that are still with the interceptors, with the promise of their leaving. */
  readonly #notices = new Map<Flight, Promise<void>>();
  #delivering: Flight | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.direction = options.direction;
    this.#guard = options.guard;
    this.#forward = options.forward;
    this.#reply = options.reply;
    this.#identify = options.identify;
    this.#questions = new Questions(options.guard, options.forward);
  }

  /** The principal of a request that is still in flight, for messages that belong to it. */
  principalOf(id: RequestId | undefined): Principal | undefined {
    return id === undefined ? undefined : this.#flights.get(id)?.call.principal;
  }

  /**
   * Takes a request. Outbound, the promise settles when something has left for the far side, or the sender has its
   * refusal; inbound nobody waits for that.
   */
  request(message: RequestMessage, beside: Beside): Promise<void> {
    const refusal = this.#whyNotNow(message.id);
    if (refusal !== undefined) {
      this.#report(refusal);
      return Promise.resolve(this.#reply(refusalMessage(message, refusal), beside));
    }
    const flight = this.#flight(message, beside);
    this.#flights.set(message.id, flight);
    const left = this.direction === 'outbound' ? flight.whenLeft() : NOTHING;
    this.#run(flight);
    return left;
  }

  /**
   * Takes a notification. The promise settles when it has left for the far side, or was refused, and so dropped, or when a
   * layer holds it for what comes next.
   */
  notify(message: NotificationMessage, beside: Beside): Promise<void> {
    if (message.method === 'notifications/cancelled') {
      const target = this.#flights.get(message.params?.['requestId'] as RequestId);
      if (target !== undefined) return this.#cancel(target, message, beside);
    }
    return this.#pass(message, beside);
  }

  /** Takes an answer of the far side. The promise settles as the transport's `send` of the final answer does. */
  respond(message: ResponseMessage, beside: Beside): Promise<void> {
    const id = message.id ?? undefined;
    if (this.#questions.take(message)) return NOTHING;
    if (id !== undefined && this.#owed.delete(id)) return NOTHING;
    const flight = id === undefined ? undefined : this.#flights.get(id);
    if (flight?.stage !== 'handed over') {
      this.#report(new Refusal('invalid_request', 'An answer came that no request waits for; dropped.'));
      return NOTHING;
    }
    flight.stage = 'gate out';
    flight.response = { message, beside };
    if (this.#delivering === flight && isProtocolRejection(message)) {
      flight.passedOn = true;
      const sent = Promise.resolve(this.#reply(message, beside));
      flight.resolve(message);
      return sent;
    }
    const left = flight.whenLeft();
    this.#enterGate(flight);
    flight.resolve(message);
    return left;
  }

  /** The connection is gone: everything in flight ends. */
  close(): void {
    const gone = new Refusal('cancelled', 'The connection closed.');
    for (const flight of this.#everything()) this.#abort(flight, gone);
    this.#questions.close(gone);
  }

  /** The last step of the pipeline. */
  handOver(call: Call): Promise<Result> {
    const flight = flightOf(call);
    if (flight.refusal !== undefined) throw flight.refusal;
    if (flight.stage !== 'gate in') throw Refusal.internal('A call was handed over twice.');
    flight.stage = 'handed over';
    flight.executed = call.params;
    const message =
      call.params === flight.call.params ? flight.message : { ...flight.message, params: call.params };
    return call.kind === 'request'
      ? this.#handOverRequest(flight, message)
      : this.#handOverNotification(flight, message);
  }

  /** See `ask`. @throws Refusal `deadline_exceeded` after the guard's gate timeout */
  ask(call: Call, method: string, params: JsonObject): Promise<Result> {
    return this.#questions.ask(call, flightOf(call).beside, method, params);
  }

  #handOverRequest(flight: Flight, message: Message): Promise<Result> {
    const answer = flight.answer();
    this.#delivering = flight;
    let sent: Promise<void> | void;
    try {
      sent = this.#forward(message, flight.beside);
    } finally {
      this.#delivering = undefined;
    }
    if (this.direction === 'outbound') flight.left(sent);
    sent?.catch((cause: unknown) => {
      // Whoever sent it learns from `send` itself; an answer on top would be one too many.
      flight.passedOn = true;
      flight.reject(new Refusal('unavailable', 'The other side cannot be reached.', { cause }));
    });
    return answer;
  }

  async #handOverNotification(flight: Flight, message: Message): Promise<Result> {
    const sent = this.#forward(message, flight.beside);
    flight.left(sent);
    await sent;
    return { result: {} };
  }

  #flight(message: RequestMessage | NotificationMessage, beside: Beside): Flight {
    const { server } = this.#guard;
    let principal = ANONYMOUS;
    let failure: Refusal | undefined;
    try {
      principal = this.#identify(beside);
    } catch (error) {
      failure = Refusal.from(error);
    }
    const flight = new Flight(this, message, beside, { id: this.#guard.newId(), server, principal });
    // It still goes through the layers, so that it is recorded, but it will not be handed over.
    if (failure !== undefined) flight.abort(failure);
    return flight;
  }

  #run(flight: Flight): void {
    let answer: Promise<Result>;
    try {
      answer = this.#guard.pipeline(flight.call);
    } catch (refusal) {
      this.#finish(flight, Refusal.from(refusal));
      return;
    }
    if (flight.stage === 'gate in') this.#enterGate(flight);
    answer.then(
      (result) => this.#finish(flight, result),
      (refusal: unknown) => this.#finish(flight, Refusal.from(refusal)),
    );
  }

  #pass(message: NotificationMessage, beside: Beside): Promise<void> {
    const flight = this.#flight(message, beside);
    const left = flight.whenLeft();
    this.#run(flight);
    if (flight.stage === 'gate in') {
      // Still with the interceptors: answers that follow it must not overtake it.
      this.#notices.set(flight, left);
      const done = (): boolean => this.#notices.delete(flight);
      left.then(done, done);
      return flight.whenAccepted(left);
    }
    return left;
  }

  async #cancel(target: Flight, message: NotificationMessage, beside: Beside): Promise<void> {
    const cancelled = new Refusal('cancelled', 'The call was cancelled.');
    // Before the far side knows of the call, or after it has answered, there is nothing it could cancel.
    if (target.stage === 'handed over') await this.#pass(message, beside);
    this.#abort(target, cancelled);
  }

  #whyNotNow(id: RequestId): Refusal | undefined {
    if (this.#flights.has(id) || this.#owed.has(id)) {
      return new Refusal('invalid_request', 'A request with this id is, or was, in flight; use a new one.');
    }
    if (this.#flights.size >= MAX_IN_FLIGHT) {
      return new Refusal('rate_limited', 'Too many requests of this connection are in flight.');
    }
    if (this.#owed.size >= MAX_OWED) {
      return new Refusal('unavailable', 'Too many answers are owed on this connection; connect anew.');
    }
    return undefined;
  }

  /** Requests in flight, and notifications that are still with the interceptors. */
  #everything(): Flight[] {
    return [...this.#flights.values(), ...this.#notices.keys()];
  }

  #abort(flight: Flight, refusal: Refusal): void {
    flight.abort(refusal);
    this.#finish(flight, refusal);
  }

  /** One timer for the lane: a timer for each call would be a notable part of what a guarded call costs. */
  #enterGate(flight: Flight): void {
    flight.enteredAt = performance.now();
    if (this.#sweeper === undefined) this.#startSweeper();
  }

  #startSweeper(): void {
    this.#sweeper = setTimeout(() => this.#sweep(), this.#guard.gateTimeoutMs / 4).unref();
  }

  /** Refuses what has been in a gate for too long; at most a quarter of the limit late. */
  #sweep(): void {
    this.#sweeper = undefined;
    const limit = performance.now() - this.#guard.gateTimeoutMs;
    let busy = false;
    for (const flight of this.#everything()) {
      if (flight.stage !== 'gate in' && flight.stage !== 'gate out') continue;
      if (flight.enteredAt > limit) busy = true;
      else this.#abort(flight, new Refusal('deadline_exceeded', LATE));
    }
    if (busy) this.#startSweeper();
  }

  #finish(flight: Flight, outcome: Result | Refusal): void {
    if (flight.stage === 'done') return;
    const { opposite } = this;
    const ahead = flight.stage === 'gate out' && opposite !== undefined ? opposite.#notices : NONE;
    const owed = flight.stage === 'handed over' && !flight.passedOn;
    flight.stage = 'done';
    if (outcome instanceof Refusal && outcome.code === 'internal') this.#report(outcome);
    const { message } = flight;
    if (!('id' in message)) {
      flight.left();
      return;
    }
    this.#flights.delete(message.id);
    if (owed) this.#owed.add(message.id);
    if (flight.passedOn || (outcome instanceof Refusal && outcome.code === 'cancelled')) {
      flight.left();
      return;
    }
    const answer = this.#answerMessage(flight, message, outcome);
    const send = (): Promise<void> | void => this.#reply(answer, flight.response?.beside ?? flight.beside);
    const waiting = flight.awaited;
    const sent = ahead.size > 0 ? Promise.allSettled(ahead.values()).then(send) : send();
    flight.left(sent);
    if (!waiting) sent?.catch((cause: unknown) => this.#report(unsendable(cause)));
  }

  #answerMessage(flight: Flight, request: RequestMessage, outcome: Result | Refusal): ResponseMessage {
    if (outcome instanceof Refusal) return refusalMessage(request, outcome);
    const original = flight.response?.message;
    if ((outcome as unknown) === original && original !== undefined) return original;
    const { id } = request;
    return outcome.error === undefined
      ? { jsonrpc: '2.0', id, result: outcome.result }
      : { jsonrpc: '2.0', id, error: outcome.error };
  }

  #report(refusal: Refusal): void {
    this.#guard.report(refusal, { direction: this.direction, server: this.#guard.server });
  }
}

/**
 * Whether an answer is the protocol layer's own: an error with one of JSON-RPC's reserved codes. Only such an answer may
 * leave in the tick of delivery, past the way out, because SDK v2 derives the HTTP status from that tick.
 */
function isProtocolRejection(message: ResponseMessage): boolean {
  return 'error' in message && message.error.code >= -32768 && message.error.code <= -32000;
}

function unsendable(cause: unknown): Refusal {
  return new Refusal('unavailable', 'An answer could not be sent.', { cause });
}
