import type { ClassifyKey } from '../generic/key-class.ts';
import { placeOf, verdictOf } from '../place.ts';
import { isOver89 } from '../value-shape.ts';
import { VERDICT } from '../verdicts.ts';
import { LOOKS, type Look } from './contexts.ts';
import { partyVerdict, targetVerdict } from './display-entity.ts';
import { createElementTable, type ElementTable, lookedPlace, lookOf } from './element-table.ts';
import { identifierEntity } from './identifier-entity.ts';
import { answerVerdict, parameterVerdict, questionVerdict } from './answer-verdict.ts';
import { isInYears, observedVerdict } from './observed-verdict.ts';
import { isOpaque } from './is-opaque.ts';
import { telecomVerdict, valueVerdict } from './telecom-verdict.ts';

type Container = Readonly<Record<string, unknown>>;
/** A verdict, by its number. */
type LookAt = (container: Container, key: string, value: unknown, around: number) => number;

/** Reads resources of FHIR R4 (https://hl7.org/fhir/R4/) by the types of their elements. */
export interface FhirReader {
  readonly table: ElementTable;
  /** The column of an element that the table does not name, or -1. */
  column(key: string): number;
  /**
   * The place of a cell below zero.
   * @param around what the object that the member is in was said to hold, by the number of the verdict: a question
   *   says it of the answers in it
   */
  look(cell: number, key: string, container: Container, value: unknown, around: number): number;
}

export function createFhirReader(classify: ClassifyKey): FhirReader {
  const table = createElementTable();
  const keptExtension = placeOf(table.context('kept-extension'), VERDICT.keep);
  const opaque = LOOKS.indexOf('opaque');
  const extension = LOOKS.indexOf('extension');
  const looks: readonly LookAt[] = LOOKS.map((look) => lookAt(look, classify));

  return {
    table,
    column: (key) => (key.startsWith('_') ? (table.columns.get('extension') ?? -1) : table.choice(key)),
    look(cell, key, container, value, around) {
      const look = lookOf(cell);
      // A third of the members of a bundle are ids and references.
      if (look === opaque) return lookedPlace(cell, isOpaque(value) ? VERDICT.keep : VERDICT.text);
      if (look === extension && KEPT_EXTENSION.test(text(container['url']))) return keptExtension;
      return lookedPlace(cell, (looks[look] as LookAt)(container, key, value, around));
    },
  };
}

/** Race, ethnicity, sex and language are not among the identifiers of 45 CFR 164.514(b)(2). */
const KEPT_EXTENSION =
  /us-core-(?:race|ethnicity|birthsex|sex|genderIdentity|tribal-affiliation)$|\/patient-nationality$/;

function lookAt(look: Look, classify: ClassifyKey): LookAt {
  switch (look) {
    case 'coded-text':
      return (container) => (hasCoding(container) ? VERDICT.keep : VERDICT.text);
    case 'display':
      return (container) => VERDICT[isCoding(container) ? 'keep' : (targetVerdict(container) ?? 'text')];
    case 'display-person':
      return (container) => VERDICT[targetVerdict(container) ?? 'fhir-display-person'];
    case 'display-party':
      return (container) => VERDICT[targetVerdict(container) ?? partyVerdict(container['display'])];
    case 'display-place':
      return (container) => VERDICT[targetVerdict(container) ?? 'fhir-facility'];
    case 'party':
      return (_container, _key, value) => VERDICT[partyVerdict(value)];
    case 'value':
      return (container) => VERDICT[valueVerdict(container)];
    case 'telecom':
      return (container) => VERDICT[telecomVerdict(container)];
    case 'identifier-value':
      return (container) => VERDICT[identifierEntity(container) ?? 'fhir-identifier'];
    case 'mrn-value':
      return (container) => VERDICT[identifierEntity(container) ?? 'mrn'];
    case 'device-value':
      return (container) => VERDICT[identifierEntity(container) ?? 'fhir-device-id'];
    case 'plan-value':
      return (container) => VERDICT[identifierEntity(container) ?? 'health-plan-id'];
    case 'licence-value':
      return (container) => VERDICT[identifierEntity(container) ?? 'license'];
    case 'age':
      return (container, _key, value) =>
        isOver89(value) && isInYears(container) ? VERDICT['age-over-89'] : VERDICT.keep;
    case 'count':
      return (_container, _key, value) =>
        typeof value === 'number' || typeof value === 'boolean' ? VERDICT.keep : VERDICT.text;
    case 'extension-value':
      return (container, key) => extensionVerdict(key, container, classify);
    case 'labelled':
      return (container, key, value) => parameterVerdict(container, key, value, classify);
    case 'question':
      return (container, _key, value) => questionVerdict(container, value, classify);
    case 'answered':
      return (_container, key, value, around) => answerVerdict(key, value, around);
    case 'observed':
      return (container, key, value) => observedVerdict(key, container, value);
    case 'observed-quantity':
      return (container, _key, value, around) =>
        around === VERDICT['age-over-89'] && isOver89(value) && isInYears(container) ? around : VERDICT.keep;
    case 'line':
      return (container) =>
        VERDICT[
          Object.hasOwn(container, 'city') || Object.hasOwn(container, 'postalCode') ? 'fhir-street' : 'text'
        ];
    case 'opaque':
    case 'extension':
      return () => VERDICT.text;
    default:
      return look satisfies never;
  }
}

function hasCoding(container: Container): boolean {
  const { coding } = container;
  return Array.isArray(coding) && coding.length > 0;
}

function isCoding(container: Container): boolean {
  return typeof container['code'] === 'string' || typeof container['system'] === 'string';
}

/** The last part of an extension's URL says what it holds: `birthTime`, `iso21090-ADXP-streetName`. */
function extensionVerdict(key: string, container: Container, classify: ClassifyKey): number {
  const url = text(container['url']);
  const name = url.slice(url.lastIndexOf('/') + 1);
  if (/birth-?(?:time|date)$/i.test(name)) return VERDICT['fhir-dob'];
  if (key.startsWith('valueDate')) return VERDICT['fhir-date'];
  const said = verdictOf(classify(name.replace(PROFILE, '')).place);
  if (said === VERDICT.geo) return VERDICT['fhir-geo'];
  if (said > VERDICT.keep) return said;
  return key === 'valueString' || key === 'valueMarkdown' ? VERDICT.text : VERDICT.keep;
}

/** The names of profiles that stand before the name of what is extended. */
const PROFILE = /^(?:us-core-|patient-|humanname-|iso21090-(?:ADXP|EN|SC)-|contactpoint-|practitioner-)/;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
