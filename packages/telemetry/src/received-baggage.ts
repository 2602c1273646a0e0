import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
} from '@opentelemetry/api';

/** W3C Baggage, section 3.3: what has to be carried on; we carry no more. */
const MAX_LENGTH = 8192;
const MAX_MEMBERS = 64;
/** A `token` of RFC 9110, section 5.6.2. */
const KEY = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** `baggage-octet`: no control characters, spaces, quotes, commas, semicolons or backslashes. */
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** Of properties behind the value: printable, as they come. */
const PROPERTIES = /^[\x20-\x7e]*$/;

/**
 * Reads a `baggage` (W3C Baggage, section 3.2.1). Undefined when there is none, when it is too long, or when any member is
 * not well-formed: a part of what somebody meant is worth less than nothing.
 */
export function parseBaggage(value: unknown): Baggage | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_LENGTH) return undefined;
  const members = value.split(',', MAX_MEMBERS + 1);
  if (members.length > MAX_MEMBERS) return undefined;
  const entries: Record<string, BaggageEntry> = Object.create(null);
  for (const member of members) {
    const [pair = '', ...properties] = member.split(';');
    const equals = pair.indexOf('=');
    if (equals < 0) return undefined;
    const key = pair.slice(0, equals).trim();
    const decoded = decode(pair.slice(equals + 1).trim());
    const metadata = properties.map((property) => property.trim()).join(';');
    if (!KEY.test(key) || decoded === undefined || !PROPERTIES.test(metadata)) return undefined;
    entries[key] =
      metadata === ''
        ? { value: decoded }
        : { value: decoded, metadata: baggageEntryMetadataFromString(metadata) };
  }
  return propagation.createBaggage(entries);
}

function decode(value: string): string | undefined {
  if (!VALUE.test(value)) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
