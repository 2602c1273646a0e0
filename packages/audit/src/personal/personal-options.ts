import type { Call } from '@sallyport/core';
import type { SubjectKeys } from './subject-keys.ts';

/** How people are kept out of records, so that they can be erased from records that nobody may change. */
export interface PersonalOptions {
  readonly keys: SubjectKeys;
  /**
   * Names the person that a call is about, such as a patient, in the same way each time: its values belong to that person.
   * People named here and subjects share their names: where `123` is one of each, write `patient:123`. It decides before the
   * call is checked, so whatever it gives is the word of whoever calls. Default: the subject.
   */
  readonly about?: (call: Call) => string | undefined;
  /**
   * URIs, as those of resources, and ids of tasks often say whom they are about. `sealed`: a keyed digest is shown, behind the
   * scheme of a URI; `plain`: all but names that are known. Default: `sealed`.
   */
  readonly uris?: 'sealed' | 'plain';
  /** A value whose JSON has more bytes is sealed as its digest alone. Default: 262,144; at most 786,432. */
  readonly maxSealedBytes?: number;
}

const MOST_SEALED_BYTES = 262_144;
/** Arguments and result together still fit into one record of the journal, as base64. */
const MOST_ALLOWED = 786_432;

export type PersonalSettings = Required<Omit<PersonalOptions, 'about'>> & Pick<PersonalOptions, 'about'>;

/** @throws TypeError for an option that is out of bounds */
export function personalSettings(options: PersonalOptions): PersonalSettings {
  const { uris = 'sealed', maxSealedBytes = MOST_SEALED_BYTES } = options;
  if (!(maxSealedBytes >= 0 && maxSealedBytes <= MOST_ALLOWED))
    throw new TypeError(`maxSealedBytes must be a number from 0 to ${MOST_ALLOWED}.`);
  return { ...options, uris, maxSealedBytes };
}
