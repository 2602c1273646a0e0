import { isToken } from '../value-shape.ts';

/**
 * Ids and references that say nothing of their own stay, so that the resources of a bundle still find each other. A
 * query (`Patient?identifier=...`), an address or a dashed number in it is text, and so is any that is long.
 */
export function isOpaque(value: unknown): boolean {
  if (typeof value !== 'string')
    return Array.isArray(value) && value.every((item) => typeof item === 'string' && isOpaque(item));
  if (isUuid(value)) return true;
  return value.length <= 400 && !value.includes('?') && isToken(value);
}

const DASH = 45;
const COLON = 58;

/** 36 characters, or `urn:uuid:` and 36: by far the most, so they are told by their length and two of their dashes. */
function isUuid(value: string): boolean {
  switch (value.length) {
    case 36:
      return value.charCodeAt(8) === DASH && value.charCodeAt(23) === DASH;
    case 45:
      return value.charCodeAt(8) === COLON && value.charCodeAt(17) === DASH && value.charCodeAt(32) === DASH;
    default:
      return false;
  }
}
