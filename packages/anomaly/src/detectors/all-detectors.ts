import type { Detector } from '../detector.ts';
import type { DetectorId } from '../detector-id.ts';
import { argumentShape } from './argument-shape.ts';
import { authenticationFailures } from './authentication-failures.ts';
import { bytesOut } from './bytes-out.ts';
import { callRate } from './call-rate.ts';
import { denials } from './denials.ts';
import { enumeration } from './enumeration.ts';
import { errorRate, serverErrors } from './error-rate.ts';
import { firstUse } from './first-use.ts';
import { largeTransfer } from './large-transfer.ts';
import { readThenSend } from './read-then-send.ts';
import { runAwayLoop } from './run-away-loop.ts';
import { tokenReuse } from './token-reuse.ts';
import type { Tuning } from './tuning.ts';
import { unusualHour } from './unusual-hour.ts';
import { validationFailures } from './validation-failures.ts';

/** How each detector is made. */
export const ALL_DETECTORS: Readonly<Record<DetectorId, (tuning: Tuning) => Detector>> = {
  'argument-shape': argumentShape,
  'authentication-failures': authenticationFailures,
  'bytes-out': bytesOut,
  'call-rate': callRate,
  denials,
  enumeration,
  'error-rate': errorRate,
  'first-use': firstUse,
  'large-transfer': largeTransfer,
  'read-then-send': readThenSend,
  'run-away-loop': runAwayLoop,
  'server-errors': serverErrors,
  'token-reuse': tokenReuse,
  'unusual-hour': unusualHour,
  'validation-failures': validationFailures,
};
