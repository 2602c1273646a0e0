import type { Entity } from '@sallyport/detection';

/** Numbers that states other than the US give to a person. */
export const NATIONAL_NUMBERS: readonly Entity[] = [
  'UK_NINO',
  'UK_NHS',
  'CA_SIN',
  'IN_AADHAAR',
  'IN_PAN',
  'PL_PESEL',
  'PL_NIP',
  'ES_NIF',
  'ES_NIE',
  'FR_NIR',
  'DE_STEUER_ID',
  'AU_TFN',
];
