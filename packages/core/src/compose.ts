import type { Call, Next, Result } from './call.ts';
import type { Interceptor } from './interceptor.ts';
import { isJsonObject } from './json.ts';
import { Refusal } from './refusal.ts';

/**
 * Folds interceptors around `last`, once, at start-up; the first is the outermost. Always on, in production too: names
 * are unique, `next` may be called once, an answer may not come before `next` has settled, and must be a `Result`.
 * An interceptor that throws before its first `await` without being `async` refuses in the same tick.
 *
 * @throws TypeError when two interceptors share a name
 */
export function compose(interceptors: readonly Interceptor[], last: Next): Next {
  const names = new Set<string>();
  for (const { name } of interceptors) {
    if (names.has(name)) {
      throw new TypeError(`Two interceptors are named "${name}"; give each a name of its own.`);
    }
    names.add(name);
  }
  return interceptors.reduceRight<Next>((next, interceptor) => enclose(interceptor, next), last);
}

function enclose(interceptor: Interceptor, next: Next): Next {
  return (call) => {
    const passage = new Passage(interceptor.name, call, next);
    const answer: unknown = interceptor.intercept(call, passage.next);
    if (!isThenable(answer)) {
      throw Refusal.internal(`Interceptor "${interceptor.name}" did not return a promise.`);
    }
    return answer.then(passage.check);
  };
}

function isThenable(value: unknown): value is Promise<unknown> {
  return isJsonObject(value) && typeof value['then'] === 'function';
}

/** One interceptor's use of `next` for one call. */
class Passage {
  readonly #name: string;
  readonly #call: Call;
  readonly #inner: Next;
  #state: 'unused' | 'waiting' | 'settled' | 'broken' = 'unused';

  constructor(name: string, call: Call, inner: Next) {
    this.#name = name;
    this.#call = call;
    this.#inner = inner;
  }

  readonly next: Next = (call: Call) => {
    if (this.#state !== 'unused') {
      this.#state = 'broken';
      throw Refusal.internal(`Interceptor "${this.#name}" called next twice.`);
    }
    if (!isCopyOf(call, this.#call)) {
      this.#state = 'broken';
      throw Refusal.internal(`Interceptor "${this.#name}" passed on another call than it was given.`);
    }
    this.#state = 'waiting';
    let answer: Promise<Result>;
    try {
      answer = this.#inner(call);
    } catch (refusal) {
      this.#settle();
      throw refusal;
    }
    return answer.then(
      (result) => {
        this.#settle();
        return result;
      },
      (refusal: unknown) => {
        this.#settle();
        throw refusal;
      },
    );
  };

  readonly check = (answer: unknown): Result => {
    if (this.#state === 'broken') {
      throw Refusal.internal(`Interceptor "${this.#name}" answered after it had misused next.`);
    }
    if (this.#state === 'waiting') {
      throw Refusal.internal(`Interceptor "${this.#name}" answered before next had settled.`);
    }
    if (!isResult(answer)) {
      throw Refusal.internal(`Interceptor "${this.#name}" answered with something that is no result.`);
    }
    return answer;
  };

  #settle(): void {
    if (this.#state === 'waiting') this.#state = 'settled';
  }
}

/** A layer may change the params, and who is calling; everything else was decided on, or says where the answer goes. */
function isCopyOf(copy: Call, original: Call): boolean {
  return (
    copy === original ||
    (copy.method === original.method &&
      copy.trail === original.trail &&
      copy.signal === original.signal &&
      copy.id === original.id &&
      copy.server === original.server &&
      copy.direction === original.direction &&
      copy.kind === original.kind &&
      isJsonObject(copy.params))
  );
}

function isResult(value: unknown): value is Result {
  if (!isJsonObject(value)) return false;
  const { result, error } = value;
  if (error === undefined) return isJsonObject(result);
  return result === undefined && isJsonObject(error) && typeof error['code'] === 'number';
}
