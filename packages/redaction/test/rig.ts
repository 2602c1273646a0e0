import { randomBytes } from 'node:crypto';

import { type Call, compose, type JsonObject, Refusal, type Result, Secret } from '@sallyport/core';
import { createDetector, type KeyReader, type Verdict } from '@sallyport/detection';
import { newToken, redact, type RedactOptions, type TokenScope, type TokenVault } from '@sallyport/redaction';

import { someCall } from '../../core/test/some-call.ts';

const HMAC_KEY: Secret = new Secret('0123456789abcdef0123456789abcdef');
export const NOW: number = Date.UTC(2026, 5, 1);

/** A vault that forgets when the test ends, and says what it was asked. */
export class FakeVault implements TokenVault {
  readonly asked: string[] = [];
  broken = false;
  readonly #tokens = new Map<string, string>();
  readonly #values = new Map<string, string>();

  tokensFor(scope: TokenScope, values: Parameters<TokenVault['tokensFor']>[1]): Promise<readonly string[]> {
    this.asked.push(`tokens ${values.length}`);
    if (this.broken) return Promise.reject(new Error('locked'));
    return Promise.resolve(
      values.map(({ entity, value }) => {
        const key = JSON.stringify([scope.tenant, scope.subject, entity, value]);
        const token = this.#tokens.get(key) ?? newToken(entity, randomBytes(12));
        this.#tokens.set(key, token);
        this.#values.set(JSON.stringify([scope.tenant, scope.subject, token]), value);
        return token;
      }),
    );
  }

  valuesOf(scope: TokenScope, tokens: readonly string[]): Promise<readonly (string | undefined)[]> {
    this.asked.push(`values ${tokens.length}`);
    if (this.broken) return Promise.reject(new Error('locked'));
    return Promise.resolve(
      tokens.map((token) => this.#values.get(JSON.stringify([scope.tenant, scope.subject, token]))),
    );
  }

  erase(): Promise<number> {
    return Promise.resolve(0);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A key reader that knows a few keys, wherever they stand. */
export function keysAre(known: Readonly<Record<string, Verdict>>): KeyReader {
  const names = Object.keys(known);
  return {
    start: 0,
    step: (_, key) => names.indexOf(key) + 1,
    verdict: (place) => known[names[place - 1] ?? ''],
    forget: () => undefined,
  };
}

export function is(entity: Uppercase<string>): Verdict {
  return { entity, score: 1, rule: 'test' };
}

export interface Ran {
  /** What the server, or for outbound calls the client, was given. */
  readonly given: JsonObject | undefined;
  readonly call: Call;
  readonly result: Result | undefined;
  readonly refusal: Refusal | undefined;
  /** What came back, as text: a result, an error or a refusal. */
  readonly text: string;
}

/** One call through `redact`, answered by `answer`. */
export async function run(
  options: Partial<RedactOptions>,
  over: Partial<Call> = {},
  answer: Result = { result: { content: [] } },
): Promise<Ran> {
  let given: JsonObject | undefined;
  const pipeline = compose([redact(withDefaults(options))], (call) => {
    given = call.params;
    return Promise.resolve(answer);
  });
  const call = someCall(over);
  try {
    const result = await pipeline(call);
    return { given, call, result, refusal: undefined, text: JSON.stringify(result) };
  } catch (error) {
    const refusal = Refusal.from(error);
    return { given, call, result: undefined, refusal, text: JSON.stringify(refusal.toRpcError()) };
  }
}

/** What comes out where the server answers a tool call with this. */
export async function deliver(options: Partial<RedactOptions>, result: JsonObject): Promise<JsonObject> {
  const ran = await run(options, {}, { result });
  if (ran.result?.result === undefined) throw ran.refusal ?? new Error('an error was answered');
  return ran.result.result;
}

export function withDefaults(options: Partial<RedactOptions>): RedactOptions {
  return {
    detector: DETECTOR,
    rules: [{ direction: 'both', entities: '*', operator: 'label' }],
    hmacKey: HMAC_KEY,
    clock: () => NOW,
    ...options,
  };
}

export const DETECTOR = createDetector({
  entities: ['EMAIL', 'SSN', 'CREDIT_CARD', 'PHONE', 'DATE', 'DOB', 'ZIP', 'IPV4', 'URL'],
});
