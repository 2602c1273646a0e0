import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createKeyReader } from '../../src/keys/create-key-reader.ts';
import { saysAt } from './says-at.ts';

/** Written for this test; every name and number in it is made up. */
const bundle: unknown = JSON.parse(readFileSync(new URL('fixtures/bundle.json', import.meta.url), 'utf8'));
const reader = createKeyReader();

function says(entry: number, path: string): string {
  const parts = path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return saysAt(reader, bundle, ['entry', entry, 'resource', ...parts]);
}

describe('a patient', () => {
  it.each([
    ['name.0.family', 'PERSON'],
    ['name.0.given.1', 'PERSON'],
    ['name.0.text', 'PERSON'],
    ['name.0.prefix.0', 'keep'],
    ['name.0.use', 'keep'],
    ['birthDate', 'DOB'],
    ['_birthDate.extension.0.valueDateTime', 'DOB'],
    ['deceasedDateTime', 'DATE'],
    ['gender', 'keep'],
    ['address.0.line.1', 'STREET'],
    ['address.0.city', 'CITY'],
    ['address.0.district', 'CITY'],
    ['address.0.postalCode', 'ZIP'],
    ['address.0.state', 'keep'],
    ['address.0.country', 'keep'],
    ['address.0.extension.0.extension.0.valueDecimal', 'GEO'],
    ['telecom.0.value', 'PHONE'],
    ['telecom.0.system', 'keep'],
    ['telecom.1.value', 'FAX'],
    ['telecom.2.value', 'EMAIL'],
    ['telecom.3.value', 'URL'],
    ['telecom.4.value', 'PHONE'],
    ['identifier.0.value', 'MRN'],
    ['identifier.0.system', 'keep'],
    ['identifier.1.value', 'MRN'],
    ['identifier.1.type.coding.0.display', 'keep'],
    ['identifier.1.type.text', 'keep'],
    ['identifier.2.value', 'SSN'],
    ['identifier.3.value', 'DRIVER_LICENSE'],
    ['identifier.4.value', 'PASSPORT'],
    ['contact.0.name.family', 'PERSON'],
    ['contact.0.telecom.0.value', 'PHONE'],
    ['generalPractitioner.0.display', 'PERSON'],
    ['generalPractitioner.0.reference', 'keep'],
    ['managingOrganization.display', 'FACILITY'],
    ['extension.0.extension.0.valueString', 'keep'],
    ['extension.0.url', 'keep'],
    ['extension.1.valueString', 'PERSON'],
    ['extension.2.valueAddress.city', 'CITY'],
    ['extension.2.valueAddress.state', 'keep'],
    ['extension.3.valueDecimal', 'keep'],
    ['id', 'keep'],
    ['meta.profile.0', 'keep'],
    ['meta.lastUpdated', 'DATE'],
    ['text.div', 'text'],
    ['text.status', 'keep'],
    ['ssn', 'SSN'],
  ])('%s: %s', (path, expected) => {
    expect(says(0, path)).toBe(expected);
  });
});

describe('an observation', () => {
  it.each([
    ['code.coding.0.code', 'keep'],
    ['code.coding.0.display', 'keep'],
    ['code.text', 'keep'],
    ['category.0.coding.0.system', 'keep'],
    ['valueQuantity.value', 'keep'],
    ['valueQuantity.unit', 'keep'],
    ['status', 'keep'],
    ['effectiveDateTime', 'DATE'],
    ['subject.display', 'PERSON'],
    ['subject.reference', 'keep'],
    ['encounter.reference', 'text'],
    ['performer.0.display', 'FACILITY'],
    ['performer.1.display', 'PERSON'],
    ['note.0.text', 'text'],
    ['note.0.authorString', 'PERSON'],
    ['note.0.time', 'DATE'],
    ['component.0.code.text', 'text'],
    ['component.0.valueString', 'text'],
    ['component.0.valueDateTime', 'DATE'],
  ])('%s: %s', (path, expected) => {
    expect(says(1, path)).toBe(expected);
  });
});

describe('other resources', () => {
  it.each([
    [2, 'contained.0.name.0.text', 'PERSON'],
    [2, 'contained.0.qualification.0.identifier.0.value', 'LICENSE'],
    [2, 'onsetAge.value', 'AGE_OVER_89'],
    [2, 'abatementAge.value', 'keep'],
    [2, 'asserter.reference', 'keep'],
    [3, 'udiCarrier.0.deviceIdentifier', 'DEVICE_ID'],
    [3, 'udiCarrier.0.carrierHRF', 'DEVICE_ID'],
    [3, 'serialNumber', 'DEVICE_ID'],
    [3, 'identifier.0.value', 'DEVICE_ID'],
    [3, 'location.display', 'FACILITY'],
    [4, 'subscriberId', 'HEALTH_PLAN_ID'],
    [4, 'identifier.0.value', 'HEALTH_PLAN_ID'],
    [4, 'status', 'keep'],
    [5, 'name', 'FACILITY'],
    [5, 'position.latitude', 'GEO'],
    [6, 'name', 'text'],
    [6, 'date', 'keep'],
    [7, 'content.0.attachment.data', 'text'],
    [7, 'content.0.attachment.contentType', 'keep'],
    [7, 'content.0.attachment.creation', 'DATE'],
  ])('entry %i %s: %s', (entry, path, expected) => {
    expect(says(entry, path)).toBe(expected);
  });

  it('are read wherever they stand in other JSON', () => {
    const resource = { resourceType: 'Patient', name: [{ family: 'Example' }] };
    expect(
      saysAt(reader, { result: { found: [resource] } }, ['result', 'found', 0, 'name', 0, 'family']),
    ).toBe('PERSON');
    expect(saysAt(reader, resource, ['name', 0, 'family'])).toBe('PERSON');
  });

  it('are read again under a name that FHIR does not know', () => {
    const value = { resourceType: 'Basic', cached: { resourceType: 'Organization', name: 'Sample Clinic' } };
    expect(saysAt(reader, value, ['cached', 'name'])).toBe('FACILITY');
  });

  it('of a type that FHIR does not have are read like any JSON', () => {
    expect(saysAt(reader, { resourceType: 'Widget', status: 'called Ms. Doe' }, ['status'])).toBe('text');
  });

  it('keep a bundle together: what refers and what is referred to both stay', () => {
    expect(saysAt(reader, bundle, ['entry', 0, 'fullUrl'])).toBe('keep');
    expect(saysAt(reader, bundle, ['resourceType'])).toBe('keep');
  });

  it("do not keep an id that is somebody's number or address", () => {
    for (const id of ['123-45-6789', 'jane@example.com', 'x 555-123-4567']) {
      expect(saysAt(reader, { resourceType: 'Patient', id }, ['id'])).toBe('text');
    }
  });

  it.each(['Encounter', 'Claim', 'Account', 'Organization'])(
    'take an identifier of %s without a known system for an account',
    (type) => {
      expect(
        saysAt(reader, { resourceType: type, identifier: [{ value: 'x' }] }, ['identifier', 0, 'value']),
      ).toBe('ACCOUNT');
    },
  );
});
