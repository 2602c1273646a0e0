import { contextOf, placeOf, verdictOf } from '../place.ts';
import { isCodeLike, isNameLike, isOver89 } from '../value-shape.ts';
import { VERDICT } from '../verdicts.ts';
import { addressVerdict, ipVerdict } from './address-verdict.ts';
import { ageVerdict } from './age-verdict.ts';
import { birthVerdict, calendarVerdict, dateVerdict } from './date-verdict.ts';
import { pinVerdict, recordNumberVerdict, trackVerdict } from './digits-verdict.ts';
import { isPerson, isPersonContext } from './evidence.ts';
import type { ClassifyKey, KeyClass } from './key-class.ts';
import { labelVerdict } from './label-verdict.ts';
import { CONTEXT, EVIDENCE } from './look.ts';

type Container = Readonly<Record<string, unknown>>;

/** What a key says that is not judged alone: it depends on the object around it, on the members beside it, on the value. */
export function lookAround(
  found: KeyClass,
  place: number,
  key: string,
  container: Container,
  value: unknown,
  evidence: () => number,
  classify: ClassifyKey,
): number {
  const around = contextOf(place);
  const inner = contextOf(found.place);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  switch (found.look) {
    case 'nothing':
      return found.place;
    case 'name':
      if (around === CONTEXT.of || around === CONTEXT.name) return placeOf(inner, verdictOf(place));
      if (around === CONTEXT.facility) return placeOf(CONTEXT.none, VERDICT.facility);
      if (around === CONTEXT.address && verdictOf(place) === VERDICT.street)
        return placeOf(inner, VERDICT['person-likely']);
      return isPerson(around, evidence()) ? placeOf(inner, VERDICT.person) : nameObject(first, inner);
    case 'full-name':
      // Repositories have a `full_name` too: `owner/name`.
      if (around === CONTEXT.thing || around === CONTEXT.organisation || isPathLike(first)) return 0;
      return placeOf(inner, VERDICT.person);
    case 'name-part':
      if (around === CONTEXT.name) return placeOf(CONTEXT.none, VERDICT.person);
      if (around === CONTEXT.of) return place;
      return isPersonContext(around) && typeof first === 'string' ? placeOf(CONTEXT.none, VERDICT.person) : 0;
    case 'id':
      if (around === CONTEXT.patient) return placeOf(CONTEXT.of, VERDICT['patient-id']);
      return numbered(around, place);
    case 'number':
      return around === CONTEXT.address ? placeOf(CONTEXT.none, VERDICT.street) : numbered(around, place);
    case 'value':
      if (around === CONTEXT.of || around === CONTEXT.name || around === CONTEXT.address)
        return part(around, place);
      return labelled(container, first, classify);
    case 'part':
      if (key.length < 5 && /^card$/i.test(key))
        return placeOf(CONTEXT.of, typeof first === 'object' ? VERDICT['credit-card'] : VERDICT.text);
      // A Reference of FHIR, wherever it is: `courier: { display }`.
      if (key === 'display' && isPersonLike(around) && isNameLike(first))
        return placeOf(CONTEXT.none, VERDICT['person-likely']);
      return inner === CONTEXT.none ? part(around, place) : found.place;
    case 'kept':
      return placeOf(inner, isCodeLike(first) ? VERDICT.keep : VERDICT.text);
    case 'address':
      if (around === CONTEXT.of) return place;
      return placeOf(inner, addressVerdict(first));
    case 'address-part':
      return around === CONTEXT.address ? placeOf(CONTEXT.none, VERDICT.street) : 0;
    case 'city': {
      const known = around === CONTEXT.address || isPersonContext(around) || inner === CONTEXT.address;
      const near = known || (evidence() & (EVIDENCE.person | EVIDENCE.contact)) !== 0;
      return placeOf(CONTEXT.of, near ? VERDICT.city : VERDICT['city-alone']);
    }
    case 'region':
      return placeOf(inner, around === CONTEXT.address ? VERDICT.keep : VERDICT.text);
    case 'age':
      return placeOf(CONTEXT.of, ageVerdict(container, value));
    case 'date':
      if (verdictOf(place) === VERDICT.dob) return place;
      return placeOf(CONTEXT.none, dateVerdict(first));
    case 'calendar':
      return placeOf(CONTEXT.none, calendarVerdict(first));
    case 'birth':
      return placeOf(inner, birthVerdict(first));
    case 'record-number':
      return placeOf(CONTEXT.none, recordNumberVerdict(first));
    case 'pin':
      return placeOf(CONTEXT.none, pinVerdict(container, first));
    case 'track':
      return placeOf(CONTEXT.none, trackVerdict(first));
    case 'system-time':
      return placeOf(CONTEXT.none, systemTimeVerdict(around, first));
    case 'role':
      return placeOf(inner, isNameLike(first) ? VERDICT['person-likely'] : VERDICT.text);
    case 'facility':
      return placeOf(inner, isWords(first) ? VERDICT.facility : VERDICT.text);
    case 'ip':
      return placeOf(CONTEXT.none, ipVerdict(first));
    case 'mac':
      return placeOf(CONTEXT.none, /^[\da-f]{2}[:-]/i.test(text(first)) ? VERDICT.mac : VERDICT.text);
    case 'wrapper':
      return isPersonLike(around) ? placeOf(around, VERDICT.text) : 0;
    default:
      return found.look satisfies never;
  }
}

function isPersonLike(around: number): boolean {
  return isPersonContext(around) || around === CONTEXT.party;
}

/** `name: { first, last }` needs no more evidence; `name: { en, de }` says nothing. */
function nameObject(value: unknown, inner: number): number {
  return typeof value === 'object' &&
    value !== null &&
    NAME_MEMBERS.some((member) => Object.hasOwn(value, member))
    ? placeOf(inner, VERDICT.person)
    : 0;
}
const NAME_MEMBERS = [
  'first',
  'last',
  'given',
  'family',
  'firstName',
  'lastName',
  'first_name',
  'last_name',
  'surname',
];

/** A member that carries what the object around it is: `phone: { number, type }`. */
function part(around: number, place: number): number {
  if (around === CONTEXT.of) return place;
  if (around === CONTEXT.name) return placeOf(CONTEXT.none, VERDICT.person);
  return around === CONTEXT.address ? placeOf(CONTEXT.none, VERDICT.street) : 0;
}

function numbered(around: number, place: number): number {
  if (around === CONTEXT.of) return place;
  return around === CONTEXT.plan ? placeOf(CONTEXT.of, VERDICT['health-plan-id']) : 0;
}

/** The members that say what the `value` beside them is: `{ "type": "ssn", "value": ... }`. */
const LABELS = [
  'type',
  'kind',
  'system',
  'key',
  'name',
  'field',
  'label',
  'attribute',
  'property',
  'question',
  'title',
  'param',
  'parameter',
  'variable',
  'column',
  'header',
  'id',
  'code',
];
const UNITS = ['unit', 'units', 'uom', 'currency'];

function labelled(container: Container, value: unknown, classify: ClassifyKey): number {
  // A quantity stays, whatever it is of; but an age is one too.
  const isQuantity = UNITS.some((name) => Object.hasOwn(container, name));
  const otherwise = isQuantity && typeof value === 'number' ? VERDICT.keep : VERDICT.text;
  if (isQuantity && !isOver89(value)) return otherwise;
  for (const name of LABELS) {
    const label = Object.hasOwn(container, name) ? container[name] : undefined;
    if (typeof label !== 'string') continue;
    const verdict = labelVerdict(label, container, value, classify);
    if (verdict > VERDICT.keep && (!isQuantity || verdict === VERDICT['age-over-89']))
      return placeOf(contextOf(classify(label).place) || CONTEXT.of, verdict);
  }
  return otherwise;
}

/** When a system wrote a record is nobody's date, unless the record is a person's. */
function systemTimeVerdict(around: number, value: unknown): number {
  if (isPersonContext(around)) return VERDICT['date-likely'];
  return isTime(value) ? VERDICT.keep : VERDICT.text;
}

function isTime(value: unknown): boolean {
  return (
    typeof value === 'number' ||
    (typeof value === 'string' && value.length <= 40 && /^\d[\d\sTZ:.,+/-]*$/.test(value))
  );
}

function isPathLike(value: unknown): boolean {
  return typeof value === 'string' && /[/:@\\]/.test(value);
}

/** Words, not an id. */
function isWords(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= 120 && /\p{L}{2}/u.test(value) && !/[\d_@:/{}]/.test(value)
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
