/** What a `traceparent` says: the caller's span. */
export interface TraceParent {
  /** 32 hexadecimal digits in lower case, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits in lower case, not all zero. */
  readonly spanId: string;
  /** Only the flags that Trace Context level 2 defines: sampled (1) and random trace id (2). */
  readonly traceFlags: number;
}

const LENGTH = 55;
/** Version, trace id, parent id and flags, and what a later version says behind a dash. */
const SHAPE = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:$|-)/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);
/** A later version may say more behind that; we do not read so much of it. */
const MAX_LENGTH = 512;
const KNOWN_FLAGS = 0b11;

/**
 * Reads a `traceparent` (W3C Trace Context level 2, section 2.2.2 and 3.2.2): version 00 as it is defined, and of a later
 * version what version 00 defines. Undefined for anything else, whatever its type and length.
 */
export function parseTraceParent(value: unknown): TraceParent | undefined {
  if (typeof value !== 'string' || value.length < LENGTH || value.length > MAX_LENGTH) return undefined;
  if (!SHAPE.test(value)) return undefined;
  const version = value.slice(0, 2);
  if (version === 'ff') return undefined;
  if (version === '00' && value.length > LENGTH) return undefined;
  const traceId = value.slice(3, 35);
  const spanId = value.slice(36, 52);
  if (traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(value.slice(53, 55), 16) & KNOWN_FLAGS };
}

/** Writes version 00. */
export function formatTraceParent({ traceId, spanId, traceFlags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${(traceFlags & KNOWN_FLAGS).toString(16)}`;
}
