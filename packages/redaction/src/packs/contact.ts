import type { Pack } from './pack.ts';

/** NIST SP 800-122, section 2.2: how somebody can be reached. */
export const CONTACT: Pack = {
  name: 'contact',
  title: 'Contact data: what a support desk does not hand on',
  source: 'https://doi.org/10.6028/NIST.SP.800-122',
  rows: [
    { identifier: 'E-mail address', clause: '2.2', entities: ['EMAIL'], operator: 'label' },
    { identifier: 'Telephone numbers', clause: '2.2', entities: ['PHONE'], operator: 'label' },
    { identifier: 'Fax numbers', clause: '2.2', entities: ['FAX'], operator: 'label' },
    {
      identifier: 'Street address',
      clause: '2.2',
      entities: ['STREET', 'GEO'],
      operator: 'label',
      note: 'Towns stay, so that a desk can say which branch is near.',
    },
    {
      identifier: 'Postal code',
      clause: '2.2',
      entities: ['ZIP'],
      operator: 'generalize',
      note: 'Three digits of a code of five; one of letters gets a label.',
    },
    { identifier: 'Screen and login names', clause: '2.2', entities: ['USERNAME'], operator: 'label' },
  ],
  limits: [
    'Names stay: a desk speaks of people. Add `gdpr` where names must go.',
    'Addresses and numbers of companies go too; allow your own in the detector (`allow`).',
  ],
};
