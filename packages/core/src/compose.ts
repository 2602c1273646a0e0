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
    try {
      return passage.leave(interceptor.intercept(call, passage.next));
    } catch (refusal) {
      passage.abandon();
      throw refusal;
    }
  };
}

/**
 * One interceptor's use of `next` for one call. The usual layer returns what `next` gave it, or the promise of an async
 * function; the first case, on the path of every call, costs no promise.
 */
class Passage {
  readonly #name: string;
  readonly #call: Call;
  readonly #inner: Next;
  #used = false;
  #misused: string | undefined;
  #answer: Promise<Result> | undefined;
  #settled = false;
  #returned = false;

  constructor(name: string, call: Call, inner: Next) {
    this.#name = name;
    this.#call = call;
    this.#inner = inner;
  }

  readonly next: Next = (call: Call) => {
    if (this.#used) this.#misuse('called next twice');
    this.#used = true;
    if (!isCopyOf(call, this.#call)) this.#misuse('passed on another call than it was given');
    this.#answer = this.#inner(call);
    if (this.#returned) this.#watch(this.#answer);
    return this.#answer;
  };

  /** Takes what `intercept` returned. */
  leave(answer: unknown): Promise<Result> {
    this.#returned = true;
    if (this.#misused === undefined && answer !== undefined && answer === this.#answer) return this.#answer;
    if (!isThenable(answer)) throw Refusal.internal(`Interceptor "${this.#name}" did not return a promise.`);
    if (this.#answer !== undefined) this.#watch(this.#answer);
    return answer.then((value) => this.#check(value));
  }

  /** The interceptor gave up after it had called `next`: whatever comes of that is nobody's any more. */
  abandon(): void {
    this.#answer?.catch(() => undefined);
  }

  #check(answer: unknown): Result {
    if (this.#misused !== undefined) throw Refusal.internal(this.#misused);
    if (this.#answer !== undefined && !this.#settled) {
      throw Refusal.internal(`Interceptor "${this.#name}" answered before next had settled.`);
    }
    if (!isResult(answer)) {
      throw Refusal.internal(`Interceptor "${this.#name}" answered with something that is no result.`);
    }
    return answer;
  }

  /** Runs before anything that waits for the same answer later than this, and so before `#check`. */
  #watch(answer: Promise<Result>): void {
    const settle = (): void => {
      this.#settled = true;
    };
    answer.then(settle, settle);
  }

  #misuse(what: string): never {
    // Kept as well as thrown: an interceptor that swallows this is refused when it answers.
    this.#misused = `Interceptor "${this.#name}" ${what}.`;
    throw Refusal.internal(this.#misused);
  }
}

function isThenable(value: unknown): value is Promise<unknown> {
  return isJsonObject(value) && typeof value['then'] === 'function';
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
