import type { Random } from './random.ts';
import type { Templates } from './templates.ts';

/**
 * Of a hundred places, firms and eponyms, how many are coined from a surname, so that the words around
 * decide.
 */
export const COINED = 35;

const HEADS: Readonly<Record<string, readonly string[]>> = {
  eponym: [
    'syndrome',
    'disease',
    'lymphoma',
    'palsy',
    'anomaly',
    'sarcoma',
    'dystrophy',
    'thyroiditis',
    'phenomenon',
    'virus',
    'cells',
    'bodies',
    'stain',
  ],
  test: [
    'sign',
    'test',
    'score',
    'scale',
    'criteria',
    'index',
    'classification',
    'maneuver',
    'grade',
    'stage',
    'reflex',
    'type II',
    'pattern',
    'level',
    'block',
  ],
  device: [
    'catheter',
    'drain',
    'clamp',
    'tube',
    'forceps',
    'retractor',
    'line',
    'stent',
    'splint',
    'shunt',
    'brace',
  ],
  hosp: [
    'Hospital',
    'Clinic',
    'Medical Center',
    'Memorial Hospital',
    'University Hospital',
    'Nursing Home',
    'Hospice',
  ],
  org: [
    'Inc',
    'LLC',
    'Ltd',
    'Corp',
    'Group',
    'Holdings',
    'Bank',
    'University',
    'Foundation',
    'Partners',
    'Motors',
  ],
  address: [
    'Street',
    'Avenue',
    'Road',
    'Drive',
    'Lane',
    'Blvd',
    'St',
    'Ave',
    'Rd',
    'Court',
    'Parkway',
    'Square',
  ],
};

/** A place, firm, street, product or eponym with the name of a person in it; undefined for slots that have none. */
export function coin(slot: string, templates: Templates, random: Random): string | undefined {
  if (slot === 'city') return random.pick(templates.cities);
  if (slot === 'tool') return random.below(2) === 0 ? random.pick(templates.given) : undefined;
  const heads = HEADS[slot];
  if (heads === undefined) return undefined;
  const surname = (): string =>
    random.below(2) === 0 ? random.pick(templates.surnames) : capital(random.pick(templates.rareSurnames));
  const head = random.pick(heads);
  if (slot === 'address') {
    const street = random.below(3) === 0 ? `${random.pick(templates.given)} ${surname()}` : surname();
    if (random.below(4) === 0) {
      const kind = random.pick([
        'Rua',
        'Via',
        'Rue',
        'Avenue',
        'Calle',
        'Avenida',
        'Boulevard',
        'Piazza',
        'Plaza',
        'Place',
      ]);
      return `${kind} ${random.pick(templates.given)} ${surname()} ${1 + random.below(200)}`;
    }
    if (random.below(8) === 0)
      return `${surname()}${random.pick(['straat', 'weg', 'strasse', 'gata'])} ${1 + random.below(200)}`;
    return `${random.below(4) === 0 ? '' : `${1 + random.below(2000)} `}${street} ${head}`;
  }
  if (slot === 'hosp')
    return `${random.below(4) === 0 ? `${random.pick(templates.given)} ` : ''}${surname()} ${head}`;
  if (slot === 'org') return random.below(4) === 0 ? `${surname()} & ${surname()}` : `${surname()} ${head}`;
  const pair = random.below(4);
  if (pair === 0) return `${surname()}-${surname()} ${head}`;
  return pair === 1 ? `${surname()}'s ${head}` : `${surname()} ${head}`;
}

/** A name for a slot of names; undefined for other slots. */
export function makeName(slot: string, templates: Templates, random: Random): string | undefined {
  const first = (): string =>
    random.below(10) < 7 ? random.pick(templates.given) : capital(random.pick(templates.rareGiven));
  const last = (): string =>
    random.below(10) < 6 ? random.pick(templates.surnames) : capital(random.pick(templates.rareSurnames));
  switch (slot) {
    case 'F':
      return first();
    case 'L':
      return random.below(20) === 0 ? `${last()}-${last()}` : last();
    case 'f':
      return first().toLowerCase();
    case 'l':
      return last().toLowerCase();
    case 'I':
      return `${initial(random)}. ${last()}`;
    case 'S':
      return `${first()} ${last()} ${last()}`;
    case 'P':
      return fullName(first, last, random);
    case 'P!':
      return fullName(first, last, random).toUpperCase();
    case 'C':
      return random.below(4) === 0
        ? `${last().toUpperCase()}, ${first().toUpperCase()}`
        : `${last()}, ${first()}${random.below(3) === 0 ? ` ${initial(random)}.` : ''}`;
    case 'C!':
      return `${last()}, ${first()}`.toUpperCase();
    default:
      return undefined;
  }
}

function fullName(first: () => string, last: () => string, random: Random): string {
  const form = random.below(20);
  if (form < 12) return `${first()} ${last()}`;
  if (form < 14) return `${first()} ${initial(random)}. ${last()}`;
  if (form < 15) return `${first()} ${initial(random)} ${last()}`;
  if (form < 16) return `${initial(random)}. ${last()}`;
  if (form < 17) return `${first()} ${first()} ${last()}`;
  if (form < 18) return `${first()} ${last()}-${last()}`;
  if (form < 19) return `${first()} ${last()} ${random.pick(['Jr.', 'Jr', 'Sr.', 'III', 'II'])}`;
  return `${first()} ${last()} ${last()}`;
}

function initial(random: Random): string {
  return String.fromCharCode(0x41 + random.below(26));
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
