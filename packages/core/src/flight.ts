import type { Call, Result } from './call.ts';
import type { JsonObject } from './json.ts';
import type { Lane } from './lane.ts';
import type { NotificationMessage, RequestMessage, ResponseMessage } from './message.ts';
import type { Principal } from './principal.ts';
import { Refusal } from './refusal.ts';
import type { Evidence, Trail } from './trail.ts';
import type { SendOptions } from './transport.ts';

/** What a transport passed beside a message; opaque, and handed on untouched. */
export interface Beside {
  readonly extra?: unknown;
  readonly options?: SendOptions | undefined;
}

interface Waiter {
  resolve(value: Promise<void> | void): void;
  reject(error: unknown): void;
}

/**
 * One call between two gates. It is the trail that interceptors see, and carries privately what its lane needs to hand
 * the call over and its answer back; that is how one pipeline, composed at start-up, serves every connection.
 */
export class Flight implements Trail {
  readonly entries: Evidence[] = [];
  readonly call: Call;
  readonly message: RequestMessage | NotificationMessage;
  readonly beside: Beside;
  readonly lane: Lane;
  executed: JsonObject | undefined;

  stage: 'gate in' | 'handed over' | 'gate out' | 'done' = 'gate in';
  /** The other side's answer as it came, with what its transport passed beside it. */
  response: { readonly message: ResponseMessage; readonly beside: Beside } | undefined;
  /** The answer was a protocol rejection and left in the tick of delivery; nothing more is sent. */
  passedOn = false;
  /** When the flight entered the gate that it is in, in milliseconds of `performance.now`. */
  enteredAt = 0;
  // Made when a layer first looks at the signal: most never do, and it costs more than all else here together.
  #controller: AbortController | undefined;
  #refusal: Refusal | undefined;
  #answer: { resolve(result: Result): void; reject(refusal: Refusal): void } | undefined;
  #waiter: Waiter | undefined;
  #accepted = false;
  #accept: (() => void) | undefined;

  constructor(
    lane: Lane,
    message: RequestMessage | NotificationMessage,
    beside: Beside,
    identity: { readonly id: string; readonly server: string; readonly principal: Principal },
  ) {
    this.lane = lane;
    this.message = message;
    this.beside = beside;
    const signal = (): AbortSignal => this.#signal();
    this.call = {
      id: identity.id,
      direction: lane.direction,
      kind: 'id' in message ? 'request' : 'notification',
      server: identity.server,
      method: message.method,
      params: message.params ?? {},
      principal: identity.principal,
      trail: this,
      // An own property, so that copies have it.
      get signal() {
        return signal();
      },
    };
  }

  add(evidence: Evidence): void {
    this.entries.push(evidence);
  }

  /** The other side's answer, when it comes; rejects when the flight is aborted first. */
  answer(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  /** The other side has answered: the way out begins. */
  resolve(result: Result): void {
    this.#answer?.resolve(result);
  }

  /** The other side cannot be reached, or the flight was aborted. */
  reject(refusal: Refusal): void {
    this.#answer?.reject(refusal);
  }

  /** Ends the flight from outside; interceptors learn of it through `call.signal`. */
  abort(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#controller?.abort(refusal);
    this.reject(refusal);
  }

  /** Why the flight was aborted; undefined while it was not. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  #signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#refusal !== undefined) this.#controller.abort(this.#refusal);
    }
    return this.#controller.signal;
  }

  /** Settles as the transport's own `send` of what finally leaves does; for whoever called `send` on this side. */
  whenLeft(): Promise<void> {
    if (this.stage === 'done') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  /** Something left for good, or nothing will. */
  left(sent: Promise<void> | void): void {
    this.#waiter?.resolve(sent);
    this.#waiter = undefined;
  }

  /** What the sender of a notification waits for: that it left, or that a layer holds it and takes what comes next. */
  whenAccepted(left: Promise<void>): Promise<void> {
    if (this.#accepted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#accept = resolve;
      left.then(resolve, reject);
    });
  }

  accept(): void {
    this.#accepted = true;
    this.#accept?.();
  }

  get awaited(): boolean {
    return this.#waiter !== undefined;
  }
}

/** The last step of every pipeline: hands the call to the other side and waits for the answer. */
export function handOver(call: Call): Promise<Result> {
  return flightOf(call).lane.handOver(call);
}

/**
 * Asks the side that would receive `call` a question of the guard's own, past the pipeline: how an interceptor learns
 * tool definitions before it lets a call through.
 */
export function ask(call: Call, method: string, params: JsonObject): Promise<Result> {
  return flightOf(call).lane.ask(call, method, params);
}

/**
 * Lets whoever sent a notification send the next one, although a layer still holds this one: for layers that need to see
 * what follows. Answers that come after it still wait until it has left.
 */
export function accept({ trail }: Call): void {
  if (trail instanceof Flight) trail.accept();
}

/** What all calls of one connection and direction have in common; undefined for a call that no guard made. */
export function wayOf({ trail }: Call): object | undefined {
  return trail instanceof Flight ? trail.lane : undefined;
}

/** The same for the other direction: the way of answers, and of notifications about a request. */
export function wayBackOf({ trail }: Call): object | undefined {
  return trail instanceof Flight ? trail.lane.opposite : undefined;
}

/** @throws Refusal `internal` for a call that no guard made */
export function flightOf(call: Call): Flight {
  if (!(call.trail instanceof Flight)) {
    throw Refusal.internal('A call lost its trail: pass copies of the call on.');
  }
  return call.trail;
}
