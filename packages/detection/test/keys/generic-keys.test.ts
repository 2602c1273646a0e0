import { describe, expect, it } from 'vitest';
import { createKeyReader } from '../../src/keys/create-key-reader.ts';
import { KEPT, SAID, UNSAID } from './said-by-keys.ts';
import { saysAt } from './says-at.ts';

const reader = createKeyReader();
const says = (value: unknown, ...path: readonly (string | number)[]): string => saysAt(reader, value, path);

describe('keys that name what is under them', () => {
  const cases = Object.entries(SAID).flatMap(([entity, [value, keys]]) =>
    keys.split(',').map((key) => ({ entity, key, value })),
  );

  it('are at least 150', () => {
    expect(new Set(cases.map(({ key }) => key)).size).toBeGreaterThanOrEqual(150);
  });

  it.each(cases)('reads $key as $entity', ({ entity, key, value }) => {
    expect(says({ [key]: value }, key)).toBe(entity);
  });
});

describe('keys that do not', () => {
  it('are at least 100', () => {
    expect(UNSAID.length + KEPT.length).toBeGreaterThanOrEqual(100);
  });

  it.each(UNSAID)('leaves %s to its text', (key) => {
    expect(says({ [key]: 'Some words here' }, key)).toBe('text');
  });

  it.each(KEPT)('keeps %s', (key, value) => {
    expect(says({ [key]: value }, key)).toBe('keep');
  });

  it.each(['status', 'code', 'type', 'version', 'unit'])(
    'does not keep a note, an address or a dashed number under %s',
    (key) => {
      for (const value of ['called Ms. Doe at home', 'jane@example.com', '123-45-6789', '555-123-4567']) {
        expect(says({ [key]: value }, key)).toBe('text');
      }
    },
  );
});

describe("a name is a person's", () => {
  it.each([
    'patient',
    'patients',
    'user',
    'customer',
    'contact',
    'employee',
    'doctor',
    'physician',
    'author',
    'owner',
    'guardian',
    'primary_contact',
    'attendingPhysician',
    'patientInfo',
    'nextOfKin',
    'emergencyContact',
  ])('in %s', (container) => {
    expect(says({ [container]: { name: 'Jo Doe' } }, container, 'name')).toBe('PERSON');
  });

  it.each(['birthDate', 'gender', 'ssn', 'firstName', 'email', 'phone', 'age', 'mrn'])(
    'beside %s',
    (sibling) => {
      expect(says({ name: 'Jo Doe', [sibling]: 'x' }, 'name')).toBe('PERSON');
    },
  );

  it('in the elements of an array', () => {
    expect(says({ patients: [{ name: 'Jo Doe' }] }, 'patients', 0, 'name')).toBe('PERSON');
  });

  it('in parts', () => {
    expect(says({ name: { first: 'Jo', last: 'Doe' } }, 'name', 'first')).toBe('PERSON');
    expect(says({ patient: { name: { text: 'Jo Doe' } } }, 'patient', 'name', 'text')).toBe('PERSON');
    expect(says({ patient: { first: 'Jo', last: 'Doe' } }, 'patient', 'last')).toBe('PERSON');
  });

  it('in the address that something is sent to', () => {
    expect(says({ shippingAddress: { name: 'Jo Doe' } }, 'shippingAddress', 'name')).toBe('PERSON');
  });

  it('in full, but not that of a repository', () => {
    expect(says({ full_name: 'Jo Doe' }, 'full_name')).toBe('PERSON');
    expect(says({ full_name: 'acme/widget' }, 'full_name')).toBe('text');
    expect(says({ repository: { full_name: 'x' } }, 'repository', 'full_name')).toBe('text');
  });

  it('in what only gathers the members of a person', () => {
    expect(says({ patient: { demographics: { name: 'Jo Doe' } } }, 'patient', 'demographics', 'name')).toBe(
      'PERSON',
    );
  });

  it.each([
    [{ tool: { name: 'x' } }, ['tool']],
    [{ product: { name: 'x', price: 3 } }, ['product']],
    [{ file: { name: 'x', owner: 'y' } }, ['file']],
    [{ organization: { name: 'x', phone: 'y' } }, ['organization']],
    [{ company: { name: 'x', email: 'y' } }, ['company']],
    [{ clientInfo: { name: 'x', version: '1' } }, ['clientInfo']],
    [{ serverInfo: { name: 'x', version: '1' } }, ['serverInfo']],
    [{ medication: { name: 'x', dosage: 'y' } }, ['medication']],
    [{ package: { name: 'x', version: '1', author: 'y', email: 'z' } }, ['package']],
    [{ patient: { medications: { name: 'x' } } }, ['patient', 'medications']],
    [{ location: { name: 'Paris', lat: 1 } }, ['location']],
  ] as readonly (readonly [object, readonly string[]])[])('but not in %j', (value, path) => {
    expect(says(value, ...path, 'name')).toBe('text');
  });

  it("is a facility's in a hospital", () => {
    expect(says({ hospital: { name: 'Saint Elsewhere' } }, 'hospital', 'name')).toBe('FACILITY');
  });

  it("when a person's key holds a text that looks like one", () => {
    expect(says({ patient: 'Jo Ann Doe' }, 'patient')).toBe('PERSON');
    expect(says({ author: 'José de la Cruz' }, 'author')).toBe('PERSON');
    for (const value of ['Patient/1', 'Platform Team', 'Acme Corp', 'x', 'call them back']) {
      expect(says({ owner: value }, 'owner')).toBe('text');
    }
  });
});

describe('what an object is carries over to its members', () => {
  it.each([
    [{ phone: { number: '1', type: 'home' } }, 'PHONE', ['phone', 'number']],
    [{ phones: { home: '1', work: '2' } }, 'PHONE', ['phones', 'work']],
    [{ phone: { type: 'home' } }, 'keep', ['phone', 'type']],
    [{ emails: [{ value: 'x', primary: true }] }, 'EMAIL', ['emails', 0, 'value']],
    [{ ssn: { value: 'x' } }, 'SSN', ['ssn', 'value']],
    [{ passport: { number: 'x', country: 'US' } }, 'PASSPORT', ['passport', 'number']],
    [{ creditCard: { number: 'x' } }, 'CREDIT_CARD', ['creditCard', 'number']],
    [{ card: { number: 'x', cvc: '1' } }, 'CREDIT_CARD', ['card', 'number']],
    [{ insurance: { id: 'x' } }, 'HEALTH_PLAN_ID', ['insurance', 'id']],
    [{ patient: { id: 'x' } }, 'MRN', ['patient', 'id']],
    [{ dob: { year: 1980, month: 4, day: 2 } }, 'DOB', ['dob', 'month']],
    [{ address: { line1: 'x' } }, 'STREET', ['address', 'line1']],
    [{ address: { lines: ['x'] } }, 'STREET', ['address', 'lines', 0]],
    [{ address: { city: 'x' } }, 'CITY', ['address', 'city']],
    [{ address: { state: 'WA' } }, 'keep', ['address', 'state']],
    [{ homeAddress: { zip: 'x' } }, 'ZIP', ['homeAddress', 'zip']],
    [{ location: { lat: 1, lon: 2 } }, 'GEO', ['location', 'lat']],
    [{ location: { coordinates: [1, 2] } }, 'GEO', ['location', 'coordinates', 0]],
    [
      { properties: { ssn: { type: 'string', description: 'the number' } } },
      'text',
      ['properties', 'ssn', 'description'],
    ],
  ] as readonly (readonly [object, string, readonly (string | number)[]])[])(
    '%j',
    (value, expected, path) => {
      expect(says(value, ...path)).toBe(expected);
    },
  );
});

describe('a value is what the label beside it says', () => {
  it.each([
    [{ type: 'ssn', value: 'x' }, 'SSN'],
    [{ key: 'patient_name', value: 'x' }, 'PERSON'],
    [{ name: 'email', value: 'x' }, 'EMAIL'],
    [{ field: 'Date of birth', value: 'x' }, 'DOB'],
    [{ system: 'phone', value: 'x' }, 'PHONE'],
    [{ name: 'X-Forwarded-For', value: '10.0.0.1' }, 'IPV4'],
    [{ name: 'color', value: 'x' }, 'text'],
    [{ value: 5, unit: 'mg' }, 'keep'],
  ] as const)('%j', (value, expected) => {
    expect(says(value, 'value')).toBe(expected);
  });
});

describe('an address is judged by its text', () => {
  it.each([
    ['12 Long Road, Springfield', 'STREET'],
    ['jane@example.com', 'EMAIL'],
    ['10.0.0.1', 'IPV4'],
    ['2001:db8::1', 'IPV6'],
    ['0x7ffeefbff5c8', 'text'],
    ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'text'],
  ])('%s', (value, expected) => {
    expect(says({ address: value }, 'address')).toBe(expected);
  });
});

describe('times and ages', () => {
  it('keeps the times of a system, but not those of a patient', () => {
    expect(says({ order: { created_at: '2024-01-01' } }, 'order', 'created_at')).toBe('keep');
    expect(says({ patient: { created_at: '2024-01-01' } }, 'patient', 'created_at')).toBe('DATE');
  });

  it.each([
    [89, 'keep'],
    [90, 'AGE_OVER_89'],
    ['91 years', 'AGE_OVER_89'],
    ['45', 'text'],
    [[40, 95], 'AGE_OVER_89'],
    [[40, 50], 'text'],
    ['95 months', 'text'],
  ])('reads the age %j as %s', (age, expected) => {
    expect(says({ age }, 'age')).toBe(expected);
  });
});
