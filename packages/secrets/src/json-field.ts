import type { SecretReference } from './reference.ts';
import { textOf } from './secret-bytes.ts';
import { SecretError } from './secret-error.ts';

/**
 * The member that `#field` names of a value that is a JSON object: a string as it stands; a whole number,
 * `true` or `false` as text. The value itself for a reference without a field.
 *
 * @throws SecretError `not_found` when there is no such member; `invalid_value` when the value is no JSON
 * object, or the member is empty, null, an object, an array, or a number that is no safe integer
 */
export function fieldOf(text: string, reference: SecretReference): string {
  const { field } = reference;
  if (field === undefined) return text;
  const members = membersOf(text, reference);
  if (!Object.hasOwn(members, field)) {
    throw new SecretError('not_found', reference.text, 'the JSON value has no such field');
  }
  const member = members[field];
  if (typeof member === 'string') return textOf(member, reference);
  if (typeof member === 'boolean') return textOf(String(member), reference);
  if (typeof member !== 'number') {
    throw invalid(reference, 'the field is neither text, number, true nor false; name one that is');
  }
  return wholeNumber(member, reference);
}

/**
 * The text of a number from JSON. Of any other than a safe integer, JSON.parse may have dropped digits: of
 * 0.12345678901234567890 the last ones, of 1.10 the zero.
 *
 * @throws SecretError `invalid_value`
 */
export function wholeNumber(value: number, reference: SecretReference): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  throw invalid(reference, 'the field is a number that may lose digits; store it as text, in quotes');
}

/**
 * What a reference names in a store that keeps one document under each name: the document, or the member
 * `#field` of it.
 *
 * @throws SecretError as `textOf` and `fieldOf` do
 */
export function valueIn(found: Uint8Array | string, reference: SecretReference): string {
  if (reference.field === undefined) return textOf(found, reference);
  // With a field, ?encoding=base64 is about the member.
  return fieldOf(textOf(found, { ...reference, encoding: 'utf8' }), reference);
}

function membersOf(text: string, reference: SecretReference): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    // The parser's own message quotes the text.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(reference, 'is no JSON object, so it has no fields; leave out "#"');
  }
  return value as Readonly<Record<string, unknown>>;
}

function invalid(reference: SecretReference, why: string): SecretError {
  return new SecretError('invalid_value', reference.text, why);
}
