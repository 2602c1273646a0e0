import type { LookoutTrouble } from '@sallyport/anomaly';
import { visible } from '@sallyport/audit';

type Told = Exclude<LookoutTrouble, { readonly type: 'unread' }>;

/** What went wrong, for people; a watch goes on after all of it. */
export function troubleText(trouble: Told): string {
  switch (trouble.type) {
    case 'failed':
      return `${WHAT[trouble.what]} (${trouble.code}); it is tried again`;
    case 'state_damaged':
      return `what was learned cannot be used and is learned again from the journals. ${trouble.why} The old state is in ${visible(trouble.file)}.`;
    case 'refused':
      if (trouble.isFinal !== true) return `${REFUSED[trouble.what]} (${trouble.code}); it is tried again`;
      return trouble.code === 'full'
        ? 'there is no room for another restriction; lift some with "sallyport quarantine lift"'
        : 'a rule wanted to restrict more than it may in an hour; its alerts are told, and restrict nothing';
    case 'lock_lost':
      return 'somebody removed the lock of this watch; it is taken again as soon as nobody else has it';
  }
}

const WHAT: Readonly<Record<Extract<Told, { readonly type: 'failed' }>['what'], string>> = {
  journals: 'the journals cannot be read',
  lock: 'the lock cannot be taken or released',
  state: 'the state cannot be read or written',
  history: 'the history of alerts cannot be written',
};

const REFUSED: Readonly<Record<Extract<Told, { readonly type: 'refused' }>['what'], string>> = {
  alert: 'an alert cannot be written',
  notice: 'a notice cannot be kept for its sinks',
  restriction: 'a restriction cannot be written',
};
