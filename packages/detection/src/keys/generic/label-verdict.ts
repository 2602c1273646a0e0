import { verdictOf } from '../place.ts';
import { isNameLike } from '../value-shape.ts';
import { VERDICT } from '../verdicts.ts';
import { ageVerdict } from './age-verdict.ts';
import { birthVerdict, calendarVerdict, dateVerdict } from './date-verdict.ts';
import { pinVerdict, recordNumberVerdict, trackVerdict } from './digits-verdict.ts';
import { addressVerdict, ipVerdict } from './address-verdict.ts';
import { type ClassifyKey, isEntity } from './key-class.ts';
import type { Look } from './look.ts';

type Container = Readonly<Record<string, unknown>>;

/** An answer that says nothing of anybody, whatever was asked. */
const NO_ANSWER = /^\s*(?:yes|no|y|n|true|false|none|unknown|n\/?a|not applicable|refused|declined)\s*$/i;
/** One of a person's names, where no object around it says so: `{ "name": "family", "value": ... }`. */
const NAME_PART = /^(?:family|given|maiden|last|first|middle)$/i;

/** What the value is asked for besides the label. */
const ASKED: Partial<Record<Look, (container: Container, value: unknown) => number>> = {
  age: ageVerdict,
  city: () => VERDICT.city,
  'full-name': () => VERDICT.person,
  ip: (_container, value) => ipVerdict(value),
  address: (_container, value) => addressVerdict(value),
  role: (_container, value) => VERDICT[isNameLike(value) ? 'person-likely' : 'text'],
  date: (_container, value) => dateVerdict(value),
  calendar: (_container, value) => calendarVerdict(value),
  birth: (_container, value) => birthVerdict(value),
  'record-number': (_container, value) => recordNumberVerdict(value),
  pin: pinVerdict,
  track: (_container, value) => trackVerdict(value),
};

/**
 * What a label beside a value says of it: `{ "name": "mrn", "value": ... }`, `{ "text": "Last name", "answer": ... }`.
 * @param container where the label stands
 */
export function labelVerdict(
  label: string,
  container: Container,
  value: unknown,
  classify: ClassifyKey,
): number {
  const found = classify(label);
  if (typeof value === 'string' && value.length <= 20 && NO_ANSWER.test(value)) return VERDICT.text;
  if (found.look === 'name-part')
    return typeof value === 'string' && NAME_PART.test(label) ? VERDICT.person : VERDICT.text;
  const asked = ASKED[found.look];
  if (asked !== undefined) return asked(container, value);
  const isSaid = isEntity(found) && (found.look === 'nothing' || found.look === 'facility');
  return isSaid ? verdictOf(found.place) : VERDICT.text;
}
