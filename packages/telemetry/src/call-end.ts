import { Refusal, REFUSAL_CODES, type Result } from '@sallyport/core';
import { TOOL_ERROR } from './conventions.ts';
import { errorCodeLabel } from './known-words.ts';

/** How a call ended, in words that are few. */
export interface CallEnd {
  readonly status: 'ok' | 'error' | 'refused';
  /** `error.type`: a refusal code, `tool_error`, or the JSON-RPC code of an error as text. */
  readonly errorType: string | undefined;
  /** `rpc.response.status_code`. */
  readonly statusCode: string | undefined;
}

const OK: CallEnd = { status: 'ok', errorType: undefined, statusCode: undefined };
const FAILED_TOOL: CallEnd = { status: 'error', errorType: TOOL_ERROR, statusCode: undefined };

export function answeredWith(answer: Result): CallEnd {
  if (answer.error !== undefined) {
    const code = errorCodeLabel(answer.error.code);
    return { status: 'error', errorType: code, statusCode: code };
  }
  return answer.result['isError'] === true ? FAILED_TOOL : OK;
}

export function refusedWith(thrown: unknown): CallEnd {
  const { code } = Refusal.from(thrown);
  return { status: 'refused', errorType: code, statusCode: String(REFUSAL_CODES[code]) };
}
