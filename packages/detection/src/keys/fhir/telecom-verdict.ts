import type { VerdictName } from '../verdicts.ts';
import { identifierEntity } from './identifier-entity.ts';

type Container = Readonly<Record<string, unknown>>;

/** https://hl7.org/fhir/R4/valueset-contact-point-system.html; `other` is judged by its text. */
const SYSTEMS: ReadonlyMap<unknown, VerdictName> = new Map<unknown, VerdictName>([
  ['phone', 'phone'],
  ['sms', 'phone'],
  ['pager', 'phone'],
  ['fax', 'fax'],
  ['email', 'email'],
  ['url', 'fhir-url'],
]);

/** The value of a ContactPoint. */
export function telecomVerdict(container: Container): VerdictName {
  const known = SYSTEMS.get(container['system']);
  if (known !== undefined) return known;
  const { value } = container;
  if (typeof value !== 'string') return 'phone';
  if (value.includes('@')) return 'email';
  return /^[a-z][a-z+.-]*:\/\//i.test(value) ? 'fhir-url' : 'phone';
}

/** `value` of an element that is not known by its type. */
export function valueVerdict(container: Container): VerdictName {
  if (typeof container['value'] === 'number') return 'keep';
  const { system } = container;
  if (typeof system !== 'string') return 'text';
  return SYSTEMS.has(system) ? telecomVerdict(container) : (identifierEntity(container) ?? 'fhir-identifier');
}
