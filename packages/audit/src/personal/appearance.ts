import type { AttemptRecord, Digest, OutcomeRecord } from '../audit-record.ts';
import { sha256 } from '../sha256.ts';
import { isKnownMethod } from './method-words.ts';

/** The values of a call as JSON (`JSON.stringify`). */
export interface CallValues {
  /** What was named, in full, when it is a URI. Not JSON. */
  readonly uri?: string | undefined;
  readonly arguments?: string | undefined;
  readonly executed?: string | undefined;
  readonly result?: string | undefined;
}

/** How people and values appear in the records of one call. */
export interface Appearance {
  /** A target as it may be shown; undefined for none. */
  target(named: string, isUri: boolean): string | undefined;
  /** The record with people as they may be shown, and with the values; it may be the same object. */
  finish<R extends AttemptRecord | OutcomeRecord>(record: R, values: CallValues): R;
}

/** Everybody by name, and values as their SHA-256. */
export const OPEN: Appearance = {
  target: (named) => named,
  finish: (record, values) => {
    // Every record comes this way: it is added to, and not copied.
    const digests = record as { arguments?: Digest; executed?: Digest; result?: Digest };
    if (values.arguments !== undefined) digests.arguments = sha256Of(values.arguments);
    if (values.executed !== undefined) digests.executed = sha256Of(values.executed);
    if (values.result !== undefined) digests.result = sha256Of(values.result);
    return record;
  },
};

/** For the refusal of a call whose people could not be given pseudonyms: nobody is named, and nothing that may name somebody. */
export const NAMELESS: Appearance = {
  target: () => undefined,
  finish: (record) => {
    const { decision: _, ...rest } = record as OutcomeRecord;
    const { method } = record.principal;
    return {
      ...(rest as typeof record),
      method: isKnownMethod(record.method) ? record.method : 'unknown',
      principal: { subject: 'subject:unknown', roles: [], method },
    };
  },
};

export function digestsOf(
  values: CallValues,
  digestOf: (json: string) => Digest,
): { readonly arguments?: Digest; readonly executed?: Digest; readonly result?: Digest } {
  const { arguments: received, executed, result } = values;
  return {
    ...(received !== undefined && { arguments: digestOf(received) }),
    ...(executed !== undefined && { executed: digestOf(executed) }),
    ...(result !== undefined && { result: digestOf(result) }),
  };
}

export function sha256Of(json: string): Digest {
  return { sha256: sha256(json), bytes: Buffer.byteLength(json) };
}
