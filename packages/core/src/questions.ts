import type { Call, Result } from './call.ts';
import type { Beside } from './flight.ts';
import type { Guard } from './guard.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { Message, RequestId, ResponseMessage } from './message.ts';
import { Refusal } from './refusal.ts';

/** Takes a message to one side of a connection. */
export type Carry = (message: Message, beside: Beside) => Promise<void> | void;

/** What the guard itself asks the far side of a lane, past the pipeline, and its answers. */
export class Questions {
  readonly #guard: Guard;
  readonly #forward: Carry;
  readonly #open = new Map<RequestId, (answer: Result | Refusal) => void>();

  constructor(guard: Guard, forward: Carry) {
    this.#guard = guard;
    this.#forward = forward;
  }

  /** @throws Refusal `deadline_exceeded` after the guard's gate timeout, `unavailable` when it cannot be sent */
  async ask(call: Call, beside: Beside, method: string, params: JsonObject): Promise<Result> {
    const id = `sallyport-${this.#guard.newId()}`;
    const answer = await new Promise<Result | Refusal>((resolve) => {
      const late = new Refusal(
        'deadline_exceeded',
        'The server did not answer a question of the guard in time.',
      );
      const timer = setTimeout(resolve, this.#guard.gateTimeoutMs, late);
      this.#open.set(id, (given) => {
        clearTimeout(timer);
        resolve(given);
      });
      const fail = (cause: unknown): void =>
        this.#open.get(id)?.(
          new Refusal('unavailable', 'A question of the guard could not be sent.', { cause }),
        );
      try {
        this.#forward({ jsonrpc: '2.0', id, method, params: withEnvelopeOf(call, params) }, beside)?.catch(
          fail,
        );
      } catch (error) {
        fail(error);
      }
    });
    this.#open.delete(id);
    if (answer instanceof Refusal) throw answer;
    return answer;
  }

  /** Takes an answer of the far side; false when it answers none of these questions. */
  take(message: ResponseMessage): boolean {
    const question = this.#open.get(message.id ?? '');
    question?.(message);
    return question !== undefined;
  }

  /** The connection is gone: nothing will be answered any more. */
  close(refusal: Refusal): void {
    for (const question of this.#open.values()) question(refusal);
  }
}

/** A question of our own belongs to the same protocol era as the call for which it is asked. */
function withEnvelopeOf(call: Call, params: JsonObject): JsonObject {
  const meta = call.params['_meta'];
  if (!isJsonObject(meta)) return params;
  const envelope = Object.entries(meta).filter(([key]) => key.startsWith('io.modelcontextprotocol/'));
  return envelope.length === 0 ? params : { ...params, _meta: Object.fromEntries(envelope) };
}
