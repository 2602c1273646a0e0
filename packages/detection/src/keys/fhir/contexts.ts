import type { VerdictName } from '../verdicts.ts';

/** What a place says can depend on the members beside it, which are then looked at in one of these ways. */
export const LOOKS = [
  'coded-text',
  'display',
  'display-person',
  'display-party',
  'display-place',
  'value',
  'telecom',
  'identifier-value',
  'mrn-value',
  'device-value',
  'plan-value',
  'licence-value',
  'opaque',
  'party',
  'age',
  'count',
  'extension-value',
  'extension',
  'labelled',
  'question',
  'answered',
  'observed',
  'observed-quantity',
  'line',
] as const;
export type Look = (typeof LOOKS)[number];

export type ContextName =
  | 'element'
  | 'coded'
  | 'meta'
  | 'age'
  | 'definition'
  | 'sequence'
  | 'resource'
  | 'human-name'
  | 'address'
  | 'contact-point'
  | 'contact'
  | 'identifier'
  | 'mrn'
  | 'device-identifier'
  | 'plan-identifier'
  | 'licence-identifier'
  | 'to-person'
  | 'to-party'
  | 'to-place'
  | 'to-clinical'
  | 'extension'
  | 'kept-extension'
  | 'person'
  | 'practitioner'
  | 'qualification'
  | 'place'
  | 'device'
  | 'coverage'
  | 'family'
  | 'agent'
  | 'network'
  | 'date-criterion'
  | 'parameters'
  | 'parameter'
  | 'questions'
  | 'question'
  | 'answer'
  | 'observation'
  | 'observed-quantity'
  | 'foreign';

/** How the members of an object are read. */
export interface Context {
  /**
   * Where a name is not among the members: as in any resource; all of it is kept; or, in a description of data, as in
   * any resource but that dates are nobody's, and that inner elements are read in the same way; or, where the type is
   * not known, only the datatypes are read, and the words of the names.
   */
  readonly base: 'element' | 'kept' | 'definition' | 'foreign';
  /** Members by their names, separated by spaces: what a text or number in it says, how an object in it is read. */
  readonly members?: Readonly<Record<string, Slot>>;
  /** The resource types that are read so. */
  readonly types?: string;
}
export type Slot = readonly [leaf: VerdictName | Look, object: ContextName];

/** A value of type [x] that is a text or a number. */
const PRIMITIVES = 'valueString valueMarkdown valueInteger valueDecimal valueDate valueDateTime valueUri';

/** How the elements are read that differ from resource to resource, and the datatypes: https://hl7.org/fhir/R4/datatypes.html */
export const CONTEXTS: Readonly<Record<ContextName, Context>> = {
  element: { base: 'element' },
  coded: { base: 'kept', members: { text: ['coded-text', 'coded'], boundsPeriod: ['text', 'element'] } },
  meta: { base: 'kept', members: { lastUpdated: ['fhir-date', 'element'], source: ['opaque', 'element'] } },
  age: { base: 'kept', members: { value: ['age', 'coded'] } },
  definition: { base: 'definition', members: { identifier: ['text', 'coded'] } },
  sequence: { base: 'definition', types: 'MolecularSequence' },
  resource: { base: 'element' },
  'human-name': {
    base: 'element',
    members: { 'family given text': ['fhir-person', 'element'], 'prefix suffix': ['keep', 'element'] },
  },
  address: {
    base: 'element',
    members: {
      'line text': ['fhir-street', 'element'],
      'city district': ['fhir-city', 'element'],
      postalCode: ['fhir-zip', 'element'],
      'state country': ['keep', 'element'],
    },
  },
  'contact-point': { base: 'element', members: { value: ['telecom', 'element'] } },
  contact: {
    base: 'element',
    members: {
      name: ['fhir-person', 'human-name'],
      value: ['telecom', 'element'],
      display: ['display-person', 'element'],
    },
  },
  identifier: { base: 'element', members: { value: ['identifier-value', 'element'] } },
  mrn: { base: 'element', members: { value: ['mrn-value', 'element'] } },
  'device-identifier': { base: 'element', members: { value: ['device-value', 'element'] } },
  'plan-identifier': { base: 'element', members: { value: ['plan-value', 'element'] } },
  'licence-identifier': { base: 'element', members: { value: ['licence-value', 'element'] } },
  'to-person': { base: 'element', members: { display: ['display-person', 'element'] } },
  'to-party': { base: 'element', members: { display: ['display-party', 'element'] } },
  'to-place': { base: 'element', members: { display: ['display-place', 'element'] } },
  'to-clinical': { base: 'element', members: { display: ['keep', 'element'] } },
  extension: {
    base: 'element',
    members: {
      url: ['keep', 'element'],
      'valueString valueDecimal valueDate valueDateTime valueInteger valueMarkdown': [
        'extension-value',
        'element',
      ],
      extension: ['extension', 'extension'],
    },
  },
  'kept-extension': {
    base: 'kept',
    members: { extension: ['keep', 'kept-extension'], valueString: ['keep', 'coded'] },
  },
  person: {
    base: 'element',
    types: 'Patient Person RelatedPerson',
    members: { name: ['fhir-person', 'human-name'], identifier: ['text', 'mrn'] },
  },
  practitioner: {
    base: 'element',
    types: 'Practitioner',
    members: { name: ['fhir-person', 'human-name'], qualification: ['text', 'qualification'] },
  },
  qualification: { base: 'element', members: { identifier: ['text', 'licence-identifier'] } },
  place: {
    base: 'element',
    types: 'Organization Location HealthcareService OrganizationAffiliation',
    members: { 'name alias': ['fhir-facility', 'element'] },
  },
  device: {
    base: 'element',
    types: 'Device',
    members: { identifier: ['fhir-device-id', 'device-identifier'], manufacturer: ['keep', 'to-clinical'] },
  },
  coverage: {
    base: 'element',
    types: 'Coverage',
    members: { identifier: ['health-plan-id', 'plan-identifier'] },
  },
  family: { base: 'element', types: 'FamilyMemberHistory', members: { name: ['fhir-person', 'human-name'] } },
  agent: { base: 'element', members: { name: ['party', 'element'], network: ['text', 'network'] } },
  'date-criterion': { base: 'element', members: { value: ['fhir-date', 'element'] } },
  parameters: { base: 'element', types: 'Parameters', members: { parameter: ['text', 'parameter'] } },
  parameter: {
    base: 'element',
    members: {
      part: ['text', 'parameter'],
      [`${PRIMITIVES} valueCode valueId`]: ['labelled', 'element'],
    },
  },
  questions: { base: 'element', types: 'QuestionnaireResponse', members: { item: ['text', 'question'] } },
  question: {
    base: 'element',
    members: { item: ['text', 'question'], answer: ['question', 'answer'] },
  },
  answer: {
    base: 'element',
    members: {
      item: ['text', 'question'],
      [PRIMITIVES]: ['answered', 'element'],
      valueQuantity: ['answered', 'observed-quantity'],
    },
  },
  observation: {
    base: 'element',
    types: 'Observation',
    members: {
      component: ['text', 'observation'],
      'valueQuantity valueInteger valueString valueDateTime': ['observed', 'observed-quantity'],
    },
  },
  'observed-quantity': { base: 'kept', members: { value: ['observed-quantity', 'coded'] } },
  foreign: {
    base: 'foreign',
    members: {
      resourceType: ['keep', 'foreign'],
    },
  },
  network: { base: 'element', members: { address: ['text', 'element'] } },
};

/** Elements with a datatype of their own, wherever they stand. */
export const TYPED: Readonly<Record<string, Slot>> = {
  text: ['coded-text', 'element'],
  display: ['display', 'element'],
  value: ['value', 'coded'],
  'url fullUrl id authorizationUrl definitionUri eventUri relativePath': ['opaque', 'element'],
  reference: ['opaque', 'identifier'],
  source: ['opaque', 'to-party'],
  'action outcome primarySource': ['keep', 'element'],
  repeat: ['text', 'coded'],
  dateCriterion: ['text', 'date-criterion'],
  'number total duration frequency period height search alternate': ['count', 'element'],
  'requestor responsible': ['count', 'to-party'],
  'location issuer': ['opaque', 'to-place'],
  telecom: ['text', 'contact-point'],
  // No other datatype of FHIR has these, so that a name or an address is one where the resource is not of R4.
  'family given': ['fhir-person', 'element'],
  line: ['line', 'element'],
  city: ['fhir-city', 'element'],
  postalCode: ['fhir-zip', 'element'],
  'address locationAddress': ['text', 'address'],
  contact: ['text', 'contact'],
  agent: ['text', 'agent'],
  meta: ['text', 'meta'],
  'contained resource': ['keep', 'resource'],
  'extension modifierExtension': ['text', 'extension'],
  'latitude longitude': ['fhir-geo', 'element'],
  'birthDate bornDate': ['fhir-dob', 'element'],
  'serialNumber distinctIdentifier deviceIdentifier carrierAIDC carrierHRF': [
    'fhir-device-id',
    'device-identifier',
  ],
  subscriberId: ['health-plan-id', 'element'],
  preAuthRef: ['fhir-identifier', 'element'],
  altId: ['fhir-user', 'element'],
  authorString: ['party', 'element'],
  manufacturer: ['text', 'to-clinical'],
};

/** The types that an element of type [x] can end in. */
export const CHOICE_TYPES: Readonly<Record<string, Slot>> = {
  'DateTime Date Instant': ['fhir-date', 'element'],
  'Period Timing Annotation Attachment Signature Expression Dosage ContactDetail Contributor': [
    'text',
    'element',
  ],
  'CodeableConcept Coding Code Quantity Range Ratio Money Duration Count Distance SampledData': [
    'keep',
    'coded',
  ],
  'Boolean Integer PositiveInt UnsignedInt Decimal Time Oid Uuid Canonical Id': ['keep', 'coded'],
  'Uri Url': ['opaque', 'element'],
  'String Markdown Base64Binary': ['text', 'element'],
  Age: ['text', 'age'],
  Reference: ['text', 'to-party'],
  Identifier: ['text', 'identifier'],
  HumanName: ['text', 'human-name'],
  Address: ['text', 'address'],
  ContactPoint: ['text', 'contact-point'],
  Meta: ['text', 'meta'],
};
