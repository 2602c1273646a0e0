import { uuidv7 } from '@sallyport/core';
import { JournalError } from './journal-error.ts';
import { NODE_FS } from './journal-fs.ts';
import type { JournalOptions } from './journal-options.ts';
import { thisProcess } from './process-identity.ts';

/** Options with every default filled in. */
export type JournalSettings = Required<JournalOptions>;

/** @throws JournalError for a number that is not more than 0 */
export function settingsOf(options: JournalOptions): JournalSettings {
  const settings: JournalSettings = {
    signer: options.signer,
    formerKeys: options.formerKeys ?? [],
    segmentBytes: options.segmentBytes ?? 16 * 1024 * 1024,
    segmentAgeMs: options.segmentAgeMs ?? 24 * 3_600_000,
    keepMs: options.keepMs ?? Infinity,
    keepBytes: options.keepBytes ?? Infinity,
    checkpointRecords: options.checkpointRecords ?? 256,
    checkpointMs: options.checkpointMs ?? 1000,
    lazyMs: options.lazyMs ?? 100,
    pendingBytes: options.pendingBytes ?? 64 * 1024 * 1024,
    retryMs: options.retryMs ?? 1000,
    onFailure: options.onFailure ?? 'deny',
    unsignedMs: options.unsignedMs ?? 10_000,
    clockStepMs: options.clockStepMs ?? 2000,
    onCheckpoint: options.onCheckpoint ?? (() => undefined),
    onEvent: options.onEvent ?? (() => undefined),
    now: options.now ?? Date.now,
    monotonic: options.monotonic ?? (() => performance.now()),
    newId: options.newId ?? uuidv7,
    fs: options.fs ?? NODE_FS,
    self: options.self ?? thisProcess(),
  };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value > 0))
      throw new JournalError('malformed', `${name} of the audit journal must be more than 0.`);
  }
  const { onFailure } = settings;
  if (typeof onFailure === 'object' && !(onFailure.blockMs > 0))
    throw new JournalError('malformed', 'blockMs of the audit journal must be more than 0.');
  if (typeof onFailure === 'string' && onFailure !== 'deny' && onFailure !== 'dangerouslyDrop')
    throw new JournalError(
      'malformed',
      "onFailure of the audit journal must be 'deny', { blockMs } or 'dangerouslyDrop'.",
    );
  return settings;
}
