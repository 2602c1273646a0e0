import { wholeNumber } from '../json-field.ts';
import type { SecretReference } from '../reference.ts';
import { textOf } from '../secret-bytes.ts';
import { SecretError } from '../secret-error.ts';
import type { JsonMembers } from './read-answer.ts';

/**
 * What `#field` names of a secret: a text as it stands; a whole number, `true` or `false` as text. Without
 * `#field`, the only one.
 *
 * @throws SecretError `not_found` when there is no such field; `invalid_value` when it is no value, or one
 *   has to be named
 */
export function fieldOfAnswer(fields: JsonMembers, reference: SecretReference): string {
  const name = reference.field ?? onlyField(fields, reference);
  if (!Object.hasOwn(fields, name)) {
    throw new SecretError('not_found', reference.text, 'the secret has no such field');
  }
  const value = fields[name];
  if (typeof value === 'string') return textOf(value, reference);
  if (typeof value === 'boolean') return textOf(String(value), reference);
  if (typeof value !== 'number') {
    throw invalid(reference, 'the field is neither text, number, true nor false; name one that is');
  }
  return wholeNumber(value, reference);
}

const SHOWN_NAMES = 10;

function onlyField(fields: JsonMembers, reference: SecretReference): string {
  const names = Object.keys(fields);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  if (only === undefined) throw invalid(reference, 'the secret has no fields; store a value in it');
  // A name that is no plain word may be a value in the wrong place.
  const plain = names.filter((name) => /^[A-Za-z][\w.-]{0,39}$/.test(name)).sort();
  const shown = plain.slice(0, SHOWN_NAMES).join(', ');
  const others = names.length - Math.min(plain.length, SHOWN_NAMES);
  throw invalid(
    reference,
    `the secret has ${names.length} fields; name one with #field` +
      (shown === '' ? '' : `: ${shown}${others > 0 ? ` and ${others} more` : ''}`),
  );
}

function invalid(reference: SecretReference, why: string): SecretError {
  return new SecretError('invalid_value', reference.text, why);
}
