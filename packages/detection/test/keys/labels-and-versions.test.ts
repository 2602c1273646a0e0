import { describe, expect, it } from 'vitest';
import { createKeyReader } from '../../src/keys/create-key-reader.ts';
import { saysAt } from './says-at.ts';

const reader = createKeyReader();

/** The path is written with dots; whole numbers are places in arrays. */
function says(value: unknown, path: string): string {
  return saysAt(
    reader,
    value,
    path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  );
}
type Case = readonly [value: object, path: string, expected: string];

describe('a count is not what it counts', () => {
  it.each([
    [{ number_of_patients: 37 }, 'number_of_patients'],
    [{ no_of_visits: 4 }, 'no_of_visits'],
    [{ number_of_cases: 5000 }, 'number_of_cases'],
    [{ numPatients: 37 }, 'numPatients'],
    [{ num_phones: 2 }, 'num_phones'],
    [{ total_members: 12 }, 'total_members'],
    [{ cell_age: 95 }, 'cell_age'],
    [{ birth_days: 12 }, 'birth_days'],
    [{ birth: 12 }, 'birth'],
  ] as const)('%j', (value, key) => {
    expect(says(value, key)).toBe('text');
  });

  it.each([
    [{ age: 95, age_unit: 'days' }, 'age', 'keep'],
    [{ age: 95, ageUnit: 'months' }, 'age', 'keep'],
    [{ age: 95, unit: 'd' }, 'age', 'keep'],
    [{ age: '95', unit: 'weeks' }, 'age', 'text'],
    [{ donor_age: 95, cell_line: 'x' }, 'donor_age', 'keep'],
    [{ age: 3600 }, 'age', 'keep'],
    [{ age: 95, age_unit: 'years' }, 'age', 'AGE_OVER_89'],
    [{ age: 95, unit: 'ICU' }, 'age', 'AGE_OVER_89'],
    [{ donor_age: 95 }, 'donor_age', 'AGE_OVER_89'],
    [{ ageAtVisit: 93 }, 'ageAtVisit', 'AGE_OVER_89'],
    [{ age_at_admission: 93 }, 'age_at_admission', 'AGE_OVER_89'],
    [{ birth: 1980 }, 'birth', 'DOB'],
    [{ birthDay: 12 }, 'birthDay', 'DOB'],
    [{ patient_number: 12 }, 'patient_number', 'MRN'],
    [{ count_of_ssn: 3 }, 'count_of_ssn', 'keep'],
  ] as readonly Case[])('%j: %s is %s', (value, path, expected) => {
    expect(says(value, path)).toBe(expected);
  });
});

describe('the names and values of FHIR belong together', () => {
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'mrn', valueString: '8812345' },
      { name: 'family', valueString: 'Zybiskie' },
      { name: 'ssn', valueString: 'x' },
      { name: 'age', valueInteger: 93 },
      { name: 'age', valueInteger: 45 },
      { name: 'demographics', part: [{ name: 'city', valueString: 'Somewhere' }] },
      { name: 'count', valueInteger: 50 },
      { name: 'code', valueCode: '8302-2' },
      { name: 'start', valueDate: '2024-01-01' },
      { name: 'birthDate', valueDate: '1980-01-01' },
      { name: 'display', valueString: 'Body height' },
    ],
  };

  it.each([
    ['0.valueString', 'MRN'],
    ['1.valueString', 'PERSON'],
    ['2.valueString', 'SSN'],
    ['3.valueInteger', 'AGE_OVER_89'],
    ['4.valueInteger', 'keep'],
    ['5.part.0.valueString', 'CITY'],
    ['6.valueInteger', 'keep'],
    ['7.valueCode', 'keep'],
    ['8.valueDate', 'DATE'],
    ['9.valueDate', 'DOB'],
    ['10.valueString', 'text'],
  ])('Parameters.parameter.%s is %s', (path, expected) => {
    expect(says(parameters, `parameter.${path}`)).toBe(expected);
  });

  it.each([
    ['Last name', { valueString: 'Zybiskie' }, 'PERSON'],
    ['What is your last name?', { valueString: 'Zybiskie' }, 'PERSON'],
    ['SSN', { valueString: 'x' }, 'SSN'],
    ['City', { valueString: 'Somewhere' }, 'CITY'],
    ['Phone', { valueString: 'x' }, 'PHONE'],
    ['Phone', { valueString: 'No' }, 'text'],
    ['Age', { valueInteger: 93 }, 'AGE_OVER_89'],
    ['Age', { valueInteger: 45 }, 'keep'],
    ['Name', { valueString: 'Jo Doe' }, 'PERSON'],
    ['Date of birth', { valueDate: '1980-01-01' }, 'DOB'],
    ['How do you feel?', { valueString: 'well' }, 'text'],
    ['Pain', { valueInteger: 7 }, 'keep'],
    ['Last name', { valueBoolean: true }, 'keep'],
  ] as const)('the answer to %s, %j, is %s', (text, answer, expected) => {
    const key = Object.keys(answer)[0] as string;
    const item = { linkId: '1', text, answer: [answer] };
    const response = { resourceType: 'QuestionnaireResponse', item: [{ linkId: '0', item: [item] }] };
    expect(says(response, `item.0.item.0.answer.0.${key}`)).toBe(expected);
  });

  it('an age in an answer is one in a quantity too', () => {
    const quantity = { value: 93, unit: 'years', code: 'a' };
    const item = { text: 'Age', answer: [{ valueQuantity: quantity }] };
    const response = { resourceType: 'QuestionnaireResponse', item: [item] };
    expect(says(response, 'item.0.answer.0.valueQuantity.value')).toBe('AGE_OVER_89');
    expect(says(response, 'item.0.answer.0.valueQuantity.unit')).toBe('keep');
  });

  const observation = (code: string, value: object): object => ({
    resourceType: 'Observation',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    ...value,
  });

  it.each([
    ['30525-0', { valueQuantity: { value: 93, code: 'a' } }, 'valueQuantity.value', 'AGE_OVER_89'],
    ['30525-0', { valueQuantity: { value: 93, code: 'a' } }, 'valueQuantity.code', 'keep'],
    ['30525-0', { valueQuantity: { value: 45, code: 'a' } }, 'valueQuantity.value', 'keep'],
    ['30525-0', { valueQuantity: { value: 95, code: 'd' } }, 'valueQuantity.value', 'keep'],
    ['30525-0', { valueInteger: 93 }, 'valueInteger', 'AGE_OVER_89'],
    ['8302-2', { valueQuantity: { value: 180, code: 'cm' } }, 'valueQuantity.value', 'keep'],
    ['8302-2', { valueInteger: 180 }, 'valueInteger', 'keep'],
    ['21112-8', { valueDateTime: '1980-01-01' }, 'valueDateTime', 'DOB'],
    ['11778-8', { valueDateTime: '2024-01-01' }, 'valueDateTime', 'DATE'],
    ['45394-4', { valueString: 'Zybiskie' }, 'valueString', 'PERSON'],
    ['8302-2', { valueString: 'tall' }, 'valueString', 'text'],
  ] as const)('LOINC %s with %j: %s is %s', (code, value, path, expected) => {
    expect(says(observation(code, value), path)).toBe(expected);
    const { resourceType: _type, ...component } = observation(code, value) as { resourceType: string };
    expect(says({ resourceType: 'Observation', component: [component] }, `component.0.${path}`)).toBe(
      expected,
    );
  });

  it.each([
    [{ name: 'age', value: 93 }, 'AGE_OVER_89'],
    [{ name: 'age', value: 93, unit: 'years' }, 'AGE_OVER_89'],
    [{ name: 'age', value: 93, unit: 'days' }, 'keep'],
    [{ name: 'heart rate', value: 93, unit: 'bpm' }, 'keep'],
    [{ label: 'Last name', value: 'Zybiskie' }, 'PERSON'],
    [{ label: 'family', value: 'Zybiskie' }, 'PERSON'],
    [{ key: 'city', value: 'Somewhere' }, 'CITY'],
    [{ field: 'ssn', value: 'x' }, 'SSN'],
    [{ code: 'MRN', value: '8812345' }, 'MRN'],
    [{ title: 'Date of birth', value: 'x' }, 'DOB'],
    [{ label: 'Phone', value: 'No' }, 'text'],
    [{ name: 'patient', value: 'Jo Doe' }, 'PERSON'],
    [{ name: 'patient', value: 'red' }, 'text'],
    [{ name: 'number_of_patients', value: 5000 }, 'text'],
    [{ name: 'color', value: 'red' }, 'text'],
  ] as const)('%j is %s', (value, expected) => {
    expect(says(value, 'value')).toBe(expected);
  });
});

describe('resources that R4 does not have', () => {
  it.each(['Transport', 'InventoryReport', 'ReferralRequest', 'SomethingNew'])('%s', (resourceType) => {
    const resource = {
      resourceType,
      status: 'active',
      subject: { reference: '#1', display: 'Jo Doe' },
      requester: { display: 'Ann Roe' },
      patient: [{ display: 'Jo Doe' }],
      attendingPhysician: { display: 'Ann Roe' },
      name: [{ family: 'Doe', given: ['Jo'] }],
      address: [{ line: ['Somewhere'], city: 'Springfield', postalCode: 'x', state: 'WA' }],
      place: { line: ['Somewhere'], city: 'Springfield', postalCode: 'x' },
      telecom: [{ system: 'phone', value: 'x' }],
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: 'x' }],
      code: { coding: [{ system: 'http://loinc.org', code: '8302-2', display: 'Body height' }] },
      amount: { value: 12, unit: 'kg' },
      mrn: 'x',
    };
    const expected: Readonly<Record<string, string>> = {
      status: 'keep',
      'subject.display': 'PERSON',
      'requester.display': 'PERSON',
      'patient.0.display': 'PERSON',
      'attendingPhysician.display': 'PERSON',
      'name.0.family': 'PERSON',
      'name.0.given.0': 'PERSON',
      'address.0.line.0': 'STREET',
      'address.0.city': 'CITY',
      'address.0.postalCode': 'ZIP',
      'address.0.state': 'keep',
      'place.line.0': 'STREET',
      'place.city': 'CITY',
      'place.postalCode': 'ZIP',
      'telecom.0.value': 'PHONE',
      'identifier.0.value': 'SSN',
      'code.coding.0.code': 'keep',
      'code.coding.0.display': 'keep',
      'amount.value': 'keep',
      mrn: 'MRN',
    };
    const bundle = { resourceType: 'Bundle', entry: [{ resource }] };
    for (const [path, entity] of Object.entries(expected)) {
      expect([path, says(resource, path)]).toEqual([path, entity]);
      expect([path, says(bundle, `entry.0.resource.${path}`)]).toEqual([path, entity]);
    }
  });

  it('are read by the words of their keys where nothing has the shape of a datatype', () => {
    const widget = {
      resourceType: 'Widget',
      owner: { name: 'Jo Doe', email: 'x', status: 'called Ms. Doe' },
    };
    expect(says(widget, 'owner.name')).toBe('PERSON');
    expect(says(widget, 'owner.email')).toBe('EMAIL');
    expect(says(widget, 'owner.status')).toBe('text');
  });
});

describe('digits are what their key says', () => {
  it.each([
    [{ admission: '20240304' }, 'DATE'],
    [{ dos: '03042024' }, 'DATE'],
    [{ dos: 3042024 }, 'DATE'],
    [{ collected: '202403041530' }, 'DATE'],
    [{ date: '20240304' }, 'DATE'],
    [{ date: 20240304 }, 'DATE'],
    [{ date: '20240304153000' }, 'DATE'],
    [{ some_date: 1709510400 }, 'DATE'],
    [{ some_date: 1709510400000 }, 'DATE'],
    [{ dob: 325123200 }, 'DOB'],
    [{ birth: -325123200000 }, 'DOB'],
    [{ birth_ts: 325123200 }, 'DOB'],
    [{ visit_note_date_ms: 1709510400000 }, 'DATE'],
    [{ release_date: 1709510400 }, 'keep'],
    [{ collected: 1709510400 }, 'text'],
    [{ collected: 42 }, 'text'],
    [{ date: 12345 }, 'text'],
    [{ date: '20249999' }, 'text'],
    [{ admission: 'in March' }, 'text'],
    [{ person_source_value: '8812345' }, 'MRN'],
    [{ person_id: 8812345 }, 'MRN'],
    [{ 'MR#': '8812345' }, 'MRN'],
    [{ CSN: '100234567' }, 'ACCOUNT'],
    [{ FIN: '100234567' }, 'ACCOUNT'],
    [{ fin: 'le mois dernier' }, 'text'],
    [{ 'acct#': 'x' }, 'ACCOUNT'],
    [{ mRN: 'x' }, 'MRN'],
    [{ LASTNAME: 'x' }, 'PERSON'],
    [{ LaStNaMe: 'x' }, 'PERSON'],
    [{ pin: '4821' }, 'CARD_PIN'],
    [{ pin: 482199 }, 'CARD_PIN'],
    [{ pin: 'top left' }, 'text'],
    [{ pin: '110001', postal_circle: 'x' }, 'text'],
    [{ pin: 1234, map_id: 'x' }, 'text'],
    [{ pin_block: '0412AC89ABCDEF67' }, 'CARD_PIN'],
    [{ track1: '%B4111111111111111^DOE/JO^2512101' }, 'CARD_TRACK'],
    [{ track2: ';4111111111111111=2512101?' }, 'CARD_TRACK'],
    [{ trackData: '4111111111111111=2512101' }, 'CARD_TRACK'],
    [{ track1: 'Yesterday' }, 'text'],
  ] as readonly (readonly [object, string])[])('%j is %s', (value, expected) => {
    expect(says(value, Object.keys(value)[0] as string)).toBe(expected);
  });
});

describe('a date in an object', () => {
  it('is the birth that the object is about', () => {
    expect(says({ birth: { date: '19800101' } }, 'birth.date')).toBe('DOB');
    expect(says({ admission: { date: '20240304' } }, 'admission.date')).toBe('DATE');
  });
});

describe('a key that is longer than a name can be', () => {
  it('is judged by its last words', () => {
    const long = `${'export_of_the_registry_'.repeat(8)}patient_ssn`;
    expect(says({ [long]: 'x' }, long)).toBe('SSN');
    const none = `${'export_of_the_registry_'.repeat(60)}colour`;
    expect(says({ [none]: 'x' }, none)).toBe('text');
  });
});
