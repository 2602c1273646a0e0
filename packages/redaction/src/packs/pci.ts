import type { Pack } from './pack.ts';
import { PCI_DETECTOR_RULES } from './pci-detector-rules.ts';

/** PCI DSS 4.0.1, requirement 3: 3.4.1 for what is shown of a card number, 3.3.1 for what is never kept. */
export const PCI: Pack = {
  name: 'pci',
  title: 'PCI DSS 4.0.1, requirement 3',
  source: 'https://docs-prv.pcisecuritystandards.org/PCI%20DSS/Standard/PCI-DSS-v4_0_1.pdf',
  rows: [
    {
      identifier: 'Primary account number (PAN)',
      clause: '3.4.1',
      entities: ['CREDIT_CARD'],
      operator: 'mask',
      keepLast: 4,
      note: 'The standard allows the BIN as well; only the last four digits are shown, and none of a value that is too short to be a card number.',
    },
    {
      identifier: 'Full track data',
      clause: '3.3.1.1',
      entities: ['CARD_TRACK'],
      operator: 'drop',
      note: 'Never a token: what a vault keeps is kept, and after authorization 3.3.1 forbids that, encrypted or not.',
    },
    {
      identifier: 'Card verification code',
      clause: '3.3.1.2',
      entities: ['CARD_SECURITY_CODE'],
      operator: 'drop',
      note: 'Never a token, as above.',
    },
    {
      identifier: 'PIN and PIN block',
      clause: '3.3.1.3',
      entities: ['CARD_PIN'],
      operator: 'drop',
      note: 'Never a token, as above.',
    },
  ],
  limits: [
    'It changes what passes; what a server keeps is out of its reach, and so are the other requirements.',
    'The name of the holder, the date of expiry and the service code may stay beside a masked number; add `gdpr` where names must go.',
    'A card number that became a token is card data in the vault: the vault is then in scope of the assessment.',
    'A number of 13 to 19 digits whose check digit is wrong is masked only where the text calls it a card; one after words such as `serial number` or `order` is taken for that, whatever its check digit says.',
    'What only a key names (`pin`, `track2`) is found where the value has the form of a track; a code under `cvv` is taken for a card number that is too short, and masked whole.',
    'A code of three digits that nothing names is any number, and stays.',
  ],
  detectorRules: PCI_DETECTOR_RULES,
};
