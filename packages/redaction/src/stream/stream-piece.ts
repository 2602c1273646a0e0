import type { Call } from '@sallyport/core';

/** One notification as a piece of a text that comes in several. */
export interface StreamPiece {
  /** Names the stream within its connection and direction. */
  readonly stream: string;
  /** The member of the params that holds the text. */
  readonly member: string;
  /** Empty where this one brings no text, and only keeps its place; undefined for data, which ends the text before it. */
  readonly text: string | undefined;
}

/** The request that asked for these ends, and with it the stream. */
const PROGRESS = 'progress';
const LOG = 'log';
const TASK = 'task';

/** Undefined for what is no text of a stream: it is read by itself. */
export function pieceOf({ kind, method, params }: Call): StreamPiece | undefined {
  if (kind !== 'notification') return undefined;
  switch (method) {
    case 'notifications/progress':
      return piece(progressStream(params['progressToken']), 'message', params['message']);
    case 'notifications/message':
      return piece(nameOf(LOG, params['logger'] ?? ''), 'data', params['data']);
    case 'notifications/tasks/status':
      return piece(nameOf(TASK, params['taskId']), 'statusMessage', params['statusMessage']);
    default:
      return undefined;
  }
}

/** The stream that belongs to a progress token; undefined for what is none. */
export function progressStream(token: unknown): string | undefined {
  return nameOf(PROGRESS, token);
}

export function isLogStream(stream: string): boolean {
  return stream.startsWith(LOG);
}

function piece(stream: string | undefined, member: string, text: unknown): StreamPiece | undefined {
  if (stream === undefined) return undefined;
  return { stream, member, text: typeof text === 'string' ? text : text === undefined ? '' : undefined };
}

/** The number 1 and the text "1" are two tokens. */
function nameOf(kind: string, id: unknown): string | undefined {
  if (typeof id === 'string') return id.length > 256 ? undefined : `${kind} "${id}`;
  return typeof id === 'number' ? `${kind} ${id}` : undefined;
}
