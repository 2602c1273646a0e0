import type { UserRule } from '@sallyport/detection';

/**
 * What the pack `pci` looks for beside card numbers. The label is part of the finding: without it, three digits are any
 * number. The scores are above those of a card number, which stands in a track.
 */
export const PCI_DETECTOR_RULES: readonly UserRule[] = [
  {
    // ISO/IEC 7813, track 1, format B: card number ^ name ^ expiry, service code, discretionary data.
    id: 'pci-track-1',
    entity: 'CARD_TRACK',
    pattern: String.raw`[Bb]\d{12,19}\^[A-Za-z0-9 ./'-]{2,26}\^\d{7}[A-Za-z0-9 ]{0,40}`,
    score: 1,
  },
  {
    // ISO/IEC 7813, track 2: card number = expiry, service code, discretionary data; D for = in EMV tag 57.
    id: 'pci-track-2',
    entity: 'CARD_TRACK',
    pattern: String.raw`\d{12,19}[=D]\d{7,24}`,
    score: 1,
  },
  {
    id: 'pci-security-code',
    entity: 'CARD_SECURITY_CODE',
    pattern: String.raw`(?:cvv|cvc|cvn|cav)2?(?: (?:code|number|is)){0,1}[ :=#]{0,3}\d{3,4}`,
    ignoreCase: true,
    score: 1,
  },
  {
    id: 'pci-security-code-in-words',
    entity: 'CARD_SECURITY_CODE',
    pattern: String.raw`(?:card )?(?:security|verification) (?:code|value|number)(?: is)?[ :=#]{1,3}\d{3,4}`,
    ignoreCase: true,
    score: 1,
  },
  {
    id: 'pci-pin',
    entity: 'CARD_PIN',
    pattern: String.raw`pin(?: (?:code|number)){0,1}(?: is |: ?| ?= ?)\d{4,12}`,
    ignoreCase: true,
    score: 1,
  },
  {
    // ISO 9564-1: eight bytes.
    id: 'pci-pin-block',
    entity: 'CARD_PIN',
    pattern: String.raw`pin[ _-]?block[ :=]{1,3}[0-9a-f]{16}`,
    ignoreCase: true,
    score: 1,
  },
];
