/** The detectors, by their names: in options, in alerts, and as names of runbooks. */
export const DETECTOR_IDS = [
  'argument-shape',
  'authentication-failures',
  'bytes-out',
  'call-rate',
  'denials',
  'enumeration',
  'error-rate',
  'first-use',
  'large-transfer',
  'read-then-send',
  'run-away-loop',
  'server-errors',
  'token-reuse',
  'unusual-hour',
  'validation-failures',
] as const;

export type DetectorId = (typeof DETECTOR_IDS)[number];
