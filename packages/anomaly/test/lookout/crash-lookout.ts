/**
 * Watches journals until it is killed, or once; what it hands on goes to a file, a line each.
 *
 * Arguments: folder of the journals, folder of the state, file, `once` or `follow`, and how often it saves.
 */
import { appendFileSync } from 'node:fs';
import { LOOKOUT_CLOCK, Lookout, LookoutService } from '../../src/index.ts';
import { MONDAY } from '../some-records.ts';
import { someRules } from './support.ts';

const [journals = '', folder = '', out = '', how = '', saveMs = '0'] = process.argv.slice(2);

const service = await LookoutService.open({
  journals,
  folder,
  lookout: (tellSince) => new Lookout({ rules: someRules(), tellSince }),
  onAlert: ({ alert }) => appendFileSync(out, `alert ${alert.id}\n`),
  put: ({ id }) => appendFileSync(out, `notice ${id}\n`),
  onState: (state) => appendFileSync(out, `state ${state} ${String(process.pid)}\n`),
  once: how === 'once',
  saveMs: Number(saveMs),
  pollMs: 5,
  // The clock of the records, so that what waits for time waits for theirs.
  clock: { ...LOOKOUT_CLOCK, now: () => MONDAY },
});
await service.ended;
