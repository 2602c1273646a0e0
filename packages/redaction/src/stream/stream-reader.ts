import type { RevealedSecrets } from '@sallyport/core';
import type { Detector } from '@sallyport/detection';

import { findInText, type Found } from '../find-in-text.ts';
import { openFrom } from './open-end.ts';

/** What is found in the joined texts of a stream. */
export interface StreamReader {
  /** Sorted, none over another. */
  find(text: string): readonly Found[];
  /** Where what may go on in the next text begins; the length of the text where nothing does. */
  openFrom(text: string, found: readonly Found[]): number;
}

/** What a revealed secret is called here; entities are in capitals. */
export const REVEALED = 'revealed secret';

/** What a detector finds, and the secrets that were opened, which no rule lets through. */
export function streamReader(detector: Detector, revealed: RevealedSecrets | undefined): StreamReader {
  const hasSecrets = (): boolean => (revealed?.size ?? 0) > 0;
  return {
    find: (text) => {
      const found = findInText(text, detector);
      if (revealed === undefined || !hasSecrets()) return found;
      const secrets = revealed.places(text).map(({ start, end }) => ({ start, end, entity: REVEALED }));
      if (secrets.length === 0) return found;
      const others = found.filter(
        (one) => !secrets.some(({ start, end }) => one.start < end && one.end > start),
      );
      return [...secrets, ...others].sort((a, b) => a.start - b.start);
    },
    openFrom: (text, found) => {
      const open = openFrom(text, found);
      return revealed === undefined || !hasSecrets() ? open : Math.min(open, revealed.heldFrom(text));
    },
  };
}
